import Foundation
import Kit

/// Time that moves only when a test says so. Sleepers wake in order of their deadline.
package final class VirtualClock: @unchecked Sendable {  // All state is behind `lock`.
    private struct Sleeper {
        let deadline: Timestamp
        let continuation: CheckedContinuation<Void, any Error>
    }

    private let lock = NSLock()
    private var current: Timestamp
    private var sleepers: [Int: Sleeper] = [:]
    private var nextSleeper = 0

    /// Starts at 2026-01-01T00:00:00Z unless told otherwise.
    package init(now: Timestamp = Timestamp(microseconds: 1_767_225_600_000_000)) { current = now }

    package var clock: WallClock {
        WallClock(now: { self.now }, sleep: { try await self.sleep($0) })
    }

    package var now: Timestamp { lock.withLock { current } }

    /// How many tasks wait for time to pass: lets a test advance only once its subject really sleeps.
    package var sleeping: Int { lock.withLock { sleepers.count } }

    package func advance(by duration: Duration) {
        let due = lock.withLock {
            current = current + duration
            let due = sleepers.filter { $0.value.deadline <= current }
            due.keys.forEach { sleepers[$0] = nil }
            return due.values.sorted { $0.deadline < $1.deadline }
        }
        due.forEach { $0.continuation.resume() }
    }

    private func sleep(_ duration: Duration) async throws {
        let id = lock.withLock {
            nextSleeper += 1
            return nextSleeper
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let ready = lock.withLock {
                    guard duration > .zero, !Task.isCancelled else { return true }
                    sleepers[id] = Sleeper(deadline: current + duration, continuation: continuation)
                    return false
                }
                guard ready else { return }
                continuation.resume(with: Result { try Task.checkCancellation() })
            }
        } onCancel: {
            lock.withLock { sleepers.removeValue(forKey: id) }?.continuation.resume(throwing: CancellationError())
        }
    }
}
