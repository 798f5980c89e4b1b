/// A point in time: microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
package struct Timestamp: Hashable, Comparable, Sendable {
    package let microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }

    package static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }

    package static func + (left: Self, right: Duration) -> Self {
        Self(microseconds: left.microseconds + right.wholeMicroseconds)
    }

    package static func - (left: Self, right: Duration) -> Self {
        Self(microseconds: left.microseconds - right.wholeMicroseconds)
    }

    package static func - (left: Self, right: Self) -> Duration {
        .microseconds(left.microseconds - right.microseconds)
    }

    /// Gregorian year, for logs that are kept by the year.
    package var year: Int { civil.year }

    /// RFC 3339 in UTC with milliseconds: `2026-11-21T08:48:55.123Z`.
    package var text: String {
        let (year, month, day) = civil
        let millis = microsecondsOfDay / 1000
        let clock = [millis / 3_600_000, millis / 60_000 % 60, millis / 1000 % 60].map { padded($0, 2) }
        let date = "\(padded(Int64(year), 4))-\(padded(Int64(month), 2))-\(padded(Int64(day), 2))"
        return "\(date)T\(clock.joined(separator: ":")).\(padded(millis % 1000, 3))Z"
    }

    private static let microsecondsPerDay: Int64 = 86_400_000_000

    private var microsecondsOfDay: Int64 {
        let rest = microseconds % Self.microsecondsPerDay
        return rest < 0 ? rest + Self.microsecondsPerDay : rest
    }

    /// Days to date by eras of 400 years; Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    private var civil: (year: Int, month: Int, day: Int) {
        let days = (microseconds - microsecondsOfDay) / Self.microsecondsPerDay + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (Int(year), Int(month), Int(dayOfYear - (153 * shifted + 2) / 5 + 1))
    }
}

extension Timestamp: Codable {
    package init(from decoder: any Decoder) throws {
        microseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(microseconds)
    }
}

private func padded(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

extension Duration {
    /// Rounded towards zero.
    package var wholeMicroseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}

/// The time of day and the power to wait, injected so that tests run without a clock.
package struct WallClock: Sendable {
    package let now: @Sendable () -> Timestamp
    /// Returns after `duration`, or throws `CancellationError`.
    package let sleep: @Sendable (Duration) async throws -> Void

    package init(
        now: @escaping @Sendable () -> Timestamp, sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.sleep = sleep
    }
}
