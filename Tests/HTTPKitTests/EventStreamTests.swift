import HTTPTypes
import Kit
import Synchronization
import TestKit
import Testing

@testable import HTTPKit

@Suite("Server-sent events", .timeLimit(.minutes(10)))
struct EventStreamTests {
    @Test(
        "are framed so that no value forges a field",
        arguments: [
            (ServerEvent(id: "1", name: "answer.sentence", data: "{}"), "id: 1\nevent: answer.sentence\ndata: {}\n\n"),
            (ServerEvent(id: "", name: "", data: "x"), "data: x\n\n"),
            (
                ServerEvent(id: "1\ndata: forged", name: "a\r\nb", data: "x\ny\r\nz"),
                "id: 1data: forged\nevent: ab\ndata: x\ndata: y\ndata: z\n\n"
            ),
        ])
    func frames(_ event: ServerEvent, _ text: String) {
        #expect(String(decoding: EventStream.frame(event), as: UTF8.self) == text)
    }

    @Test("are kept alive by comments while nothing happens")
    func keepAlive() async throws {
        let clock = VirtualClock()
        let buffer = ReplayBuffer()
        let reply = EventStream.reply(try buffer.events(after: nil), clock: clock.clock, keepAlive: .seconds(15))
        guard case .stream(let stream) = reply.body else { throw Problem.notFound() }
        var pieces = stream.makeAsyncIterator()
        try await eventually { clock.sleeping > 0 }
        clock.advance(by: .seconds(15))
        #expect(try await pieces.next() == EventStream.keepAliveFrame)
        buffer.append(ServerEvent(id: "1", name: "a", data: "{}"))
        #expect(try await pieces.next() == Array("id: 1\nevent: a\ndata: {}\n\n".utf8))
        buffer.finish()
        #expect(try await pieces.next() == nil)
    }

    @Test(
        "resume after the id that was seen last",
        arguments: [
            (nil, ["1", "2", "3"]), ("", ["1", "2", "3"]), ("1", ["2", "3"]), ("3", []),
        ] as [(String?, [String])])
    func resumes(_ last: String?, _ expected: [String]) async throws {
        let buffer = ReplayBuffer()
        for id in ["1", "2", "3"] { buffer.append(ServerEvent(id: id, name: "a", data: "{}")) }
        buffer.finish()
        var seen: [String] = []
        for try await event in try buffer.events(after: last) { seen.append(event.id) }
        #expect(seen == expected)
    }

    @Test("that are no longer kept cannot be resumed, and a reader left behind is told")
    func gone() async throws {
        let buffer = ReplayBuffer(eventsMax: 2)
        buffer.append(ServerEvent(id: "1", name: "a", data: "{}"))
        var behind = try buffer.events(after: nil).makeAsyncIterator()
        for id in ["2", "3"] { buffer.append(ServerEvent(id: id, name: "a", data: "{}")) }
        #expect(throws: ReplayFailure.gone) { try buffer.events(after: nil) }
        #expect(throws: ReplayFailure.gone) { try buffer.events(after: "1") }
        #expect(throws: ReplayFailure.gone) { try buffer.events(after: "unknown") }
        await #expect(throws: ReplayFailure.gone) { try await behind.next() }
    }

    @Test("reach every reader once and in order, while they are written")
    func readers() async throws {
        let buffer = ReplayBuffer()
        let count = 500
        try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<5 {
                group.addTask {
                    var seen: [String] = []
                    for try await event in try buffer.events(after: nil) { seen.append(event.id) }
                    return seen
                }
            }
            for number in 0..<count {
                buffer.append(ServerEvent(id: "\(number)", name: "a", data: "{}"))
                if number % 50 == 0 { await Task.yield() }
            }
            buffer.finish()
            for try await seen in group { #expect(seen == (0..<count).map(String.init)) }
        }
    }

    @Test("stop their source as soon as the reader stops")
    func cancellation() async throws {
        let stopped = TestRevocation()
        let stream = StreamPump.stream { relay in
            defer { stopped.cut() }
            while await relay.send([1]) {}
        }
        var pieces = stream.makeAsyncIterator()
        #expect(try await pieces.next() == [1])
        let reader = Task { for try await _ in stream {} }
        reader.cancel()
        await stopped.wait()
    }

    @Test("make their source wait for a slow reader")
    func backpressure() async throws {
        let sent = Mutex(0)
        let stream = StreamPump.stream { relay in
            for _ in 0..<10_000 {
                guard await relay.send([1]) else { return }
                sent.withLock { $0 += 1 }
            }
        }
        var pieces = stream.makeAsyncIterator()
        for _ in 0..<3 { _ = try await pieces.next() }
        for _ in 0..<1000 { await Task.yield() }
        #expect(sent.withLock { $0 } < 100)
    }

    @Test("end when the caller's rights are cut (ATT-9)")
    func revocation() async throws {
        let (rights, clock) = (TestRevocation(), VirtualClock())
        let buffer = ReplayBuffer()
        let table = try RouteTable.testing([
            Route(.get, "/api/v1/events", .authenticated, "") { _ in .events(try buffer.events(after: nil)) }
        ]) { services in
            services.revoked = { _ in await rights.wait() }
            services.clock = clock.clock
        }
        let reply = await table.respond(to: .test(.get, "/api/v1/events"), entry: .test)
        guard case .stream(let stream) = reply.body else { throw Problem.notFound() }
        var pieces = stream.makeAsyncIterator()
        buffer.append(ServerEvent(id: "1", name: "a", data: "{}"))
        #expect(try await pieces.next() != nil)
        #expect(table.admission.inFlight.total == 1)
        rights.cut()
        try await eventually { clock.sleeping > 0 }
        clock.advance(by: .seconds(1))
        await #expect(throws: StreamCut.rightsRevoked) { try await pieces.next() }
        try await eventually { table.admission.inFlight.total == 0 }
    }
}
