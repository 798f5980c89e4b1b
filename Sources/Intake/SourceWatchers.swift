import Connectors
import JobQueue
import Kit
import Outbound
import Storage
import Synchronization

/// Lines to sources that say by themselves when something changed, so that their next run comes at once.
///
/// A source gets its line when it ran in this process, and keeps it while it stays as it is. What is missed, because
/// the process began anew or all places are taken, costs no more than the wait for the next run.
package final class SourceWatchers: Sendable {
    private struct Entry {
        let number: Int
        let settings: SourceSettings
        let task: Task<Void, Never>
    }

    private struct State {
        var isOpen = false
        var entries: [SourceID: Entry] = [:]
        var count = 0
    }

    private let state = Mutex(State())

    var isOpen: Bool { state.withLock { $0.isOpen } }

    /// Holds lines until it is cancelled, and is back when all have ended.
    package func run() async {
        state.withLock { $0.isOpen = true }
        for await _ in AsyncStream<Never>.makeStream().stream {}
        let entries = state.withLock { state in
            defer { state = State() }
            return state.entries.values
        }
        for entry in entries { entry.task.cancel() }
        for entry in entries { await entry.task.value }
    }

    /// Of a source that has just run. A line that is there stays unless the source has been changed.
    func offer(_ record: SourceRecord, for principal: Principal, of intake: Intake) {
        guard (try? intake.connector(for: record.settings))?.canWatch == true else { return }
        state.withLock { state in
            guard state.isOpen, state.entries[record.id]?.settings != record.settings else { return }
            state.entries.removeValue(forKey: record.id)?.task.cancel()
            guard state.entries.count < intake.settings.watchersMax else { return }
            state.count += 1
            let (number, id) = (state.count, record.id)
            let watcher = SourceWatcher(intake: intake, id: id, settings: record.settings, principal: principal)
            let task = Task { [self] in
                // Who offers no line keeps its place, so that it is not asked after every run.
                if await watcher.run() == .over { end(id, number) }
            }
            state.entries[id] = Entry(number: number, settings: record.settings, task: task)
        }
    }

    func end(_ id: SourceID) {
        state.withLock { $0.entries.removeValue(forKey: id) }?.task.cancel()
    }

    private func end(_ id: SourceID, _ number: Int) {
        state.withLock { if $0.entries[id]?.number == number { $0.entries[id] = nil } }
    }
}

/// One line and what is done when something comes over it.
struct SourceWatcher: Sendable {
    enum End: Sendable { case over, notOffered }

    let intake: Intake
    let id: SourceID
    let settings: SourceSettings
    let principal: Principal

    private var clock: WallClock { intake.parts.clock }

    func run() async -> End {
        // While one is being obeyed, any number of others are one.
        let (signals, feed) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        return await withTaskGroup(of: End.self) { group in
            group.addTask { await listen { feed.yield() } }
            group.addTask { await obey(signals) }
            group.addTask { await lookAfter() }
            let end = await group.next() ?? .over
            group.cancelAll()
            return end
        }
    }

    private func listen(_ changed: @escaping @Sendable () -> Void) async -> End {
        var failures = 0
        while !Task.isCancelled {
            let began = clock.now()
            do {
                try await intake.connector(for: settings).watch(changed)
                return .notOffered
            } catch {
                if clock.now() - began >= intake.settings.watchBackoff.longest { failures = 0 }
                let wait = intake.settings.watchBackoff.wait(attempt: failures, intake.parts.randomness)
                failures += 1
                try? await clock.sleep(max(wait, Self.asked(by: error)))
            }
        }
        return .over
    }

    private static func asked(by error: any Error) -> Duration {
        guard case SourceFailure.retryable(let after?, _) = error else { return .zero }
        return min(after, .seconds(86_400))
    }

    private func obey(_ signals: AsyncStream<Void>) async -> End {
        for await _ in signals {
            while !Task.isCancelled {
                // Trouble with the database is no reason to end: the next run comes anyway.
                guard let outcome = try? await intake.hasten(id, settings, principal) else { break }
                if outcome == .gone { return .over }
                if outcome == .hastened { break }
                try? await clock.sleep(intake.settings.watchPause)
            }
            try? await clock.sleep(intake.settings.watchPause)
        }
        return .over
    }

    /// Another process may pause, change or delete it.
    private func lookAfter() async -> End {
        while !Task.isCancelled {
            try? await clock.sleep(intake.settings.watchCheck)
            let isWanted = try? await intake.parts.database.read { connection in
                try intake.sources.source(id, for: principal, in: connection)?.isWatched(as: settings) ?? false
            }
            if isWanted == false { return .over }
        }
        return .over
    }
}

extension SourceRecord {
    fileprivate func isWatched(as settings: SourceSettings) -> Bool {
        self.settings == settings && state != .paused && state != .removing
    }
}

extension Intake {
    enum Hastening: Sendable { case hastened, later, gone }

    /// The source's next run comes now. `later` while one runs, which may have passed by what is new.
    func hasten(_ id: SourceID, _ settings: SourceSettings, _ principal: Principal) async throws -> Hastening {
        try await parts.database.write(.tenant(principal.tenant)) { [self] tx in
            guard let record = try sources.source(id, for: principal, in: tx), record.isWatched(as: settings) else {
                return .gone
            }
            // It waits as long as its failure asks for.
            if record.state == .failing { return .hastened }
            let isHastened = try parts.jobs.hasten(
                kind: SyncJob.kind, key: record.jobKey, to: parts.clock.now(), in: tx)
            return isHastened ? .hastened : .later
        }
    }
}
