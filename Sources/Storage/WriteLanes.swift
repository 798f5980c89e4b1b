import Synchronization

/// How many writes the engine's commits carried: `writes / commits` is the gain of group commit.
package struct CommitStatistics: Equatable, Sendable {
    package var writes = 0
    package var commits = 0

    package init() {}
}

/// Writes in the order they came, one line per lane. A lane is drained by one thread at a time.
final class WriteLanes: Sendable {
    /// PostgreSQL keeps 64 subtransactions in memory; a longer group would slow down everybody's snapshots.
    static let groupMax = 48
    static let waitingMax = 10_000

    private struct State {
        /// A lane in the dictionary is being drained, even when empty.
        var lanes: [WriteScope: [PendingWrite]] = [:]
        var waiting = 0
        var isClosed = false
        var closing: [CheckedContinuation<Void, Never>] = []
        var statistics = CommitStatistics()
    }

    private let state = Mutex(State())

    var statistics: CommitStatistics { state.withLock { $0.statistics } }

    /// True when nobody drains the lane yet and the caller has to start.
    func add(_ write: PendingWrite, to lane: WriteScope) throws(StorageFailure) -> Bool {
        let isFirst = state.withLock { state -> Result<Bool, StorageFailure> in
            if state.isClosed { return .failure(.unavailable(reason: "the database is closed")) }
            if state.waiting >= Self.waitingMax { return .failure(.unavailable(reason: "too many writes wait")) }
            state.waiting += 1
            let isFirst = state.lanes[lane] == nil
            state.lanes[lane, default: []].append(write)
            return .success(isFirst)
        }
        return try isFirst.get()
    }

    func take(from lane: WriteScope) -> [PendingWrite] {
        state.withLock { state in
            let waiting = state.lanes[lane] ?? []
            state.lanes[lane] = Array(waiting.dropFirst(Self.groupMax))
            state.waiting -= min(waiting.count, Self.groupMax)
            return Array(waiting.prefix(Self.groupMax))
        }
    }

    /// True when more came meanwhile and the caller has to go on.
    func finished(_ lane: WriteScope) -> Bool {
        let closing: [CheckedContinuation<Void, Never>]? = state.withLock { state in
            guard state.lanes[lane]?.isEmpty != false else { return nil }
            state.lanes[lane] = nil
            defer { if state.lanes.isEmpty { state.closing = [] } }
            return state.lanes.isEmpty ? state.closing : []
        }
        for continuation in closing ?? [] { continuation.resume() }
        return closing == nil
    }

    func committed(_ writes: Int) {
        state.withLock { state in
            state.statistics.writes += writes
            state.statistics.commits += 1
        }
    }

    /// Takes no more writes and returns when the last one is through.
    func close() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                state.isClosed = true
                if !state.lanes.isEmpty { state.closing.append(continuation) }
                return state.lanes.isEmpty
            }
            if isIdle { continuation.resume() }
        }
    }
}
