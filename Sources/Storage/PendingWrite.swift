/// One call of `Database.write` that waits for its turn.
struct PendingWrite: Sendable {
    let scope: WriteScope
    /// Runs the caller's closure. What it returns hands the value over, once the commit is durable.
    let run: @Sendable (any Transaction) throws -> @Sendable () -> Void
    let fail: @Sendable (any Error) -> Void

    init<Value: Sendable>(
        _ scope: WriteScope, _ body: @escaping @Sendable (any Transaction) throws -> Value,
        _ continuation: CheckedContinuation<Value, any Error>
    ) {
        self.scope = scope
        run = { transaction in
            let value = try body(transaction)
            return { continuation.resume(returning: value) }
        }
        fail = { continuation.resume(throwing: $0) }
    }
}
