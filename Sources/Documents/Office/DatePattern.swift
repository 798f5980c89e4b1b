/// Which parts of a date or time a number format shows.
struct DatePattern {
    private var hasYear = false
    private var hasMonth = false
    private var hasDay = false
    private var hasHour = false
    private var hasMinute = false
    private var hasSecond = false
    private let isElapsed: Bool

    /// Days that a workbook can show, to the end of the year 9999.
    private static let daysMax = 2_958_466.0

    /// `parts`: runs of the letters y, m, d, h and s. Nil when there are none.
    /// An `m` beside hours or seconds is minutes.
    init?(_ parts: [String], isElapsed: Bool) {
        guard !parts.isEmpty else { return nil }
        self.isElapsed = isElapsed
        for (index, part) in parts.enumerated() {
            let isTime =
                (index > 0 && parts[index - 1].first == "h")
                || (index + 1 < parts.count && parts[index + 1].first == "s")
            switch part.first {
            case "y": hasYear = true
            case "d": hasDay = true
            case "h": hasHour = true
            case "s": hasSecond = true
            case "m" where part.count < 3 && (isTime || isElapsed): hasMinute = true
            default: hasMonth = true
            }
        }
    }

    /// `value`: days since the workbook's epoch. Nil outside the years that a workbook knows.
    func text(of value: Double, is1904: Bool) -> String? {
        guard value >= 0, value < Self.daysMax else { return nil }
        let seconds = Int((value * 86_400).rounded())
        if isElapsed { return time(hours: seconds / 3600, seconds) }
        let date = date(of: seconds / 86_400, is1904: is1904)
        guard hasHour || hasMinute || hasSecond else { return date }
        let time = time(hours: seconds / 3600 % 24, seconds)
        return hasYear || hasMonth || hasDay ? "\(date) \(time)" : time
    }

    private func time(hours: Int, _ seconds: Int) -> String {
        let start = hasHour || isElapsed ? "\(Self.padded(hours)):" : ""
        let end = hasSecond ? ":\(Self.padded(seconds % 60))" : ""
        return start + Self.padded(seconds / 60 % 60) + end
    }

    private func date(of days: Int, is1904: Bool) -> String {
        // The epoch of 1900 counts a 29 February 1900 that never was (ECMA-376 part 1, 18.17.4.1).
        let shift = is1904 ? 1462 : days < 60 ? 1 : 0
        let (year, month, day) = Self.civil(daysSince1970: days - 25_569 + shift)
        if hasYear, !hasMonth, !hasDay { return "\(year)" }
        if hasMonth, !hasDay { return "\(year)-\(Self.padded(month))" }
        return "\(year)-\(Self.padded(month))-\(Self.padded(day))"
    }

    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// The Gregorian calendar counted in eras of 400 years that begin in March.
    static func civil(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        )
    }
}
