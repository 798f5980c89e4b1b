import Kit
import Synchronization
import TestKit
import Testing

@testable import Outbound

@Suite(.timeLimit(.minutes(10))) struct PatienceTests {
    private static let start = Timestamp(microseconds: 0)

    @Test func `each phase has its limit and the whole has one`() {
        var limits = OutboundLimits()
        limits.total = .seconds(100)
        var patience = Patience(limits, at: Self.start)
        patience.begin(.connect, at: Self.start)
        #expect(patience.verdict(at: Self.start + .seconds(9)) == .wait(.seconds(1)))
        #expect(patience.verdict(at: Self.start + .seconds(10)) == .expired(.connect))
        patience.begin(.idle, at: Self.start + .seconds(9))
        #expect(patience.verdict(at: Self.start + .seconds(38)) == .wait(.seconds(1)))
        #expect(patience.verdict(at: Self.start + .seconds(39)) == .expired(.idle))
        patience.pause()
        #expect(patience.verdict(at: Self.start + .seconds(99)) == .wait(.seconds(1)))
        #expect(patience.verdict(at: Self.start + .seconds(100)) == .expired(.total))
    }

    @Test func `who looks again after the wait misses no end of a later phase`() {
        var patience = Patience(OutboundLimits(), at: Self.start)
        patience.begin(.firstByte, at: Self.start)
        #expect(patience.verdict(at: Self.start) == .wait(.seconds(10)))
        var limits = OutboundLimits()
        limits.idle = .zero
        #expect(Patience(limits, at: Self.start).verdict(at: Self.start) == .wait(.milliseconds(1)))
    }

    /// What becomes of a request when time passes after `until` has happened.
    private static func expiry(
        _ steps: [ScriptedServer.Step], scheme: String = "http",
        until happened: @escaping @Sendable (ScriptedServer) async -> Void
    ) async throws -> OutboundFailure? {
        try await ScriptedServer.run { _ in
            steps
        } body: { server in
            let time = VirtualClock()
            let entry = "\(scheme)://wiki.test:\(server.port) -> 127.0.0.1"
            let client = try TestWay().client([entry], clock: time.clock)
            let request = try OutboundRequest.get("\(scheme)://wiki.test:\(server.port)/")
            let fetch = Task { try await client.fetch(request) }
            await happened(server)
            return try await failure { _ = try await passingTime(time) { try await fetch.value } }
        }
    }

    @Test func `a server that never answers is left after the limit for the first byte`() async throws {
        let thrown = try await Self.expiry([]) { await $0.nextRequest() }
        guard case .timedOut(_, .firstByte) = thrown else {
            Issue.record("\(String(describing: thrown))")
            return
        }
    }

    @Test func `a server that accepts and speaks no TLS is left`() async throws {
        let thrown = try await Self.expiry([], scheme: "https") { await $0.nextConnection() }
        guard case .timedOut = thrown else {
            Issue.record("\(String(describing: thrown))")
            return
        }
    }

    @Test func `a name server that never answers is left`() async throws {
        let time = VirtualClock()
        let client = try OutboundClient(
            policy: try OutboundPolicy("wiki.test"),
            resolver: HostResolver { _ in
                try await time.clock.sleep(.seconds(1_000_000))
                return []
            }, clock: time.clock)
        let thrown = try await failure {
            _ = try await passingTime(time) { try await client.fetch(.get("https://wiki.test/")) }
        }
        #expect(thrown == .timedOut(try OutboundURL("https://wiki.test/").origin, .connect))
        #expect(time.sleeping == 0)
    }

    /// Reads the first chunk, says so, and goes on reading.
    private static func readSlowly(
        _ server: ScriptedServer, _ time: VirtualClock, limits: OutboundLimits = OutboundLimits(),
        then: @escaping @Sendable () async throws -> Void
    ) async throws -> OutboundFailure? {
        let client = try TestWay().client(["http://wiki.test:\(server.port) -> 127.0.0.1"], clock: time.clock)
        var request = try OutboundRequest.get("http://wiki.test:\(server.port)/")
        request.limits = limits
        let sent = request
        return try await failure {
            try await client.send(sent) { answer in
                var chunks = answer.body.makeAsyncIterator()
                _ = try await chunks.next()
                try await then()
                while try await chunks.next() != nil {}
            }
        }
    }

    private static let half = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"

    @Test func `a server that stops in the middle is left after the idle limit`() async throws {
        try await ScriptedServer.run { _ in
            [.send(Self.half)]
        } body: { server in
            let time = VirtualClock()
            let (reached, announce) = AsyncStream<Void>.makeStream()
            let reading = Task { try await Self.readSlowly(server, time) { announce.yield() } }
            for await _ in reached { break }
            guard case .timedOut(_, .idle) = try await passingTime(time, { try await reading.value }) else {
                Issue.record("not idle")
                return
            }
        }
    }

    @Test func `a reader that takes its time is not the server's fault, until all of it is over`() async throws {
        try await ScriptedServer.run { _ in
            [.send(Self.half)]
        } body: { server in
            let time = VirtualClock()
            let began = time.now
            let thrown = try await Self.readSlowly(server, time) {
                try await passingTime(time) { try await time.clock.sleep(.seconds(100_000)) }
            }
            guard case .timedOut(_, .total) = thrown else {
                Issue.record("\(String(describing: thrown))")
                return
            }
            #expect(time.now - began >= OutboundLimits().total)
        }
    }

    @Test func `cancelling leaves at once, whatever is waited for`() async throws {
        try await ScriptedServer.run { server in
            let client = try TestWay().client(["http://wiki.test:\(server.port) -> 127.0.0.1"])
            let request = try OutboundRequest.get("http://wiki.test:\(server.port)/")
            let fetch = Task { try await client.fetch(request) }
            await server.nextRequest()
            fetch.cancel()
            await #expect(throws: CancellationError.self) { try await fetch.value }
        }
    }

    @Test func `time that passes stops the request for real`() async throws {
        try await ScriptedServer.run { server in
            let client = try TestWay().client(["http://wiki.test:\(server.port) -> 127.0.0.1"])
            var request = try OutboundRequest.get("http://wiki.test:\(server.port)/")
            request.limits.firstByte = .milliseconds(20)
            let sent = request
            let thrown = try await failure { _ = try await client.fetch(sent) }
            #expect(thrown == .timedOut(request.url.origin, .firstByte))
        }
    }
}
