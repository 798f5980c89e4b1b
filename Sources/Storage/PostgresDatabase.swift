import Kit

/// SQL for many nodes: PostgreSQL 15 or later through libpq, on threads of our own.
///
/// A writing transaction is READ COMMITTED and first locks its scope's counter row; a read is a REPEATABLE READ
/// snapshot. Waiting writes of one scope share a transaction and so a full sync, as on SQLite.
package final class PostgresDatabase: Database {
    package static let connectionsDefault = 8

    private let sessions: WorkerThreads<PostgresSession>
    private let listener: PostgresListener
    private let hub: SignalHub
    private let lanes = WriteLanes()

    private init(sessions: WorkerThreads<PostgresSession>, listener: PostgresListener, hub: SignalHub) {
        self.sessions = sessions
        self.listener = listener
        self.hub = hub
    }

    /// Connects, brings the tables of `Storage` itself and listens. `url` is a libpq URI, to which `schema=name` may
    /// be added; that schema is made when missing. At most `connections` and one for listening are opened.
    /// Throws `unavailable` with the server's words.
    package static func open(
        url: Secret, connections: Int = connectionsDefault, randomness: Randomness = .system
    ) async throws -> PostgresDatabase {
        let address = try PostgresAddress(url)
        let node = Hex.encode(randomness.bytes(8))
        let hub = SignalHub()
        let sessions = WorkerThreads(name: "postgres", threadsMax: max(connections, 1)) {
            PostgresSession(address, node: node)
        }
        do {
            try await sessions.run { try $0.prepareSchema(address.schema) }
            let listener = try await sessions.run { _ in try PostgresListener(address, node: node, hub: hub) }
            return PostgresDatabase(sessions: sessions, listener: listener, hub: hub)
        } catch {
            await sessions.close()
            throw error
        }
    }

    package var dialect: SQLDialect { .postgres }

    /// How many writes shared how many commits of this node.
    package var statistics: CommitStatistics { lanes.statistics }

    /// Time since the server last answered this node's listener, which asks every second.
    package var silence: Duration { listener.silence }

    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await sessions.run { try $0.snapshot(body) }
    }

    @discardableResult
    package func write<Value: Sendable>(
        _ scope: WriteScope, _ body: @escaping @Sendable (any Transaction) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let write = PendingWrite(scope, body, continuation)
            do {
                if try lanes.add(write, to: scope) { drain(scope) }
            } catch {
                write.fail(error)
            }
        }
    }

    /// Runs what waits in the lane, then queues again behind the other lanes if more came.
    private func drain(_ lane: WriteScope) {
        do {
            try sessions.submit { session in
                GroupCommit(session: session, hub: self.hub, lanes: self.lanes).run(self.lanes.take(from: lane))
                if self.lanes.finished(lane) { self.drain(lane) }
            }
        } catch {
            repeat {
                for write in lanes.take(from: lane) { write.fail(error) }
            } while lanes.finished(lane)
        }
    }

    /// `body` in a transaction that belongs to no scope and takes no change number: blobs.
    @discardableResult
    func unscoped<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await sessions.run { try $0.unscoped(body) }
    }

    package func signals() -> AsyncStream<Signal> { hub.subscribe() }

    package func close() async {
        await lanes.close()
        await listener.close()
        await sessions.close()
        hub.close()
    }
}

extension PostgresSession {
    /// Two nodes may start together, and `IF NOT EXISTS` alone does not keep them apart: an advisory lock does.
    fileprivate func prepareSchema(_ schema: SQLIdentifier?) throws {
        try unscoped { connection in
            // The lock's number is ours alone: the bytes of "cloiste" as an integer.
            _ = try connection.rows("SELECT CAST(pg_advisory_xact_lock(27985248460698725) AS TEXT) AS locked")
            if let schema { try connection.execute("CREATE SCHEMA IF NOT EXISTS \(schema)") }
            for statement in StorageMigrations.base + [StorageMigrations.blobs] {
                try connection.execute(PortableSchema.translate(statement, for: .postgres))
            }
        }
    }
}
