import Kit

/// `Retry-After` (RFC 9110 section 10.2.3): seconds, or a date in any of the three forms of section 5.6.7.
package enum RetryAfter {
    /// What is more is cut to this.
    package static let longest = Duration.seconds(86_400)

    /// Nil for what is neither; zero for a date that is over.
    package static func wait(_ value: String, at now: Timestamp) -> Duration? {
        guard value.utf8.count <= 64, !value.isEmpty else { return nil }
        if value.utf8.allSatisfy(\.isDigit) {
            return Int(value).map { min(longest, .seconds(min($0, 86_400))) } ?? longest
        }
        return date(value, at: now).map { min(longest, max(.zero, $0 - now)) }
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` or `Sun Nov  6 08:49:37 1994`.
    private static func date(_ text: String, at now: Timestamp) -> Timestamp? {
        let words = text.split { $0 == " " || $0 == "," || $0 == "-" }.map(String.init)
        switch words.count {
        case 6 where words[5] == "GMT":
            let year = words[3].count == 2 ? number(words[3], 0...99).map { century($0, at: now) } : fullYear(words[3])
            return time(year, words[2], words[1], words[4])
        case 5: return time(fullYear(words[4]), words[1], words[2], words[3])
        default: return nil
        }
    }

    private static func time(_ year: Int?, _ month: String, _ day: String, _ clock: String) -> Timestamp? {
        let parts = clock.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard let year, let month = months.firstIndex(of: month), let day = number(day, 1...31), parts.count == 3,
            let hour = number(parts[0], 0...23), let minute = number(parts[1], 0...59),
            // A leap second is the second before it.
            let second = number(parts[2], 0...60).map({ min($0, 59) })
        else { return nil }
        let seconds = ((daysSince1970(year, month + 1, day) * 24 + hour) * 60 + minute) * 60 + second
        return Timestamp(microseconds: Int64(seconds) * 1_000_000)
    }

    private static func number(_ text: String, _ range: ClosedRange<Int>) -> Int? {
        guard (1...2).contains(text.utf8.count), text.utf8.allSatisfy(\.isDigit), let value = Int(text) else {
            return nil
        }
        return range.contains(value) ? value : nil
    }

    private static func fullYear(_ text: String) -> Int? {
        text.utf8.count == 4 && text.utf8.allSatisfy(\.isDigit) ? Int(text) : nil
    }

    /// Two digits that would be more than 50 years ahead are in the past.
    private static func century(_ year: Int, at now: Timestamp) -> Int {
        let guess = now.year / 100 * 100 + year
        return guess > now.year + 50 ? guess - 100 : guess
    }

    /// Years that begin in March have their odd day at the end; 719,468 days lie between 0000-03-01 and 1970-01-01.
    private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let marchYear = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return marchYear * 365 + marchYear / 4 - marchYear / 100 + marchYear / 400 + dayOfYear - 719_468
    }
}
