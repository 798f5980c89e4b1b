import Kit
import Synchronization
import TestKit
import Testing

@testable import Connectors
@testable import TestConnectors

@Suite(.timeLimit(.minutes(10))) struct WebTests {
    private static func settings(_ server: LoopbackServer, _ paths: [String]) -> WebSettings {
        WebSettings(addresses: paths.map { server.address + $0 }, permissions: .only([.group("staff")]))
    }

    @Test func `what is known is asked for by its version and not sent again`() async throws {
        try await FakeSite.run { site, server in
            site.put("a.html", Array("one".utf8))
            site.put("b.html", Array("two".utf8))
            let connector = try site.connector(Self.settings(server, ["/a.html", "/b.html", "/gone.html"]))
            let first = try await sweep(connector)
            #expect(first.items.count == 2)
            #expect(first.changes.contains(.removed(ExactText(server.address + "/gone.html"))))
            let item = try #require(first.items[site.key("a.html")])
            #expect(item.mediaType == "text/html")
            #expect(item.permissions.admits([.group("staff")]) && !item.permissions.admits([.everyone]))
            site.put("b.html", Array("three".utf8))
            let before = server.requests.count
            let second = try await sweep(connector, known: KnownTags { first.items[$0]?.tag })
            #expect(second.items.keys.sorted() == [site.key("b.html")])
            #expect(second.changes.contains(.permissions(site.key("a.html"), item.permissions)))
            let asked = server.requests[before...]
            #expect(asked.filter { $0.header("if-none-match") != nil }.count == 2)
        }
    }

    @Test func `a page without tag and date is known by its bytes`() async throws {
        try await FakeSite.run { site, server in
            site.state.withLock { $0.hasTags = false }
            site.put("a.html", Array("one".utf8))
            let connector = try site.connector(Self.settings(server, ["/a.html"]))
            let first = try #require(try await sweep(connector).items.values.first)
            #expect(try await sweep(connector).items.values.first == first)
            site.put("a.html", Array("two".utf8))
            #expect(try await sweep(connector).items.values.first?.tag != first.tag)
        }
    }

    @Test func `a date is sent back as it came, and nothing else is`() async throws {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT"
        try await FakeSite.run { site, server in
            site.state.withLock { state in
                state.override = { request in
                    if request.path == "/bad" {
                        return .text("x", [("ETag", "not a tag"), ("Last-Modified", "yesterday")])
                    }
                    return request.header("if-modified-since") == date
                        ? .status(304) : .text("x", [("Last-Modified", date)])
                }
            }
            let connector = try site.connector(Self.settings(server, ["/a", "/bad"]))
            let first = try await sweep(connector)
            #expect(first.items[ExactText(server.address + "/a")]?.modified?.text == "1994-11-06T08:49:37.000Z")
            #expect(first.items[ExactText(server.address + "/bad")]?.tag.text.hasPrefix("h:") == true)
            let second = try await sweep(connector, known: KnownTags { first.items[$0]?.tag })
            #expect(second.items.count == 1)
            let lies: [ExactText] = ["e:x\r\nX-Evil: 1", "e:\"a\"\r\n", "m:x\r\n", "e:", "", "x", "h:abc"]
            for lie in lies {
                let before = server.requests.count
                _ = try await sweep(connector, known: KnownTags { _ in lie })
                for request in server.requests[before...] {
                    #expect(request.header("if-none-match") == nil && request.header("if-modified-since") == nil)
                }
            }
        }
    }

    @Test func `one bad page is skipped, and a page that is refused is hidden`() async throws {
        try await FakeSite.run { site, server in
            site.put("good", Array("x".utf8))
            site.state.withLock { state in
                state.override = { request in
                    switch request.path {
                    case "/forbidden": .status(403)
                    case "/broken": .status(500)
                    case "/large": TestAnswer(headers: [("Content-Length", "99999999999")])
                    case "/endless": TestAnswer(body: [UInt8](repeating: 65, count: 1000), isEndless: true)
                    case "/unasked": .status(304)
                    case "/away": .status(302, [("Location", "http://evil.example/")])
                    case "/packed": .text("x", [("Content-Encoding", "gzip")])
                    default: nil
                    }
                }
            }
            let bad = ["/forbidden", "/broken", "/large", "/endless", "/unasked", "/away", "/packed"]
            var settings = Self.settings(server, bad + ["/good"])
            settings.limits.itemBytesMax = 100_000
            let swept = try await sweep(try site.connector(settings))
            #expect(Set(swept.items.keys) == [site.key("good")])
            #expect(swept.skipped.compactMap(\.key) == bad.map { ExactText(server.address + $0) })
            #expect(
                swept.skipped.map(\.reason) == [
                    .refused(status: 403), .refused(status: 500), .tooLarge(bytesMax: 100_000),
                    .tooLarge(bytesMax: 100_000), .refused(status: 304), .blocked, .unavailable,
                ])
            #expect(swept.changes.contains(.permissions(ExactText(server.address + "/forbidden"), .unknown)))
        }
    }

    @Test func `a site that asks to wait is left alone, and one that is down is no empty site`() async throws {
        try await FakeSite.run { site, server in
            let time = VirtualClock()
            let connector = try site.connector(Self.settings(server, ["/a", "/b"]), clock: time.clock)
            site.state.withLock { state in state.override = { _ in .status(429, [("Retry-After", "60")]) } }
            let asked = try await thrown { _ = try await passingTime(time) { try await sweep(connector) } }
            guard case .retryable(let after, _) = asked, after == .seconds(60) else {
                Issue.record("\(String(describing: asked))")
                return
            }
            site.state.withLock { state in state.override = { _ in .status(503) } }
            let down = try await thrown { _ = try await passingTime(time) { try await sweep(connector) } }
            guard case .retryable(let unsaid, _) = down, unsaid == nil else {
                Issue.record("\(String(describing: down))")
                return
            }
        }
    }

    @Test func `sitemaps lead to sitemaps and to pages of their own host only`() async throws {
        try await FakeSite.run { site, server in
            site.put("a", [1])
            site.put("b", [2])
            let address = server.address
            site.state.withLock { state in
                state.override = { request in
                    switch request.path {
                    case "/index.xml":
                        .text(
                            "<sitemapindex><sitemap><loc>\(address)/one.xml</loc></sitemap><sitemap><loc>/two.xml</loc>"
                                + "</sitemap><sitemap><loc>\(address)/index.xml</loc></sitemap><sitemap>"
                                + "<loc>http://169.254.169.254/latest</loc></sitemap></sitemapindex>")
                    case "/one.xml":
                        .text(
                            FakeSite.sitemap([
                                address + "/a", "/a#part", "http://evil.example/x", "file:///etc/passwd", "\\\\evil\\x",
                                "",
                            ]))
                    case "/two.xml":
                        .text(
                            "<urlset xmlns:i='x'><url><loc>\(address)/b</loc><i:image><i:loc>\(address)/no</i:loc></i:image>"
                                + "</url></urlset>")
                    default: nil
                    }
                }
            }
            let settings = WebSettings(sitemaps: [address + "/index.xml"], permissions: .everyone)
            let swept = try await sweep(try site.connector(settings))
            // An empty link is the address of the sitemap itself.
            #expect(Set(swept.items.keys) == [site.key("a"), site.key("b"), ExactText(address + "/one.xml")])
            #expect(swept.skipped.map(\.reason) == [.elsewhere, .elsewhere, .elsewhere, .elsewhere])
        }
    }

    @Test func `endless and hostile lists end in a failure`() async throws {
        try await FakeSite.run { site, server in
            let address = server.address
            let answers: [@Sendable (TestRequest) -> TestAnswer?] = [
                { request in
                    let next = Hex.encode(Randomness.system.bytes(8))
                    return request.path == "/robots.txt"
                        ? .status(404) : .text("<sitemapindex><sitemap><loc>/\(next)</loc></sitemap></sitemapindex>")
                },
                { _ in TestAnswer(body: Array("<urlset><!-- xxxxxxxxxxxxxxxxxxxxxxxxxxxxx".utf8), isEndless: true) },
                { _ in .text("<!DOCTYPE x [<!ENTITY a 'b'>]><urlset><url><loc>&a;</loc></url></urlset>") },
                { _ in .text("<html><body>login</body></html>") }, { _ in .text("") }, { _ in .status(404) },
                { _ in TestAnswer(body: [0x1f, 0x8b, 8, 0]) }, { _ in .status(500) }, { _ in .status(403) },
                { _ in .text(FakeSite.sitemap((0..<300).map { "\(address)/\($0)" })) },
                { request in request.path == "/robots.txt" ? .status(500) : .text(FakeSite.sitemap(["/a"])) },
            ]
            for (index, answer) in answers.enumerated() {
                site.state.withLock { $0.override = answer }
                var settings = WebSettings(sitemaps: [address + "/sitemap.xml"], permissions: .everyone)
                (settings.limits.listsMax, settings.limits.itemsMax, settings.limits.listBytesMax) = (20, 200, 100_000)
                let connector = try site.connector(settings)
                await #expect(throws: SourceFailure.self, "answer \(index)") { try await sweep(connector) }
                #expect(await !connector.test().isGood)
            }
        }
    }

    @Test(arguments: [
        "https://good.example\\@127.0.0.1/", "https://good.example@127.0.0.1/", "http://0x7f000001/",
        "http://2130706433/",
        "http://127.1/", "http://0177.0.0.1/", "http:\\\\127.0.0.1/", "http://[::1%25lo]/", "http://127.0.0.1\u{9}/",
        "http://good.example\u{0}.test/", "http://\u{2460}27.0.0.1/", "http:///127.0.0.1/", "gopher://127.0.0.1/",
        "http://good.example:80:80/", "http://good.example#@127.0.0.1/\\",
    ])
    func `an address that readers disagree on is refused, in settings and in sitemaps (ATT-13, ATT-33)`(
        address: String
    ) async throws {
        try await FakeSite.run { site, server in
            #expect(throws: SourceFailure.self) { try site.connector(Self.settings(server, [])) }
            let settings = WebSettings(addresses: [address], permissions: .everyone)
            #expect(throws: SourceFailure.self) { try settings.validate() }
            let link = address.unicodeScalars.contains("\u{0}") ? "http://good.example&#1;.test/" : address
            site.state.withLock { state in
                state.override = { request in
                    request.path == "/sitemap.xml" ? .text("<urlset><url><loc>\(link)</loc></url></urlset>") : nil
                }
            }
            let swept = try await sweep(try site.connector(pageItemsMax: 10))
            #expect(swept.items.isEmpty)
            #expect(swept.skipped.map(\.reason) == [.elsewhere])
            #expect(server.requests.allSatisfy { $0.path == "/sitemap.xml" })
        }
    }

    @Test(arguments: [
        "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://localhost/", "https://[::1]/",
    ])
    func `test, listing and content keep to one policy (ATT-20, ATT-21)`(address: String) async throws {
        try await FakeSite.run { site, server in
            let connector = try site.connector(WebSettings(addresses: [address], permissions: .everyone))
            #expect(await connector.test().steps.map(\.kind) == [.settings])
            #expect(try await sweep(connector).skipped.map(\.reason) == [.blocked])
            let item = SourceItem(key: ExactText(address), path: "", tag: "h:", permissions: .unknown)
            guard case .misconfigured = try await thrown(by: { _ = try await connector.content(of: item, bytesMax: 9) })
            else {
                Issue.record("content went another way")
                return
            }
            #expect(server.requests.isEmpty)
        }
    }

    @Test func `robots are kept out where the site asks for it`() async throws {
        try await FakeSite.run { site, server in
            for name in ["open", "private/a", "private/open"] { site.put(name, [1]) }
            site.state.withLock {
                $0.robots = .text("User-agent: *\nDisallow: /private\nAllow: /private/open\n")
            }
            let swept = try await sweep(try site.connector(pageItemsMax: 10))
            #expect(Set(swept.items.keys) == [site.key("open"), site.key("private/open")])
            #expect(swept.skipped.map(\.reason) == [.notForRobots])
            // Who writes the address down asks for this page, not for the site.
            let named = try await sweep(try site.connector(Self.settings(server, ["/private/a"])))
            #expect(named.items.count == 1)
        }
    }

    @Test func `credentials go to the hosts that are named and to no other`() async throws {
        try await FakeSite.run { site, server in
            let elsewhere = "http://other.test:\(server.port)"
            site.state.withLock { state in
                state.override = { request in
                    request.header("host")?.hasPrefix("other") == true
                        ? .text("other") : .status(302, [("Location", elsewhere + "/landed")])
                }
            }
            var settings = Self.settings(server, ["/a"])
            settings.authorization = Secret("Bearer hidden-key")
            let connector = try site.connector(settings)
            #expect(try await sweep(connector).items.count == 1)
            let first = try #require(server.requests.first)
            #expect(first.header("authorization") == "Bearer hidden-key")
            #expect(server.requests.filter { $0.header("host")?.hasPrefix("other") == true }.count == 1)
            #expect(server.requests.last?.header("authorization") == nil)
            #expect(!"\(settings)\(await connector.test())".contains("hidden-key"))
        }
    }

    @Test func `a list that changes between its pages begins anew`() async throws {
        try await FakeSite.run { site, _ in
            for index in 0..<6 { site.put("p\(index)", [1]) }
            let page = try await site.connector(pageItemsMax: 2).changes(since: nil, known: .none)
            site.put("another", [1])
            // A connector that was made again has no plan in memory.
            let again = try site.connector(pageItemsMax: 2)
            #expect(try await thrown { _ = try await again.changes(since: page.next, known: .none) } == .cursorExpired)
        }
    }

    @Test func `the test of a connection says where it ends`() async throws {
        try await FakeSite.run { site, server in
            let rows: [(String, ConnectionReport.Step.Kind)] = [
                ("http://127.0.0.1:1/", .settings), ("http://nobody.example/", .settings),
                ("https://127.0.0.1:\(server.port)/", .settings), (server.address + "/missing", .items),
            ]
            for (address, kind) in rows {
                let report = await (try site.connector(WebSettings(addresses: [address], permissions: .everyone)))
                    .test()
                #expect(!report.isGood)
                #expect(report.steps.last?.kind == kind, "\(address): \(report)")
            }
            for bad in [[], ["ftp://x"], ["https://user@x/"], ["not an address"], ["https://a\\@b/"]] {
                #expect(throws: SourceFailure.self) {
                    try WebSettings(addresses: bad, permissions: .everyone).validate()
                }
            }
            #expect(throws: SourceFailure.self) {
                try WebSettings(addresses: ["https://a/"], permissions: nil).validate()
            }
        }
    }
}

