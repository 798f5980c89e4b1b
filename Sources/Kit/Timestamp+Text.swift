extension Timestamp {
    /// A date such as `2026-11-21`, its midnight in UTC, or a time of RFC 3339 in UTC such as
    /// `2026-11-21T08:48:55.123Z`; nil for anything else, days that no month has among it.
    package init?(_ text: String) {
        let parts = text.split(separator: "T", omittingEmptySubsequences: false).map(String.init)
        guard text.utf8.count <= 40, parts.count <= 2 else { return nil }
        let date = parts[0].split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard date.count == 3, let year = Self.number(date[0], 4, 1...9999),
            let month = Self.number(date[1], 2, 1...12), let day = Self.number(date[2], 2, 1...31)
        else { return nil }
        guard let time = parts.count == 1 ? 0 : Self.microseconds(parts[1]) else { return nil }
        self.init(microseconds: Self.days(year, month, day) * 86_400_000_000 + time)
        guard self.text.hasPrefix(parts[0]) else { return nil }
    }

    private static func microseconds(_ clock: String) -> Int64? {
        guard clock.hasSuffix("Z") else { return nil }
        let halves = clock.dropLast().split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let parts = halves[0].split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let hour = number(parts[0], 2, 0...23), let minute = number(parts[1], 2, 0...59),
            let second = number(parts[2], 2, 0...60)
        else { return nil }
        // A leap second is the one before it: they are not counted here.
        let seconds = Int64(hour * 3600 + minute * 60 + min(second, 59)) * 1_000_000
        guard halves.count == 2 else { return seconds }
        // What is beyond microseconds is dropped, but it has to be digits too.
        let digits = String(halves[1])
        guard (1...9).contains(digits.utf8.count), let fraction = number(digits, digits.utf8.count, 0...999_999_999)
        else { return nil }
        return seconds + Int64((digits.utf8.count..<9).reduce(fraction) { value, _ in value * 10 } / 1000)
    }

    private static func number(_ text: String, _ digits: Int, _ range: ClosedRange<Int>) -> Int? {
        guard text.utf8.count == digits, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text).flatMap { range.contains($0) ? $0 : nil }
    }

    /// Days since 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int64(era * 146_097 + dayOfEra - 719_468)
    }
}
