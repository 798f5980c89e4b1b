import Dispatch
import GRDB

/// SQL on one machine: SQLite in WAL mode with full sync, one writer with group commit, a pool of readers.
package final class SQLiteDatabase: Database {
    static let readersMax = 8
    static let busySeconds = 10.0

    private let pool: DatabasePool
    private let hub = SignalHub()
    private let lanes = WriteLanes()
    private let writer = DispatchQueue(label: "cloister.sqlite.writer")

    private init(pool: DatabasePool) { self.pool = pool }

    /// Opens or creates the file at `path`; its folder must exist. Brings only the tables of `Storage` itself,
    /// `Migrator` brings the rest. Throws `unavailable` when the file is no database or cannot be opened.
    package static func open(path: String) throws -> SQLiteDatabase {
        do {
            var configuration = SQLiteSettings.configuration(busySeconds: busySeconds)
            configuration.maximumReaderCount = readersMax
            let pool = try DatabasePool(path: path, configuration: configuration)
            try pool.writeWithoutTransaction { writer in
                // GRDB sets NORMAL when it turns WAL on, and NORMAL loses commits when the power goes.
                try writer.execute(sql: "PRAGMA synchronous = FULL")
                let connection = SQLiteConnection(writer)
                for statement in StorageMigrations.base {
                    try connection.execute(PortableSchema.translate(statement, for: .sqlite))
                }
            }
            return SQLiteDatabase(pool: pool)
        } catch {
            throw StorageFailure(sqlite: error, text: "open")
        }
    }

    package var dialect: SQLDialect { .sqlite }

    /// How many writes shared how many full syncs.
    package var statistics: CommitStatistics { lanes.statistics }

    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            pool.asyncRead { access in
                continuation.resume(
                    with: Result {
                        do {
                            return try body(SQLiteConnection(try access.get()))
                        } catch let error as DatabaseError {
                            throw StorageFailure(sqlite: error, text: "read")
                        }
                    })
            }
        }
    }

    @discardableResult
    package func write<Value: Sendable>(
        _ scope: WriteScope, _ body: @escaping @Sendable (any Transaction) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let write = PendingWrite(scope, body, continuation)
            do {
                // One lane for all scopes: the file has one writer.
                if try lanes.add(write, to: .platform) { writer.async { self.drain() } }
            } catch {
                write.fail(error)
            }
        }
    }

    private func drain() {
        let writes = lanes.take(from: .platform)
        pool.writeWithoutTransaction { connection in
            GroupCommit(session: SQLiteConnection(connection), hub: hub, lanes: lanes).run(writes)
        }
        if lanes.finished(.platform) { writer.async { self.drain() } }
    }

    package func signals() -> AsyncStream<Signal> { hub.subscribe() }

    package func close() async {
        await lanes.close()
        hub.close()
        // A reader still at work keeps its connection; the file is consistent either way.
        try? pool.close()
    }
}

/// What every connection to a SQLite file of ours sets.
enum SQLiteSettings {
    static func configuration(busySeconds: Double) -> Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(busySeconds)
        configuration.prepareDatabase { connection in
            // Deleted content is overwritten with zeros. Untrusted schemas run no functions of ours.
            try connection.execute(
                sql: "PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY")
        }
        return configuration
    }
}
