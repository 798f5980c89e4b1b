import HTTPTypes
import Kit
import Synchronization
import TestKit
import Testing

@testable import Outbound

@Suite(.timeLimit(.minutes(10))) struct RetryTests {
    private static func plan(isRepeatable: Bool = true) -> RetryPlan {
        RetryPlan(RetrySettings(), isRepeatable: isRepeatable)
    }

    @Test func `waits grow until the attempts are used up`() throws {
        var plan = Self.plan()
        for expected in [0.5, 1.0, 2.0] {
            guard case .retry(let wait) = plan.met(.busy(retryAfter: nil), .seeded(1)) else {
                Issue.record("gave up")
                return
            }
            #expect(wait >= .seconds(expected / 2) && wait <= .seconds(expected))
        }
        #expect(plan.met(.busy(retryAfter: nil), .seeded(1)) == .giveUp)
    }

    @Test func `who says when to come back is believed within bounds`() {
        var plan = Self.plan()
        #expect(plan.met(.busy(retryAfter: .seconds(30)), .seeded(1)) == .retry(after: .seconds(30)))
        #expect(plan.met(.busy(retryAfter: .seconds(121)), .seeded(1)) == .giveUp)
        plan = Self.plan()
        guard case .retry(let wait) = plan.met(.busy(retryAfter: .zero), .seeded(1)) else {
            Issue.record("gave up")
            return
        }
        #expect(wait >= .milliseconds(250), "not at once, even if asked to")
    }

    @Test func `what changes something is sent once`() throws {
        var plan = Self.plan(isRepeatable: false)
        #expect(plan.met(.busy(retryAfter: .seconds(1)), .seeded(1)) == .giveUp)
        let url = try OutboundURL("https://a.test/")
        let repeatable = [OutboundRequest.Method.get, .head, .put, .delete, .propfind].map { OutboundRequest($0, url) }
        #expect(repeatable.allSatisfy { $0.isRepeatable })
        #expect(![OutboundRequest.Method.post, .patch].contains { OutboundRequest($0, url).isRepeatable })
    }

    @Test func `what was refused for a reason is not repeated`() throws {
        let origin = try OutboundURL("https://a.test/").origin
        let reasons: [OutboundFailure] = [
            .hostNotAllowed(origin), .untrusted(origin), .malformedAnswer(origin), .compressed(origin),
            .timedOut(origin, .total), .bodyTooLarge(origin, bytesMax: 1), .redirect(origin, .tooMany),
            .addressNotAllowed(origin, try #require(NetworkAddress("10.0.0.1"))), .fieldNotAllowed("host"),
        ]
        for reason in reasons {
            var plan = Self.plan()
            #expect(plan.met(.failed(reason), .seeded(1)) == .giveUp, "\(reason)")
            #expect(!reason.sentence.isEmpty)
        }
        let troubles: [OutboundFailure] = [
            .connectionLost(origin), .unreachable(origin), .unresolvable(origin), .timedOut(origin, .connect),
            .timedOut(origin, .firstByte),
        ]
        for trouble in troubles {
            var plan = Self.plan()
            #expect(plan.met(.failed(trouble), .seeded(1)) != .giveUp, "\(trouble)")
        }
    }

    /// Answers in turn, the last one for good.
    private static func inTurn(_ answers: String...) -> @Sendable (String) -> [ScriptedServer.Step] {
        let next = Mutex(0)
        return { _ in
            let index = next.withLock { next in
                defer { next += 1 }
                return min(next, answers.count - 1)
            }
            return [.send(answers[index]), .close]
        }
    }

    private static func client(_ server: ScriptedServer, _ time: VirtualClock) throws -> RetryingClient {
        RetryingClient(
            try TestWay().client(["http://wiki.test:\(server.port) -> 127.0.0.1"]), clock: time.clock,
            randomness: .seeded(7))
    }

    private static let busy = "HTTP/1.1 429 Busy\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n"

    @Test func `a busy server is asked again when it said, and not earlier`() async throws {
        let bad = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"
        try await ScriptedServer.run(Self.inTurn(Self.busy, bad, "", okay)) { server in
            let time = VirtualClock()
            let began = time.now
            let client = try Self.client(server, time)
            let request = try OutboundRequest.get("http://wiki.test:\(server.port)/")
            #expect(try await passingTime(time) { try await client.fetch(request) }.status == 200)
            #expect(server.requests.count == 4)
            #expect(time.now - began >= .seconds(30))
        }
    }

    @Test func `a busy server is told to the caller in the end`() async throws {
        try await ScriptedServer.run(Self.inTurn(Self.busy)) { server in
            let time = VirtualClock()
            let client = try Self.client(server, time)
            let request = try OutboundRequest.get("http://wiki.test:\(server.port)/")
            let thrown = try await failure {
                _ = try await passingTime(time) { try await client.fetch(request) }
            }
            #expect(thrown == .busy(request.url.origin, status: 429, retryAfter: .seconds(30)))
            #expect(server.requests.count == 4)
        }
    }

    @Test func `a POST is sent once, but others wait as the server asked`() async throws {
        try await ScriptedServer.run(Self.inTurn(Self.busy, okay)) { server in
            let time = VirtualClock()
            let began = time.now
            let client = try Self.client(server, time)
            let url = try OutboundURL("http://wiki.test:\(server.port)/")
            let thrown = try await failure { _ = try await client.fetch(OutboundRequest(.post, url)) }
            #expect(thrown == .busy(url.origin, status: 429, retryAfter: .seconds(30)))
            #expect(server.requests.count == 1)
            #expect(try await passingTime(time) { try await client.fetch(OutboundRequest(.get, url)) }.status == 200)
            #expect(time.now - began >= .seconds(30))
        }
    }

    @Test func `what fails while the answer is read is not repeated`() async throws {
        let broken = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"
        try await ScriptedServer.run(Self.inTurn(broken, okay)) { server in
            let client = try Self.client(server, VirtualClock())
            let request = try OutboundRequest.get("http://wiki.test:\(server.port)/")
            let thrown = try await failure { _ = try await client.fetch(request) }
            #expect(thrown == .connectionLost(request.url.origin))
            #expect(server.requests.count == 1)
        }
    }
}
