import Kit
import TestKit
import Testing

@Suite struct TimestampTests {
    static let rows: [(microseconds: Int64, text: String)] = [
        (0, "1970-01-01T00:00:00.000Z"),
        (999, "1970-01-01T00:00:00.000Z"),
        (1_000, "1970-01-01T00:00:00.001Z"),
        (86_399_999_999, "1970-01-01T23:59:59.999Z"),
        (951_782_400_000_000, "2000-02-29T00:00:00.000Z"),
        (951_868_800_000_000, "2000-03-01T00:00:00.000Z"),
        (1_709_164_800_000_000, "2024-02-29T00:00:00.000Z"),
        (1_709_251_199_999_999, "2024-02-29T23:59:59.999Z"),
        (1_709_251_200_000_000, "2024-03-01T00:00:00.000Z"),
        (1_767_225_599_999_999, "2025-12-31T23:59:59.999Z"),
        (1_767_225_600_000_000, "2026-01-01T00:00:00.000Z"),
        // 2100 is no leap year.
        (4_107_456_000_000_000, "2100-02-28T00:00:00.000Z"),
        (4_107_542_400_000_000, "2100-03-01T00:00:00.000Z"),
        (253_402_300_799_999_000, "9999-12-31T23:59:59.999Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (-86_400_000_000, "1969-12-31T00:00:00.000Z"),
        (-86_400_000_001, "1969-12-30T23:59:59.999Z"),
        // 1900 was no leap year; 1600 was one.
        (-2_203_977_600_000_000, "1900-02-28T00:00:00.000Z"),
        (-2_203_891_200_000_000, "1900-03-01T00:00:00.000Z"),
        (-11_670_998_400_000_000, "1600-02-29T00:00:00.000Z"),
        (-62_135_596_800_000_000, "0001-01-01T00:00:00.000Z"),
    ]

    @Test(arguments: rows)
    func `the text is the civil date in UTC`(row: (microseconds: Int64, text: String)) {
        let time = Timestamp(microseconds: row.microseconds)
        #expect(time.text == row.text)
        #expect(time.year == Int(row.text.prefix(4)))
    }

    @Test func `every day from 1890 to 2110 follows the one before`() {
        let day: Int64 = 86_400_000_000
        var date = (year: 1890, month: 1, day: 1)
        // 1890-01-01 is 29,219 days before 1970-01-01.
        for index in -29_219..<51_500 {
            let text = Timestamp(microseconds: Int64(index) * day).text.prefix(10)
            #expect(text == "\(date.year)-\(padded(date.month))-\(padded(date.day))")
            date = following(date)
        }
    }

    @Test func `durations move a time and measure it`() {
        let time = Timestamp(microseconds: 10)
        #expect((time + .microseconds(5)).microseconds == 15)
        #expect((time - .microseconds(25)).microseconds == -15)
        #expect(time - Timestamp(microseconds: 4) == .microseconds(6))
        #expect(Duration.nanoseconds(1_999).wholeMicroseconds == 1)
        #expect(Duration.nanoseconds(-1_999).wholeMicroseconds == -1)
        #expect(Timestamp(microseconds: -1) < Timestamp(microseconds: 0))
    }

    private func following(_ date: (year: Int, month: Int, day: Int)) -> (year: Int, month: Int, day: Int) {
        let isLeap = date.year.isMultiple(of: 4) && (!date.year.isMultiple(of: 100) || date.year.isMultiple(of: 400))
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        if date.day < lengths[date.month - 1] { return (date.year, date.month, date.day + 1) }
        return date.month < 12 ? (date.year, date.month + 1, 1) : (date.year + 1, 1, 1)
    }

    private func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
