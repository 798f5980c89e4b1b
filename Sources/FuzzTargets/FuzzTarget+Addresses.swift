import Kit

@testable import Connectors
@testable import Outbound

extension FuzzTarget {
    /// What names another machine, or says when to come back.
    static let addressTargets = [
        FuzzTarget(
            "url",
            seeds: [
                "https://user.example:8443/a/../b%2e/c?d=e#f\u{1c}../g?h",
                "http://[::ffff:10.0.0.7]/\u{1c}//x.example/",
                "http://10.0.0.7/\u{1c} /a b\u{e9}\"?[", "https://a.example\u{1c}?b",
            ]
        ) { bytes in
            let parts = bytes.parts(2)
            guard let url = try accepted({ try OutboundURL(parts.part(0).text) }) else { return }
            try checkStable(url)
            let links = [
                try accepted { try url.resolve(parts.part(1).text) },
                try accepted { try url.resolve(link: parts.part(1).text) },
                try accepted { try url.appending(parts.part(1).text) },
                try accepted { try url.asking([("a", parts.part(1).text)]) },
            ]
            for link in links.compactMap(\.self) { try checkStable(link) }
            for built in links.suffix(2).compactMap(\.self) {
                try require(built.origin == url.origin, "a path that is built stays with its origin")
            }
        },
        FuzzTarget("dav-address", seeds: ["/dav/a%20b/c%2fd", "https://a.example/dav/x/", "../y"]) { bytes in
            let address = try WebDAVAddress(try OutboundURL("https://a.example/dav/"))
            guard case .child(let name) = address.place(of: bytes.text, in: []) else { return }
            try require(!name.text.utf8.contains(0x2f) && ![".", ".."].contains(name.text), "a child is one name")
            guard let back = address.address(of: [name], isCollection: false) else { return }
            try require(address.place(of: back.text, in: []) == .child(name), "a child's address leads to it")
        },
        FuzzTarget(
            "retry-after",
            seeds: [
                "120", "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
            ]
        ) { bytes in
            guard let wait = RetryAfter.wait(bytes.text, at: Timestamp(microseconds: 1_795_000_000_000_000)) else {
                return
            }
            try require(wait >= .zero && wait <= RetryAfter.longest, "the wait is bounded")
        },
        FuzzTarget("policy", seeds: ["https://*.example.org:8443", "10.0.0.0/8", "http://[fd00::1]"]) { bytes in
            let entry = try accepted { try PolicyEntry(bytes.text) }
            try require(try accepted { try PolicyEntry(bytes.text) } == entry, "the same text gives the same entry")
        },
        FuzzTarget("network", seeds: ["10.0.0.7", "::ffff:10.0.0.7", "fd00::1", "10.0.0.0/8"]) { bytes in
            if let address = NetworkAddress(bytes.text) {
                try require(NetworkAddress("\(address)") == address, "an address can be written and read")
            }
            guard let range = NetworkRange(bytes.text) else { return }
            try require(NetworkRange("\(range)") == range, "a range can be written and read")
            try require(range.contains(range.first), "a range holds its first address")
        },
    ]

    /// What is sent is what was understood.
    private static func checkStable(_ url: OutboundURL) throws {
        try require(try accepted { try OutboundURL(url.text) } == url, "an address that is written is read as itself")
        try require(url.path.hasPrefix("/"), "a path begins with a slash")
        try require(url.target.utf8.allSatisfy { (0x21...0x7e).contains($0) }, "a request line is plain")
        try require((1...65_535).contains(url.port), "a port is one")
    }
}
