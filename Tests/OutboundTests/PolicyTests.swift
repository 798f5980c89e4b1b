import Kit
import TestKit
import Testing

@testable import Outbound

@Suite struct PolicyTests {
    private static func allows(_ entry: String, _ url: String, _ address: String = "8.8.8.8") throws -> Bool {
        let admission = try? OutboundPolicy(entry).admit(OutboundURL(url).origin)
        return try admission?.allows(#require(NetworkAddress(address))) ?? false
    }

    @Test(
        arguments: [
            ("wiki.example", "https://wiki.example/", true), ("wiki.example", "https://WIKI.example/", true),
            ("wiki.example", "http://wiki.example/", false), ("wiki.example", "https://wiki.example:8443/", false),
            ("wiki.example:8443", "https://wiki.example:8443/", true),
            ("wiki.example", "https://a.wiki.example/", false),
            ("http://wiki.example", "http://wiki.example/", true),
            ("http://wiki.example", "https://wiki.example/", false),
            ("*.wiki.example", "https://a.wiki.example/", true), ("*.wiki.example", "https://a.b.wiki.example/", true),
            ("*.wiki.example", "https://wiki.example/", false), ("*.wiki.example", "https://evilwiki.example/", false),
            ("*.wiki.example", "https://wiki.example.evil.example/", false), ("*.corp", "https://8.8.8.8/", false),
            ("http://*.corp:81", "http://a.corp:81/", true), ("https://8.8.8.8", "https://8.8.8.8/", true),
        ])
    func `an entry allows its scheme, host and port`(entry: String, url: String, isAllowed: Bool) throws {
        #expect(try Self.allows(entry, url) == isAllowed)
    }

    @Test func `without entries nothing is allowed`() throws {
        let origin = try OutboundURL("https://wiki.example/").origin
        let policy = try OutboundPolicy([])
        #expect(throws: OutboundFailure.hostNotAllowed(origin)) { try policy.admit(origin) }
    }

    static let special = [
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "100.64.0.1", "100.100.100.200", "169.254.1.1", "169.254.169.254", "169.254.170.2", "168.63.129.16",
        "192.0.0.192",
        "192.0.0.1", "192.0.2.1", "198.51.100.1", "203.0.113.1", "192.88.99.1", "198.18.0.1", "198.19.255.255",
        "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:10.0.0.1",
        "::ffff:127.0.0.1", "64:ff9b::8.8.8.8", "64:ff9b::127.0.0.1", "64:ff9b:1::1", "100::1", "2001::1", "2001:2::1",
        "2001:10::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::", "3fff::1", "5f00::1", "fc00::1",
        "fd00:ec2::254",
        "fdff::1", "fe80::1", "fec0::1", "ff02::1", "4000::1", "8000::1",
    ]

    @Test(arguments: special)
    func `ATT-20 a special address is refused unless an entry names it`(address: String) throws {
        #expect(try !Self.allows("wiki.example", "https://wiki.example/", address))
    }

    @Test(arguments: ["8.8.8.8", "1.1.1.1", "100.63.255.255", "172.32.0.1", "2606:4700::1111", "2a00::1"])
    func `a public address needs no range`(address: String) throws {
        #expect(try Self.allows("wiki.example", "https://wiki.example/", address))
    }

    @Test(
        arguments: [
            ("10.0.0.0/8", "10.200.1.1", true), ("10.0.0.0/8", "::ffff:10.1.1.1", true),
            ("10.0.0.0/8", "192.168.1.1", false),
            ("10.0.0.0/8", "127.0.0.1", false), ("127.0.0.1", "127.0.0.1", true), ("127.0.0.1", "127.0.0.2", false),
            ("::1", "::1", true), ("fd00::/8", "fd12::1", true), ("fd00::/8", "fd00:ec2::254", false),
            ("169.254.0.0/16", "169.254.9.9", true), ("169.254.0.0/16", "169.254.169.254", false),
            ("169.254.169.254", "169.254.169.254", true), ("100.64.0.0/10", "100.100.100.200", false),
            ("64:ff9b::/96", "64:ff9b::8.8.8.8", true), ("64:ff9b::/96", "64:ff9b::127.0.0.1", false),
            ("64:ff9b::/96", "64:ff9b::10.0.0.1", false), ("64:ff9b::/96, 10.0.0.0/8", "64:ff9b::10.0.0.1", true),
            ("2002::/16", "2002:7f00:1::", false), ("10.0.0.0/8,192.168.0.0/16", "192.168.1.1", true),
        ])
    func `a range opens its own block only`(ranges: String, address: String, isAllowed: Bool) throws {
        #expect(try Self.allows("wiki.corp -> \(ranges)", "https://wiki.corp/", address) == isAllowed)
    }

    @Test func `a literal address that is named is allowed, and nothing beside it`() throws {
        #expect(try Self.allows("http://127.0.0.1:11434", "http://127.0.0.1:11434/", "127.0.0.1"))
        #expect(try Self.allows("http://[::1]:11434", "http://[::1]:11434/", "::1"))
        #expect(try !Self.allows("http://127.0.0.1:11434", "http://localhost:11434/", "127.0.0.1"))
        #expect(try !Self.allows("http://127.0.0.1:11434", "http://127.0.0.1:11435/", "127.0.0.1"))
    }

    @Test func `entries for one origin add up`() throws {
        let policy = try OutboundPolicy("wiki.corp -> 10.0.0.0/8", "*.corp -> 192.168.0.0/16")
        let admission = try policy.admit(OutboundURL("https://wiki.corp/").origin)
        #expect(admission.allows(try #require(NetworkAddress("10.0.0.1"))))
        #expect(admission.allows(try #require(NetworkAddress("192.168.0.1"))))
    }

    @Test(
        arguments: [
            ("", PolicyFault.malformed), ("wiki.corp/path", .malformed), ("https://wiki.corp/?q", .malformed),
            ("a@wiki.corp", .malformed), ("ftp://wiki.corp", .malformed), ("wiki.corp:0", .malformed),
            ("wiki.corp#a", .malformed), ("wiki.corp -> ", .range("")), ("wiki.corp -> ten", .range("ten")),
            ("wiki.corp -> 10.0.0.0/8 -> 10.0.0.1", .malformed), ("*", .wildcard), ("*.", .malformed),
            ("wiki.*", .wildcard), ("*wiki.corp", .wildcard), ("a.*.corp", .wildcard), ("*.*.corp", .wildcard),
            ("*.10.0.0.1", .malformed), ("127.1", .malformed), ("wiki.corp -> 0.0.0.0/0", .closed("0.0.0.0/0")),
            ("wiki.corp -> ::/0", .closed("::/0")), ("wiki.corp -> 224.0.0.1", .closed("224.0.0.1")),
            ("http://203.0.113.7", .closed("203.0.113.7")), ("wiki.corp -> 10.0.0.0/7", .tooWide("10.0.0.0/7")),
            ("wiki.corp -> 8.0.0.0/8", .tooWide("8.0.0.0/8")),
            ("wiki.corp -> 169.254.169.254/16", .tooWide("169.254.169.254/16")),
        ])
    func `a line that would not do what it says is refused`(entry: String, fault: PolicyFault) {
        #expect(throws: fault) { try PolicyEntry(entry) }
        #expect(!fault.sentence.isEmpty)
    }

    @Test func `one bad address spoils the answer`() throws {
        let origin = try OutboundURL("https://wiki.example/").origin
        let admission = try OutboundPolicy("wiki.example").admit(origin)
        let good = try #require(NetworkAddress("8.8.8.8"))
        let bad = try #require(NetworkAddress("10.1.2.3"))
        #expect(try admission.checked([good]) == [good])
        #expect(throws: OutboundFailure.addressNotAllowed(origin, bad)) { try admission.checked([good, bad]) }
        #expect(throws: OutboundFailure.unresolvable(origin)) { try admission.checked([]) }
        let sentence = OutboundFailure.addressNotAllowed(origin, bad).sentence
        #expect(sentence == "The address 10.1.2.3 of wiki.example is not allowed. Add it under outbound.hosts.")
    }

    @Test func `the number of entries is bounded`() throws {
        let entry = try PolicyEntry("wiki.example")
        #expect(throws: PolicyFault.malformed) {
            try OutboundPolicy(Array(repeating: entry, count: OutboundPolicy.entriesMax + 1))
        }
        let ranges = Array(repeating: "10.0.0.1", count: PolicyEntry.rangesMax + 1).joined(separator: ",")
        #expect(throws: PolicyFault.malformed) { try PolicyEntry("wiki.corp -> " + ranges) }
    }
}
