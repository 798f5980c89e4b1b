import Kit

/// Which engine speaks. The few words that differ live here and in the two connection files.
package enum SQLDialect: Sendable {
    case sqlite, postgres

    /// Appended to a `SELECT` that claims rows for one of several workers.
    package var skipLocked: SQLStatement {
        switch self {
        case .sqlite: ""
        case .postgres: " FOR UPDATE SKIP LOCKED"
        }
    }
}

/// A connection in use by exactly one closure.
package protocol SQLConnection: AnyObject {
    var dialect: SQLDialect { get }
    /// All rows of a query. Callers bound the size with `LIMIT`.
    func rows(_ statement: SQLStatement) throws -> [SQLRow]
    /// Runs a statement that gives no rows; the number of rows changed.
    @discardableResult func execute(_ statement: SQLStatement) throws -> Int
}

extension SQLConnection {
    /// The first row, if any.
    package func row(_ statement: SQLStatement) throws -> SQLRow? { try rows(statement).first }
}

/// Position in a tenant's stream of changes: 1, 2, 3 ... without holes (DESIGN 7.2).
package typealias ChangeSequence = Int64

/// Whose counter row a writing transaction locks first. One tenant's writes are serial, tenants run in parallel.
package enum WriteScope: Hashable, Sendable {
    case tenant(TenantID)
    case platform
}

/// One writing transaction: statements, the change counter and what happens after the commit.
package protocol Transaction: SQLConnection {
    var scope: WriteScope { get }
    /// Takes the next number of the scope's change sequence. Rolled back, the number was never given.
    func nextChange() throws -> ChangeSequence
    /// Delivered to every node's subscribers after the commit, never before and not at all on rollback.
    func publish(_ signal: Signal)
}

/// What nodes tell each other. Small: PostgreSQL carries it in a NOTIFY payload.
package enum Signal: Hashable, Sendable, Codable {
    /// The tenant's change sequence reached this number.
    case changed(TenantID, ChangeSequence)
    case revoked(Revocation)
    /// A job was enqueued, finished or cancelled.
    case jobs(TenantID)
}

/// SQL on one of the two engines.
///
/// Contract, checked by `DatabaseContractTests` on both:
/// 1. `body` runs synchronously on the connection's own thread and is never suspended; the caller's task waits.
/// 2. `write` is atomic and durable on return (full sync, group commit); a throwing `body` leaves nothing behind.
/// 3. Transactions of one scope are serial; `nextChange` numbers are contiguous in commit order.
/// 4. Deadlock and a connection lost before commit are retried a bounded number of times: `body` must be repeatable.
/// 5. `read` sees one consistent snapshot.
package protocol Database: Sendable {
    var dialect: SQLDialect { get }
    func read<Value: Sendable>(_ body: @escaping @Sendable (any SQLConnection) throws -> Value) async throws -> Value
    @discardableResult
    func write<Value: Sendable>(
        _ scope: WriteScope, _ body: @escaping @Sendable (any Transaction) throws -> Value
    ) async throws -> Value
    /// Signals published from now on, by any node. Ends when the database closes.
    /// A subscriber that falls more than 1,024 behind loses the oldest: treat a signal as a hint to look.
    func signals() -> AsyncStream<Signal>
    func close() async
}
