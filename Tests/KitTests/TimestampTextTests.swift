import Kit
import Testing

@Suite struct TimestampTextTests {
    @Test(
        arguments: [
            ("1970-01-01", 0), ("1970-01-02T00:00:01Z", 86_401_000_000),
            ("2026-11-21T08:48:55.123Z", 1_795_250_935_123_000),
            ("2000-02-29", 951_782_400_000_000), ("1969-12-31T23:59:59.5Z", -500_000),
            ("0001-01-01", -62_135_596_800_000_000),
        ] as [(String, Int64)])
    func `a date or a time in UTC is read`(_ text: String, _ microseconds: Int64) {
        #expect(Timestamp(text)?.microseconds == microseconds)
    }

    @Test(arguments: [
        "", "2026", "2026-13-01", "2026-02-29", "2026-04-31", "2026-11-21T", "2026-11-21T08:48:55", "26-11-21",
        "2026-11-21T24:00:00Z", "2026-11-21T08:48:61Z", "2026-11-21T08:48:55.Z", "2026-11-21T08:48:55+01:00",
        "2026-11-21T08:48:55ZT", "+026-11-21", "2026-1-1", "２０２６-11-21",
    ])
    func `anything else is not`(_ text: String) { #expect(Timestamp(text) == nil) }

    @Test func `every day of four centuries comes back as it was written`() {
        var day = Timestamp(microseconds: -2_208_988_800_000_000)
        for _ in 0..<146_100 {
            let text = String(day.text.prefix(10))
            #expect(Timestamp(text) == day)
            day = day + .seconds(86_400)
        }
    }
}
