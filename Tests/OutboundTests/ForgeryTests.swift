import Kit
import TestKit
import Testing

@testable import Outbound

/// Server-side request forgery: what must never be connected to is a listener that stays silent.
@Suite(.timeLimit(.minutes(10))) struct ForgeryTests {
    @Test(arguments: URLCorpus.rows)
    func `ATT-13 the host that is parsed is the host that is looked up and connected to`(
        row: URLTableTests.Row
    ) async throws {
        guard let url = try? OutboundURL(row.text) else { return }
        let way = TestWay { _, _ in [] }
        let client = try way.client(["\(url.origin)"].filter { (try? PolicyEntry($0)) != nil })
        guard case .name(let name) = url.host else { return #expect(way.names.isEmpty) }
        let thrown = try await failure { _ = try await client.fetch(OutboundRequest(.get, url)) }
        #expect(thrown == .unresolvable(url.origin))
        #expect(way.names == [name])
    }

    @Test(arguments: PolicyTests.special)
    func `ATT-20 a name that leads inside is refused at every connection`(address: String) async throws {
        let way = TestWay { _, _ in [address] }
        let client = try way.client(["wiki.test"])
        for _ in 0..<2 {
            let thrown = try await failure { _ = try await client.fetch(.get("https://wiki.test/")) }
            let origin = try OutboundURL("https://wiki.test/").origin
            #expect(thrown == .addressNotAllowed(origin, try #require(NetworkAddress(address))))
        }
        #expect(way.names.count == 2)
    }

    @Test func `ATT-20 a name that is rebound to loopback after the first answer is refused`() async throws {
        try await ScriptedServer.run(on: "127.0.0.1") { _ in
            [.send(okay)]
        } body: { allowed in
            try await ScriptedServer.run(on: "127.0.0.2") { _ in
                [.send(okay)]
            } body: { silent in
                let way = TestWay { _, count in [count == 0 ? "127.0.0.1" : "127.0.0.2"] }
                let client = try way.client([allowed, silent].map { "http://wiki.test:\($0.port) -> 127.0.0.1" })
                #expect(try await client.fetch(.get("http://wiki.test:\(allowed.port)/")).status == 200)
                #expect(way.names.count == 1, "resolved once, so that what was checked is what is connected to")
                let url = "http://wiki.test:\(silent.port)/"
                let thrown = try await failure { _ = try await client.fetch(.get(url)) }
                let rebound = try #require(NetworkAddress("127.0.0.2"))
                #expect(thrown == .addressNotAllowed(try OutboundURL(url).origin, rebound))
                #expect(silent.connections == 0)
            }
        }
    }

    @Test func `ATT-20 an answer that mixes good and bad addresses connects to none`() async throws {
        try await ScriptedServer.run { _ in
            [.send(okay)]
        } body: { silent in
            let client = try TestWay { _, _ in ["127.0.0.1", "169.254.169.254"] }
                .client(["http://wiki.test:\(silent.port) -> 127.0.0.1"])
            let url = "http://wiki.test:\(silent.port)/"
            let thrown = try await failure { _ = try await client.fetch(.get(url)) }
            let metadata = try #require(NetworkAddress("169.254.169.254"))
            #expect(thrown == .addressNotAllowed(try OutboundURL(url).origin, metadata))
            #expect(silent.connections == 0)
        }
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func `ATT-21 a redirect to a place that is not allowed is not followed`(status: Int) async throws {
        try await ScriptedServer.run { _ in
            [.send(okay)]
        } body: { silent in
            let targets = ["http://127.0.0.1:\(silent.port)/", "http://localhost:\(silent.port)/", "//[::1]/"]
            for target in targets {
                try await ScriptedServer.run { _ in
                    [.send(redirect(target, status: status))]
                } body: { server in
                    let client = try TestWay().client(["http://wiki.test:\(server.port) -> 127.0.0.1"])
                    let url = try OutboundURL("http://wiki.test:\(server.port)/")
                    let thrown = try await failure { _ = try await client.fetch(OutboundRequest(.get, url)) }
                    #expect(thrown == .hostNotAllowed(try url.resolve(target).origin))
                }
            }
            #expect(silent.connections == 0)
        }
    }

    @Test func `ATT-21 a redirect to an allowed name that leads inside is checked again`() async throws {
        try await ScriptedServer.run { _ in
            [.send(redirect("http://other.test/latest/meta-data/"))]
        } body: { server in
            let client = try TestWay { name, _ in [name == "wiki.test" ? "127.0.0.1" : "169.254.169.254"] }
                .client(["http://wiki.test:\(server.port) -> 127.0.0.1", "http://other.test -> 127.0.0.1"])
            let thrown = try await failure { _ = try await client.fetch(.get("http://wiki.test:\(server.port)/")) }
            let metadata = try #require(NetworkAddress("169.254.169.254"))
            #expect(thrown == .addressNotAllowed(try OutboundURL("http://other.test/").origin, metadata))
        }
    }

    /// Ways to write this machine, or another name, so that some reader takes it for something else.
    private static func disguises(_ port: Int) -> [String] {
        let hosts = [
            "127.0.0.1", "127.1", "127.0.1", "0x7f.0.0.1", "0x7f000001", "0177.0.0.1", "017700000001", "2130706433",
            "127.0.0.1.", "localhost", "localhost.", "LOCALHOST", "0.0.0.0", "0", "[::1]", "[::]", "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]", "[::1%25lo]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "127.0.0.1%20",
            "①②⑦.0.0.1", "127。0。0。1", "wiki.test@127.0.0.1", "wiki.test:80@127.0.0.1", "wiki.test%40127.0.0.1",
            "wiki.test\\@127.0.0.1", "127.0.0.1\\@wiki.test", "127.0.0.1#@wiki.test", "127.0.0.1?@wiki.test",
            "wiki.test.", "wiki.test.evil.test", "evil.wiki.test", "evilwiki.test", "wіki.test", "ｗiki.test",
            "wiki.test%00.evil.test", "wiki.test%2eevil.test", "169.254.169.254", "[fd00:ec2::254]",
        ]
        return ["http", "https", "HTTP", "ftp"].flatMap { scheme in hosts.map { "\(scheme)://\($0):\(port)/" } }
    }

    @Test func `ATT-13 no disguise of this machine is connected to, directly or by a redirect`() async throws {
        try await ScriptedServer.run { _ in
            [.send(okay)]
        } body: { silent in
            let targets = Self.disguises(silent.port)
            #expect(targets.count >= 120)
            for target in targets {
                try await ScriptedServer.run { _ in
                    [.send(redirect(target))]
                } body: { server in
                    let client = try TestWay().client(["http://wiki.test:\(server.port) -> 127.0.0.1"])
                    let first = try OutboundURL("http://wiki.test:\(server.port)/")
                    await #expect(throws: (any Error).self, "\(target)") {
                        try await client.fetch(OutboundRequest(.get, OutboundURL(target)))
                    }
                    await #expect(throws: OutboundFailure.self, "\(target)") {
                        try await client.fetch(OutboundRequest(.get, first))
                    }
                }
            }
            #expect(silent.connections == 0)
        }
    }

    @Test func `cookies are not kept`() async throws {
        try await ScriptedServer.run { _ in
            [.send("HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Path=/\r\nContent-Length: 0\r\n\r\n")]
        } body: { server in
            let client = try TestWay().client(["http://wiki.test:\(server.port) -> 127.0.0.1"])
            for _ in 0..<2 { _ = try await client.fetch(.get("http://wiki.test:\(server.port)/")) }
            #expect(server.requests.count == 2)
            #expect(server.requests.allSatisfy { !$0.lowercased().contains("cookie") })
        }
    }
}
