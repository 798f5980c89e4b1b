import Kit
import Synchronization

/// The answers that this process is writing, and who waits for their next sentence.
///
/// A run goes on when a reader's connection breaks, so that the stream can be resumed; when nobody has followed it for
/// a while it is stopped, which frees the model at once.
final class AnswerRuns: Sendable {
    fileprivate struct Run {
        var task: Task<Void, Never>?
        var version = 0
        var followers = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private struct State {
        var runs: [AnswerID: Run] = [:]
        var lastWaiter = 0
    }

    private let state = Mutex(State())
    private let clock: WallClock
    private let grace: Duration
    private let runsMax: Int

    init(clock: WallClock, grace: Duration, runsMax: Int) {
        self.clock = clock
        self.grace = grace
        self.runsMax = runsMax
    }

    /// Takes a place for a run, which `start` or `leave` must follow.
    func enter(_ id: AnswerID) throws(AnswerFailure) {
        let hasRoom = state.withLock { state in
            guard state.runs.count < runsMax else { return false }
            state.runs[id] = Run()
            return true
        }
        guard hasRoom else { throw .busy }
    }

    /// Gives back the place of a run that did not start.
    func leave(_ id: AnswerID) { end(id) }

    func start(_ id: AnswerID, _ work: @escaping @Sendable () async -> Void) {
        let task = Task {
            await work()
            self.end(id)
        }
        state.withLock { $0.runs[id]?.task = task }
        abandon(id)
    }

    /// A number that grows with every change; nil when no run of this process writes the answer.
    func version(of id: AnswerID) -> Int? { state.withLock { $0.runs[id]?.version } }

    func changed(_ id: AnswerID) {
        wake(
            state.withLock { state in
                state.runs[id]?.version += 1
                return state.runs[id]?.takeWaiters() ?? []
            })
    }

    func stop(_ id: AnswerID) { state.withLock { $0.runs[id]?.task }?.cancel() }

    /// Returns at the next change after `version`, at the end of the run, or when the task is cancelled.
    func wait(for id: AnswerID, beyond version: Int) async {
        let ticket = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mayGoOn = state.withLock { state -> Bool in
                    guard let run = state.runs[id], run.version == version, !Task.isCancelled else { return true }
                    state.runs[id]?.waiters[ticket] = continuation
                    return false
                }
                if mayGoOn { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.runs[id]?.waiters.removeValue(forKey: ticket) }?.resume()
        }
    }

    /// For as long as `body` runs, somebody reads the answer.
    func following<Result: Sendable>(
        _ id: AnswerID, _ body: @Sendable () async throws -> Result
    ) async rethrows -> Result {
        state.withLock { $0.runs[id]?.followers += 1 }
        defer {
            state.withLock { $0.runs[id]?.followers -= 1 }
            abandon(id)
        }
        return try await body()
    }

    /// Stops the run unless somebody follows it before the grace is over.
    private func abandon(_ id: AnswerID) {
        guard state.withLock({ $0.runs[id]?.followers == 0 }) else { return }
        Task { [clock, grace] in
            try? await clock.sleep(grace)
            if self.state.withLock({ $0.runs[id]?.followers == 0 }) { self.stop(id) }
        }
    }

    private func end(_ id: AnswerID) {
        wake(state.withLock { state in state.runs.removeValue(forKey: id)?.waiters.values.map(\.self) ?? [] })
    }

    private func wake(_ waiters: [CheckedContinuation<Void, Never>]) { for waiter in waiters { waiter.resume() } }
}

extension AnswerRuns.Run {
    fileprivate mutating func takeWaiters() -> [CheckedContinuation<Void, Never>] {
        defer { waiters = [:] }
        return Array(waiters.values)
    }
}
