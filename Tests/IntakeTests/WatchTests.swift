import Connectors
import Kit
import Outbound
import Synchronization
import TestKit
import TestLibrary
import Testing

@testable import Intake

/// A scripted source that holds a line.
private final class WatchedSource: Connector {
    struct State: Sendable {
        var changed: (@Sendable () -> Void)?
        var lines = 0
        var ended = 0
        var failures = 0
        var isOffered = true
    }

    let pages = ScriptedSource()
    let state = Mutex(State())

    var canWatch: Bool { true }
    var lines: Int { state.withLock { $0.lines } }

    func watch(_ changed: @escaping @Sendable () -> Void) async throws {
        let fails = state.withLock { state in
            state.lines += 1
            state.changed = changed
            state.failures -= 1
            return state.failures >= 0
        }
        if fails { throw SourceFailure.retryable(after: nil, "The line broke.") }
        guard state.withLock({ $0.isOffered }) else { return }
        for await _ in AsyncStream<Never>.makeStream().stream {}
        state.withLock { $0.ended += 1 }
        throw CancellationError()
    }

    func tell() { state.withLock { $0.changed }?() }

    func changes(since cursor: SourceCursor?, known: KnownTags) async throws -> ChangePage {
        try await pages.changes(since: cursor, known: known)
    }
    func content(of item: SourceItem, bytesMax: Int) async throws -> SourceContent {
        try await pages.content(of: item, bytesMax: bytesMax)
    }
    func test() async -> ConnectionReport { ConnectionReport() }
    func directory() async throws -> SourceDirectory? { nil }
}

@Suite(.timeLimit(.minutes(10))) struct WatchTests {
    private static func run(
        _ settings: IntakeSettings = IntakeSettings(),
        _ body: (IntakeWorld, WatchedSource) async throws -> Void
    ) async throws {
        try await LibraryWorld.each(more: [IntakeSchema.schema]) { base in
            let source = WatchedSource()
            let world = try await IntakeWorld(base, settings, connector: source)
            let service = Task { await world.intake.watchers.run() }
            // It is open once it waits; until then an offer is refused and made again with the next run.
            await Self.until { world.intake.watchers.isOpen }
            do { try await body(world, source) } catch {
                service.cancel()
                throw error
            }
            service.cancel()
            await service.value
            #expect(source.state.withLock { $0.ended <= $0.lines })
        }
    }

    /// Lets others work until it is so; the suite's limit ends what never is.
    private static func until(_ isSo: () async throws -> Bool) async rethrows {
        while try await !isSo() { await Task.yield() }
    }

    /// The line's own look-after sleeps, and so does whoever has just obeyed.
    private static func untilObeyed(_ world: IntakeWorld) async {
        await Self.until { world.base.time.sleeping >= 2 }
    }

    @Test func `what a source tells is taken in before the clock says so`() async throws {
        try await Self.run { world, source in
            source.pages.put("a", "A page.")
            _ = try await world.connected()
            await Self.until { source.lines == 1 }
            let listings = source.pages.listings
            source.pages.put("b", "Another page.")
            source.tell()
            await Self.untilObeyed(world)
            try await world.base.runJobs()
            #expect(source.pages.listings == listings + 1)
            #expect(try await world.base.found("page", as: world.admin).count == 2)
            // It went on with the same chain: the next run comes by the clock, once.
            try await world.nextRun()
            #expect(source.pages.listings == listings + 2)
            #expect(source.lines == 1)
        }
    }

    @Test func `a source that is paused, changed or deleted has its line no more`() async throws {
        try await Self.run { world, source in
            source.pages.put("a", "A page.")
            let id = try await world.connected()
            await Self.until { source.lines == 1 }
            _ = try await world.intake.pause(id, by: world.admin, request: nil)
            await Self.until { source.state.withLock { $0.ended } == 1 }
            _ = try await world.intake.sync(id, by: world.admin, request: nil)
            try await world.base.runJobs()
            await Self.until { source.lines == 2 }
            var draft = world.draft()
            draft.every = 600
            _ = try await world.intake.update(id, to: draft, by: world.admin, request: nil)
            await Self.until { source.state.withLock { $0.ended } == 2 }
            try await world.base.runJobs()
            await Self.until { source.lines == 3 }
            try await world.intake.remove(id, by: world.admin, request: nil)
            await Self.until { source.state.withLock { $0.ended } == 3 }
            try await world.base.runJobs()
            #expect(source.lines == 3)
        }
    }

    @Test func `a line that breaks is held again after a while that grows`() async throws {
        try await Self.run { world, source in
            source.state.withLock { $0.failures = 3 }
            _ = try await world.connected()
            for line in 1...3 {
                await Self.until { source.lines == line && world.base.time.sleeping >= 2 }
                #expect(source.lines == line)
                world.base.time.advance(by: .seconds(5 << (line - 1)))
            }
            await Self.until { source.lines == 4 }
        }
    }

    @Test func `a source without a line is not asked for one again`() async throws {
        try await Self.run { world, source in
            source.state.withLock { $0.isOffered = false }
            _ = try await world.connected()
            await Self.until { source.lines == 1 }
            try await world.nextRun()
            try await world.nextRun()
            #expect(source.lines == 1)
        }
    }

    @Test func `over the bound a source is looked at by the clock alone`() async throws {
        var settings = IntakeSettings()
        settings.watchersMax = 0
        try await Self.run(settings) { world, source in
            source.pages.put("a", "A page.")
            _ = try await world.connected()
            try await world.nextRun()
            #expect(source.lines == 0 && source.pages.listings == 2)
        }
    }
}
