import Foundation
import Kit
import Synchronization
import TestKit
import Testing

@testable import Connectors
@testable import TestConnectors

@Suite(.timeLimit(.minutes(10))) struct MailWatchTests {
    /// `body` with what the line said so far, one element each time.
    private static func watching(
        _ connector: MailConnector, _ body: (inout AsyncStream<Void>.Iterator) async throws -> Void
    ) async throws {
        let (signals, feed) = AsyncStream<Void>.makeStream()
        let line = Task { try await connector.watch { feed.yield() } }
        var iterator = signals.makeAsyncIterator()
        do { try await body(&iterator) } catch {
            line.cancel()
            throw error
        }
        line.cancel()
        await #expect(throws: CancellationError.self) { try await line.value }
    }

    private static func broken(_ connector: MailConnector) async throws -> (failure: SourceFailure?, signals: Int) {
        let count = Mutex(0)
        let failure = try await thrown { try await connector.watch { count.withLock { $0 += 1 } } }
        return (failure, count.withLock { $0 })
    }

    private static func offering(_ steps: [FakeMailServer.Step]) -> @Sendable (String) -> [FakeMailServer.Step]? {
        { command in
            switch command {
            case "CAPABILITY": [.send("* CAPABILITY IMAP4rev1 AUTH=PLAIN IDLE\r\nTAG OK done\r\n")]
            case "IDLE": steps
            default: nil
            }
        }
    }

    @Test func `Dovecot tells of a message that comes and of one that goes`() async throws {
        try await DovecotWorld.run { world in
            try world.deliver("Subject: a\n\ntext\n", as: "a")
            let connector = try world.connector(world.settings)
            #expect(connector.canWatch)
            try await Self.watching(connector) { signals in
                await signals.next()
                try world.deliver("Subject: b\n\ntext\n", as: "b")
                await signals.next()
                #expect(try await sweep(connector).items.count == 2)
                try world.remove(file: "a")
                await signals.next()
            }
        }
    }

    @Test func `a server that offers no line is left at once`() async throws {
        try await FakeMailServer.run { server in
            let (failure, signals) = try await Self.broken(try server.connector())
            #expect(failure == nil && signals == 0)
            #expect(!server.commands.contains("IDLE"))
        }
    }

    @Test func `flags and words are no news, messages that come and go are`() async throws {
        let steps: [FakeMailServer.Step] = [
            .send("+ idling\r\n* OK Still here\r\n* 1 FETCH (FLAGS (\\Seen))\r\n* 3 EXISTS\r\n* 1 RECENT\r\n"),
            .send("* 1 EXPUNGE\r\n* VANISHED 1:2\r\n"), .close,
        ]
        try await FakeMailServer.run(Self.offering(steps)) { server in
            let (failure, signals) = try await Self.broken(try server.connector())
            // And the beginning.
            #expect(signals == 4)
            guard case .retryable = failure else {
                Issue.record("\(failure as Any)")
                return
            }
        }
    }

    @Test func `the command is given anew before the server takes us for gone`() async throws {
        let now = Mutex(Timestamp(microseconds: 1_767_225_600_000_000))
        let clock = WallClock(
            now: {
                now.withLock {
                    $0 = $0 + .seconds(600)
                    return $0
                }
            }, sleep: { try await Task.sleep(for: $0) })
        let idles = Mutex(0)
        try await FakeMailServer.run { command in
            guard command == "IDLE" else { return Self.offering([])(command) }
            let count = idles.withLock {
                $0 += 1
                return $0
            }
            return count > 3 ? [.close] : [.send("+ idling\r\n* OK Still here\r\n* OK Still here\r\n")]
        } body: { server in
            let (failure, signals) = try await Self.broken(try server.connector(clock: clock))
            guard case .retryable = failure else {
                Issue.record("\(failure as Any)")
                return
            }
            #expect(signals == 1)
            #expect(server.commands.filter { $0 == "DONE" }.count == 3)
        }
    }

    @Test(arguments: [
        "TAG NO not now\r\n", "TAG OK done already\r\n", "+ idling\r\n+ again\r\n", "nonsense\r\n", "* BYE\r\n",
        "+ idling\r\n* 1 FETCH (BODY {9}\r\n", "+ idling\r\n* 1 FETCH (BODY {999999999999}\r\n",
    ]) func `a line that is none breaks`(answer: String) async throws {
        try await FakeMailServer.run(Self.offering([.send(answer), .close])) { server in
            let (failure, signals) = try await Self.broken(try server.connector())
            #expect(failure != nil && signals == 1)
        }
    }

    @Test func `a server that talks for ever is left`() async throws {
        let flood = "* OK " + String(repeating: "a", count: 4000) + "\r\n"
        try await FakeMailServer.run(Self.offering([.send("+ idling\r\n"), .flood(flood)])) { server in
            let (failure, _) = try await Self.broken(try server.connector())
            guard case .misbehaved = failure else {
                Issue.record("\(failure as Any)")
                return
            }
        }
    }
}
