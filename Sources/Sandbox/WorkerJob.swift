import Kit

/// One call of the pool, from its arrival to its answer.
final class WorkerJob: @unchecked Sendable {  // The pool's lock guards `state`; the rest does not change.
    enum State {
        case waiting
        /// Taken by a thread; the process is nil while it is being started.
        case running(JailedProcess?)
        /// Its task was cancelled while a thread had it.
        case cancelled
        case done
    }

    let tenant: TenantID
    let deadline: ContinuousClock.Instant
    /// Runs the caller's body. Returns how to answer the caller, and whether the worker may be used again.
    let perform: (borrowing WorkerConnection) -> Answer
    let fail: (any Error) -> Void
    var state = State.waiting

    struct Answer {
        let isSound: Bool
        let send: () -> Void
    }

    init<Value: Sendable>(
        tenant: TenantID, deadline: ContinuousClock.Instant,
        body: @escaping @Sendable (borrowing WorkerConnection) throws -> Value,
        continuation: CheckedContinuation<Value, any Error>
    ) {
        self.tenant = tenant
        self.deadline = deadline
        fail = { continuation.resume(throwing: $0) }
        perform = { connection in
            do {
                let value = try body(connection)
                return Answer(isSound: true) { continuation.resume(returning: value) }
            } catch {
                return Answer(isSound: false) { continuation.resume(throwing: error) }
            }
        }
    }
}
