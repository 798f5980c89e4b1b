import Foundation
import Kit

/// One PostgreSQL connection with a blocking interface, for `Keyring`: a sealer is called inside a transaction's
/// closure and can neither wait for a task nor for one of the pool's sessions, which all may be waiting for it.
///
/// Opened again when it was lost; a call that meets a lost connection, a deadlock or a lock that it waited 20 s for is
/// run again, at most `GroupCommit.attemptsMax` times in all. So `body` must be repeatable.
package final class BlockingPostgres: @unchecked Sendable {  // `session` is used behind `lock` only.
    private let lock = NSLock()
    private let session: PostgresSession

    private init(session: PostgresSession) { self.session = session }

    /// Connects. `url` is that of `PostgresDatabase.open`, which makes the schema. Throws `unavailable`.
    package static func open(url: Secret) throws -> BlockingPostgres {
        // It announces nothing, so it needs no name among the nodes.
        let session = PostgresSession(try PostgresAddress(url), node: "")
        _ = try session.connect()
        return BlockingPostgres(session: session)
    }

    /// Runs `body` on one consistent snapshot. Blocks; not reentrant.
    package func read<Value>(_ body: (any SQLConnection) throws -> Value) throws -> Value {
        try lock.withLock { try session.snapshot(body) }
    }

    /// Runs `body` in one READ COMMITTED transaction: durable on return, nothing left behind when it throws. It takes
    /// no scope's counter row, so it waits for no transaction of the pool. Blocks; not reentrant.
    @discardableResult
    package func write<Value>(_ body: (any SQLConnection) throws -> Value) throws -> Value {
        try lock.withLock { try session.unscoped(body) }
    }
}