@Suite struct RobotsTests {
    private static func rules(_ text: String) -> RobotsRules { RobotsRules(Array(text.utf8)) }

    @Test(arguments: [
        ("", "/a", true), ("User-agent: *\nDisallow: /", "/a", false), ("User-agent: *\nDisallow:", "/a", true),
        ("User-agent: *\nDisallow: /a", "/ab", false), ("User-agent: *\nDisallow: /a$", "/ab", true),
        ("User-agent: *\nDisallow: /a$", "/a", false), ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf", false),
        ("User-agent: *\nDisallow: /*.pdf$", "/x/y.pdf?z", true), ("User-agent: *\nDisallow: /*a*b", "/xaxb", false),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf.pdf", false),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", true),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", true),
        ("User-agent: cloister\nDisallow: /a\n\nUser-agent: *\nDisallow: /", "/b", true),
        ("User-agent: cloister\nDisallow: /a\n\nUser-agent: *\nDisallow: /", "/a", false),
        ("User-agent: x\nUser-agent: CLOISTER\nDisallow: /a", "/a", false), ("User-agent: x\nDisallow: /", "/a", true),
        ("user-agent: *\r\ndisallow: /a # why\r\n", "/a", false), ("Disallow: /", "/a", true),
    ])
    func `rules are read as RFC 9309 says`(text: String, target: String, expected: Bool) {
        #expect(Self.rules(text).allows(target) == expected)
    }

    @Test func `no file takes forever`() {
        let stars = String(repeating: "*a", count: 500)
        let rules = Self.rules("User-agent: *\n" + String(repeating: "Disallow: /\(stars)b\n", count: 400))
        #expect(rules.allows("/" + String(repeating: "a", count: 4000)))
        _ = RobotsRules((0..<600_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    }
}
