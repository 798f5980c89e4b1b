import HTTPTypes
import Kit
import TestKit
import Testing

@testable import Outbound

@Suite(.timeLimit(.minutes(10))) struct ClientTests {
    @Test func `a request goes out as it was built and its answer comes back`() async throws {
        try await ScriptedServer.run { _ in
            [
                .send(
                    "HTTP/1.1 201 Created\r\nX-Kind: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
                )
            ]
        } body: { server in
            let way = TestWay()
            let client = try way.client(["http://wiki.test:\(server.port) -> 127.0.0.1"])
            var request = OutboundRequest(.post, try OutboundURL("http://WIKI.test:\(server.port)/a/../b?c=d#e"))
            request.headers[.authorization] = "Bearer key"
            request.body = Array("hello".utf8)
            let reply = try await client.fetch(request)
            #expect(reply.status == 201)
            #expect(reply.headers[HTTPField.Name("x-kind")!] == "a")
            #expect(reply.body == Array("abcde".utf8))
            let sent = try #require(server.requests.first)
            #expect(sent.hasPrefix("POST /b?c=d HTTP/1.1\r\nHost: wiki.test:\(server.port)\r\n"))
            #expect(sent.contains("\r\nAuthorization: Bearer key\r\n"))
            #expect(sent.contains("\r\nAccept-Encoding: identity\r\n"))
            #expect(sent.contains("\r\nContent-Length: 5\r\n"))
            #expect(sent.hasSuffix("\r\n\r\nhello"))
            #expect(way.names == ["wiki.test"])
        }
    }

    @Test func `the body arrives piece by piece`() async throws {
        try await ScriptedServer.run { _ in
            [.send("HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + String(repeating: "x", count: 300_000))]
        } body: { server in
            let client = try TestWay().client(["http://wiki.test:\(server.port) -> 127.0.0.1"])
            let sizes = try await client.send(.get("http://wiki.test:\(server.port)/")) { answer in
                var sizes: [Int] = []
                for try await chunk in answer.body { sizes.append(chunk.count) }
                return sizes
            }
            #expect(sizes.count > 1)
            #expect(sizes.reduce(0, +) == 300_000)
        }
    }

    @Test func `the answer to HEAD has no body, whatever its length says`() async throws {
        try await ScriptedServer.run { _ in
            [.send("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")]
        } body: { server in
            let client = try TestWay().client(["http://wiki.test:\(server.port) -> 127.0.0.1"])
            let url = try OutboundURL("http://wiki.test:\(server.port)/")
            #expect(try await client.fetch(OutboundRequest(.head, url)).body.isEmpty)
        }
    }

    @Test func `a request that is refused is not a failure of the way`() async throws {
        try await ScriptedServer.run { _ in
            [.send("HTTP/1.1 103 Early\r\nA: b\r\n\r\nHTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")]
        } body: { server in
            let client = try TestWay().client(["http://wiki.test:\(server.port) -> 127.0.0.1"])
            #expect(try await client.fetch(.get("http://wiki.test:\(server.port)/")).status == 403)
        }
    }

    @Test(arguments: ["Host", "content-length", "Transfer-Encoding", "Connection", "Accept-Encoding", "Expect"])
    func `a header that belongs to the connection cannot be set`(name: String) async throws {
        let way = TestWay()
        let client = try way.client(["wiki.test"])
        let headers: HTTPFields = [try #require(HTTPField.Name(name)): "1"]
        let thrown = try await failure { _ = try await client.fetch(.get("https://wiki.test/", headers: headers)) }
        #expect(thrown == .fieldNotAllowed(name.lowercased()))
        #expect(way.names.isEmpty)
    }

    @Test func `a header value cannot begin another line`() async throws {
        try await ScriptedServer.run { _ in
            [.send(okay)]
        } body: { server in
            let client = try TestWay().client(["http://wiki.test:\(server.port) -> 127.0.0.1"])
            let headers: HTTPFields = [.authorization: "a\r\nX-Evil: 1"]
            _ = try await client.fetch(.get("http://wiki.test:\(server.port)/", headers: headers))
            #expect(server.requests.allSatisfy { !$0.contains("\r\nX-Evil") && !$0.contains("\nX-Evil") })
        }
    }

    @Test func `nobody there is told apart from a name that does not exist`() async throws {
        // An address of its own, so that no other test's server takes the port over.
        let port = try await ScriptedServer.run(on: "127.0.0.9") { $0.port }
        let client = try TestWay { name, _ in name == "gone.test" ? ["127.0.0.9"] : [] }
            .client(["http://gone.test:\(port) -> 127.0.0.9", "http://none.test"])
        let gone = try await failure { _ = try await client.fetch(.get("http://gone.test:\(port)/")) }
        #expect(gone == .unreachable(try OutboundURL("http://gone.test:\(port)/").origin))
        let none = try await failure { _ = try await client.fetch(.get("http://none.test/")) }
        #expect(none == .unresolvable(try OutboundURL("http://none.test/").origin))
    }

    @Test func `the next address is tried when the first does not accept`() async throws {
        try await ScriptedServer.run(on: "127.0.0.3") { _ in
            [.send(okay)]
        } body: { server in
            let client = try TestWay { _, _ in ["127.0.0.2", "127.0.0.3"] }
                .client(["http://wiki.test:\(server.port) -> 127.0.0.0/8"])
            var request = try OutboundRequest.get("http://wiki.test:\(server.port)/")
            request.limits.connect = .seconds(120)
            #expect(try await client.fetch(request).status == 200)
        }
    }

    @Test func `the system's resolver knows this machine and ends for names that do not exist`() async throws {
        #expect(try await HostResolver.system.addresses("localhost").contains { $0.description == "127.0.0.1" })
        #expect(try await HostResolver.system.addresses("no-such-name.invalid").isEmpty)
    }

    @Test func `requests print no secret`() throws {
        let request = try OutboundRequest.get("https://wiki.test/a?key=b", headers: [.authorization: "Bearer c"])
        #expect("\(request)" == "GET https://wiki.test")
    }
}
