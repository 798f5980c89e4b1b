import Kit
import Testing

@testable import Outbound

@Suite struct RetryAfterTests {
    /// 1994-11-06T08:49:00Z.
    private static let now = Timestamp(microseconds: 784_111_740_000_000)

    @Test(
        arguments: [
            ("0", 0), ("120", 120), ("007", 7), ("86400", 86_400), ("86401", 86_400),
            ("99999999999999999999999999", 86_400),
            ("Sun, 06 Nov 1994 08:49:37 GMT", 37), ("Sunday, 06-Nov-94 08:49:37 GMT", 37),
            ("Sun Nov  6 08:49:37 1994", 37), ("Sun, 06 Nov 1994 08:48:00 GMT", 0),
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Mon, 07 Nov 1994 08:48:60 GMT", 86_399), ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
            ("Sunday, 06-Nov-93 08:49:37 GMT", 0),
        ])
    func `both forms are read, and bounded`(value: String, seconds: Int) {
        #expect(RetryAfter.wait(value, at: Self.now) == .seconds(seconds))
    }

    @Test(
        arguments: [
            "", " ", "-1", "+1", "1.5", "soon", "1e3", "0x10", "١", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994",
            "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
            "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 19940 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 1994 08:49:37 GMT GMT",
            String(repeating: "9", count: 1000),
        ])
    func `anything else is not read`(value: String) { #expect(RetryAfter.wait(value, at: Self.now) == nil) }

    @Test(arguments: [0, 951_782_400, 951_868_799, 1_709_208_000, 1_767_225_600, 4_102_444_800])
    func `every day is where the calendar has it`(second: Int) throws {
        let now = Timestamp(microseconds: Int64(second) * 1_000_000)
        let later = (now + .seconds(40_000)).text
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = later.split { "-T.".contains($0) }.map(String.init)
        let month = months[try #require(Int(parts[1])) - 1]
        let date = "Day, \(parts[2]) \(month) \(parts[0]) \(parts[3]) GMT"
        #expect(RetryAfter.wait(date, at: now) == .seconds(40_000))
    }
}
