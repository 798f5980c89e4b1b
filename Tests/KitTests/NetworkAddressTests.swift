import Testing

@testable import Kit

@Suite struct NetworkAddressTests {
    @Test(
        arguments: [
            ("10.0.0.7", "10.0.0.7"), ("::1", "::1"), ("FD00::1", "fd00::1"), ("0:0:0:0:0:0:0:0", "::"),
            ("::ffff:10.0.0.7", "10.0.0.7"), ("::FFFF:a00:7", "10.0.0.7"), ("0:0:0:0:0:ffff:7f00:1", "127.0.0.1"),
            ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("::1.2.3.4", "::1.2.3.4"),
        ])
    func `is read and printed in one form`(text: String, printed: String) throws {
        let address = try #require(NetworkAddress(text))
        #expect(address.description == printed)
        #expect(NetworkAddress(printed) == address)
    }

    @Test(arguments: [
        "", "10.0.0", "10.0.0.07", "010.0.0.1", "0x7f.0.0.1", "127.1", "2130706433", "256.0.0.1", "1.2.3.4.5", "1.2.3.",
        "+1.2.3.4", "1.2.3.4 ", "1.2.3.4\u{0}", "::1%1", "fe80::1%eth0", "[::1]", ":::", "1::2::3", "::ffff:010.0.0.1",
        "1:2:3:4:5:6:7:8:9", "g::1", "١.٢.٣.٤",
    ])
    func `ambiguous and broken forms are no address`(text: String) { #expect(NetworkAddress(text) == nil) }

    @Test(
        arguments: [
            ("10.0.0.0/8", "10.1.0.0/16", true), ("10.0.0.0/8", "10.0.0.0/8", true),
            ("10.1.0.0/16", "10.0.0.0/8", false),
            ("10.0.0.0/8", "11.0.0.1", false), ("::/0", "0.0.0.0/0", false), ("fc00::/7", "fd00::/8", true),
        ])
    func `a range contains the ranges within it`(outer: String, inner: String, isInside: Bool) throws {
        #expect(try #require(NetworkRange(outer)).contains(#require(NetworkRange(inner))) == isInside)
    }

    @Test(arguments: ["10.0.0.0/8", "10.0.0.7", "fd00::/8"])
    func `a range prints as it is written`(text: String) throws {
        #expect(try #require(NetworkRange(text)).description == text)
    }
}
