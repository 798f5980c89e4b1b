import Kit

/// The two forms of dates that sources send.
enum SourceDate {
    /// `2026-11-21T08:48:55.123Z` of S3, always UTC (RFC 3339); nil for anything else.
    static func stamp(_ text: String) -> Timestamp? {
        text.contains("T") ? Timestamp(text) : nil
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, the form that servers must send (RFC 9110 section 5.6.7); nil for others.
    static func fixed(_ text: String) -> Timestamp? {
        let words = text.split(separator: " ").map(String.init)
        guard text.utf8.count <= 40, words.count == 6, words[5] == "GMT", words[0].hasSuffix(","),
            let month = months.firstIndex(of: words[2]), let year = number(words[3], 4, 1...9999)
        else { return nil }
        return time(year, month + 1, words[1], words[4])
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private static func time(_ year: Int, _ month: Int, _ day: String, _ clock: String) -> Timestamp? {
        let parts = clock.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let day = number(day, 2, 1...31), let hour = number(parts[0], 2, 0...23),
            let minute = number(parts[1], 2, 0...59), let second = number(parts[2], 2, 0...60)
        else { return nil }
        let seconds = ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + min(second, 59)
        return Timestamp(microseconds: Int64(seconds) * 1_000_000)
    }

    private static func number(_ text: String, _ digits: Int, _ range: ClosedRange<Int>) -> Int? {
        guard text.utf8.count == digits, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text).flatMap { range.contains($0) ? $0 : nil }
    }

    /// Days since 1970-01-01. Years that begin in March have their odd day at the end.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let marchYear = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return marchYear * 365 + marchYear / 4 - marchYear / 100 + marchYear / 400 + dayOfYear - 719_468
    }
}
