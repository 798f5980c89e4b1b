import HTTPTypes
import Kit

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7).
package enum HTTPDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    package static func text(_ time: Timestamp) -> String {
        // `2026-11-21T08:48:55.123Z`: every field has its place.
        let text = Array(time.text)
        let weekday = (time.microseconds / 86_400_000_000 % 7 + 7) % 7
        let month = Int(String(text[5..<7])).map { months[$0 - 1] } ?? ""
        let date = "\(String(text[8..<10])) \(month) \(String(text[0..<4]))"
        return "\(days[Int(weekday)]), \(date) \(String(text[11..<19])) GMT"
    }
}

extension Reply {
    /// The head as it goes out, with `Date`.
    func head(at now: Timestamp) -> HTTPResponse {
        var head = HTTPResponse(status: status, headerFields: headers)
        head.headerFields[.date] = HTTPDate.text(now)
        return head
    }
}
