import Testing

@testable import Kit

@Suite struct NetworkRangeTests {
    @Test(
        arguments: [
            ("10.0.0.7", "10.0.0.7", true), ("10.0.0.7", "10.0.0.8", false), ("10.0.0.0/8", "10.255.1.2", true),
            ("10.0.0.0/8", "11.0.0.1", false), ("10.16.0.0/12", "10.31.255.255", true),
            ("10.16.0.0/12", "10.32.0.0", false), ("0.0.0.0/0", "203.0.113.9", true), ("0.0.0.0/0", "::1", false),
            ("fd00::/8", "fdab::1", true), ("fd00::/8", "fe80::1", false), ("10.0.0.0/8", "::ffff:10.1.2.3", true),
            ("::/0", "10.1.2.3", false), ("10.0.0.0/8", "10.0.0.1, 10.0.0.2", false), ("10.0.0.0/8", "", false),
        ])
    func `contains the addresses that share its first bits`(range: String, address: String, isInside: Bool) throws {
        #expect(try #require(NetworkRange(range)).contains(address) == isInside)
    }

    @Test(arguments: [
        "", "10.0.0", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/", "proxy.example", "1.2.3.4/8/8",
    ])
    func `anything else is no range`(text: String) { #expect(NetworkRange(text) == nil) }
}
