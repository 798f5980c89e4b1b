import Kit
import Synchronization

/// `Patience` with a clock: runs work and stops it when one of its limits is over.
final class ExchangeWatch: Sendable {
    private struct State {
        var patience: Patience
        var origin: OutboundOrigin
    }

    private let clock: WallClock
    private let state: Mutex<State>

    init(_ limits: OutboundLimits, origin: OutboundOrigin, clock: WallClock) {
        self.clock = clock
        state = Mutex(State(patience: Patience(limits, at: clock.now()), origin: origin))
    }

    func begin(_ phase: Patience.Phase, _ origin: OutboundOrigin) {
        let now = clock.now()
        state.withLock {
            $0.patience.begin(phase, at: now)
            $0.origin = origin
        }
    }

    func pause() { state.withLock { $0.patience.pause() } }

    /// The result of `work`, or `OutboundFailure.timedOut` and `work` is cancelled.
    func guarding<Result: Sendable>(_ work: @escaping @Sendable () async throws -> Result) async throws -> Result {
        try await withThrowingTaskGroup(of: Result.self) { group in
            group.addTask { throw try await self.expiry() }
            group.addTask(operation: work)
            defer { group.cancelAll() }
            guard let result = try await group.next() else { throw CancellationError() }
            return result
        }
    }

    private func expiry() async throws -> OutboundFailure {
        while true {
            let now = clock.now()
            let (verdict, origin) = state.withLock { ($0.patience.verdict(at: now), $0.origin) }
            switch verdict {
            case .expired(let phase): return .timedOut(origin, phase)
            case .wait(let duration): try await clock.sleep(duration)
            }
        }
    }
}
