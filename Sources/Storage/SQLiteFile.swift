import GRDB
import Synchronization

/// A small SQLite file with a rollback journal and a blocking interface, for `Keyring`: a sealer is called inside a
/// transaction's closure and cannot wait for a task.
///
/// The rollback journal keeps no old pages beside the file after a commit, as a WAL would.
package final class SQLiteFile: Sendable {
    private let queue: DatabaseQueue

    private init(queue: DatabaseQueue) { self.queue = queue }

    /// Opens or creates the file and applies the missing migrations of `schemas`.
    ///
    /// With `keepsJournal` the journal stays beside the file between transactions, its header zeroed and its old pages
    /// for the owner to overwrite: unlinked, they would lie on the disk where nobody can reach them.
    package static func open(path: String, schemas: [Schema], keepsJournal: Bool = false) throws -> SQLiteFile {
        do {
            var configuration = SQLiteSettings.configuration(busySeconds: SQLiteDatabase.busySeconds)
            configuration.prepareDatabase { connection in
                // EXTRA syncs the folder after the journal is unlinked: without it a commit can come back undone.
                let mode = keepsJournal ? "PERSIST" : "DELETE"
                try connection.execute(sql: "PRAGMA journal_mode = \(mode); PRAGMA synchronous = EXTRA")
            }
            let file = SQLiteFile(queue: try DatabaseQueue(path: path, configuration: configuration))
            try file.write { connection in
                for statement in StorageMigrations.base {
                    try connection.execute(PortableSchema.translate(statement, for: .sqlite))
                }
                _ = try Migrator(schemas).apply(on: connection)
            }
            return file
        } catch {
            throw StorageFailure(sqlite: error, text: "open")
        }
    }

    /// Runs `body` on one consistent snapshot. Blocks; not reentrant.
    package func read<Value>(_ body: (any SQLConnection) throws -> Value) throws -> Value {
        try mapped { try queue.read { try body(SQLiteConnection($0)) } }
    }

    /// Runs `body` in one transaction: durable on return, nothing left behind when it throws. Blocks; not reentrant.
    @discardableResult
    package func write<Value>(_ body: (any SQLConnection) throws -> Value) throws -> Value {
        try mapped {
            try queue.writeWithoutTransaction { connection in
                let session = SQLiteConnection(connection)
                // After a commit there is nothing to roll back, and this does nothing.
                defer { session.rollback() }
                try session.begin(.platform)
                let value = try body(session)
                try session.health.requireSound()
                try session.commit()
                return value
            }
        }
    }

    package func close() throws {
        try mapped { try queue.close() }
    }

    private func mapped<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw StorageFailure(sqlite: error, text: "transaction")
        }
    }
}
