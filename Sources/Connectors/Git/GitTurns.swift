import Synchronization

/// Lets tasks in one by one, in the order in which they came: who waits finds what the one before fetched.
final class GitTurns: Sendable {
    private struct State {
        var isTaken = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// A task that is cancelled while it waits leaves when its turn comes; each turn is bounded by the time limits of
    /// its requests.
    func alone<Result>(_ work: () async throws -> Result) async throws -> Result {
        await take()
        defer { give() }
        try Task.checkCancellation()
        return try await work()
    }

    private func take() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                if state.isTaken { state.waiting.append(continuation) }
                defer { state.isTaken = true }
                return !state.isTaken
            }
            if isFree { continuation.resume() }
        }
    }

    private func give() {
        let next = state.withLock { state in
            state.isTaken = !state.waiting.isEmpty
            return state.waiting.isEmpty ? nil : state.waiting.removeFirst()
        }
        next?.resume()
    }
}
