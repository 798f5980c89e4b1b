import Kit
import TestKit
import Testing

@testable import Outbound

/// Servers that are slow, endless or lie.
@Suite(.timeLimit(.minutes(10))) struct LimitTests {
    private static func outcome(
        _ steps: [ScriptedServer.Step], bytesMax: Int = 1 << 20
    ) async throws -> (reply: OutboundReply?, failure: OutboundFailure?, floodedBytes: Int) {
        try await ScriptedServer.run { _ in
            steps
        } body: { server in
            let client = try TestWay().client(["http://wiki.test:\(server.port) -> 127.0.0.1"])
            var request = try OutboundRequest.get("http://wiki.test:\(server.port)/")
            request.limits.bodyBytesMax = bytesMax
            do {
                return (try await client.fetch(request), nil, server.floodedBytes)
            } catch let failure as OutboundFailure {
                return (nil, failure, server.floodedBytes)
            }
        }
    }

    @Test(
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 1000001\r\n\r\n",
            "HTTP/1.1 200 OK\r\n\r\n",
            "HTTP/1.0 200 OK\r\n\r\n",
        ])
    func `ATT-29 a huge body ends where the bound is`(head: String) async throws {
        let outcome = try await Self.outcome(
            [.send(head), .flood(Array(repeating: 65, count: 65_536))], bytesMax: 1_000_000)
        guard case .bodyTooLarge(_, 1_000_000) = outcome.failure else {
            Issue.record("\(String(describing: outcome.failure))")
            return
        }
        #expect(outcome.floodedBytes < 32 << 20)
    }

    @Test func `ATT-29 a body in endless chunks ends where the bound is`() async throws {
        let chunk = Array(("8000\r\n" + String(repeating: "A", count: 0x8000) + "\r\n").utf8)
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        let outcome = try await Self.outcome([.send(head), .flood(chunk)], bytesMax: 1_000_000)
        guard case .bodyTooLarge = outcome.failure else {
            Issue.record("\(String(describing: outcome.failure))")
            return
        }
    }

    @Test(arguments: ["gzip", "deflate", "br", "zstd", "gzip, identity", "GZIP"])
    func `ATT-29 a compressed answer is refused, so that no bomb is unpacked`(coding: String) async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Encoding: \(coding)\r\nContent-Length: 5\r\n\r\nabcde"
        guard case .compressed = try await Self.outcome([.send(head)]).failure else {
            Issue.record("\(coding) was accepted")
            return
        }
    }

    @Test func `identity is no compression`() async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nContent-Length: 1\r\n\r\na"
        #expect(try await Self.outcome([.send(head)]).reply?.body == Array("a".utf8))
    }

    @Test(
        arguments: [
            "garbage\r\n\r\n", "SSH-2.0-OpenSSH\r\n", "HTTP/9.9 200 OK\r\n\r\n", "HTTP/1.1 9999 OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-3\r\nabc",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n",
            "HTTP/1.1 200 OK\r\nA b: c\r\n\r\n", "HTTP/1.1 200 OK\r\n: c\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
            String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 9) + okay,
            "HTTP/1.1 200 OK\r\nA: " + String(repeating: "a", count: 70_000) + "\r\n\r\n",
            "HTTP/1.1 200 OK\r\n" + String(repeating: "A: b\r\n", count: 300) + "\r\n",
        ])
    func `an answer that is not HTTP is refused`(answer: String) async throws {
        let outcome = try await Self.outcome([.send(answer), .close])
        guard case .malformedAnswer = outcome.failure else {
            Issue.record("\(answer.prefix(80).debugDescription): \(String(describing: outcome.failure))")
            return
        }
    }

    @Test func `a head and trailers without end are refused`() async throws {
        let endless = Array("A: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n".utf8)
        let starts = [
            "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n",
        ]
        for start in starts {
            let outcome = try await Self.outcome([.send(start), .flood(endless)])
            guard case .malformedAnswer = outcome.failure else {
                Issue.record("\(start): \(String(describing: outcome.failure))")
                return
            }
            #expect(outcome.floodedBytes < 32 << 20)
        }
    }

    @Test(
        arguments: [
            "", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        ])
    func `an answer that breaks off is no answer`(answer: String) async throws {
        let outcome = try await Self.outcome([.send(answer), .close])
        guard case .connectionLost = outcome.failure else {
            Issue.record("\(answer.debugDescription): \(String(describing: outcome.failure))")
            return
        }
    }

    @Test(arguments: [[], [ScriptedServer.Step.send("hello\r\n")], [.flood(Array(repeating: 65, count: 4096))]])
    func `a server that goes, or speaks first, is a failure whenever it happens`(
        greeting: [ScriptedServer.Step]
    ) async throws {
        try await ScriptedServer.run(greeting: greeting + [.close]) { server in
            let client = try TestWay().client(["http://wiki.test:\(server.port) -> 127.0.0.1"])
            for _ in 0..<100 {
                await #expect(throws: OutboundFailure.self) {
                    try await client.fetch(.get("http://wiki.test:\(server.port)/"))
                }
            }
        }
    }

    @Test func `cancelling at any moment leaves nothing behind`() async throws {
        try await ScriptedServer.run { _ in
            [.send(okay)]
        } body: { server in
            let client = try TestWay().client(["http://wiki.test:\(server.port) -> 127.0.0.1"])
            let request = try OutboundRequest.get("http://wiki.test:\(server.port)/")
            for moment in 0..<300 {
                let fetch = Task { try await client.fetch(request).status }
                for _ in 0..<moment { await Task.yield() }
                fetch.cancel()
                switch await fetch.result {
                case .success(let status): #expect(status == 200)
                case .failure(let error): #expect(error is CancellationError, "\(error)")
                }
            }
        }
    }

    @Test func `collecting has a bound of its own`() async throws {
        try await ScriptedServer.run { _ in
            [.send(okay)]
        } body: { server in
            let client = try TestWay().client(["http://wiki.test:\(server.port) -> 127.0.0.1"])
            let request = try OutboundRequest.get("http://wiki.test:\(server.port)/")
            let thrown = try await failure {
                _ = try await client.send(request) { try await $0.body.collect(upTo: 1) }
            }
            #expect(thrown == .bodyTooLarge(request.url.origin, bytesMax: 1))
            #expect(try await client.send(request) { try await $0.body.collect(upTo: 2) }.count == 2)
        }
    }
}
