import Foundation
import GRDB

/// One SQLite connection inside one closure of GRDB; GRDB owns it and its thread.
final class SQLiteConnection: WriteSession {
    /// Long lists make many texts that are used once; only short statements stay prepared.
    private static let cachedParametersMax = 24

    private let connection: GRDB.Database
    private(set) var health = TransactionHealth.sound

    init(_ connection: GRDB.Database) { self.connection = connection }

    var dialect: SQLDialect { .sqlite }

    func rows(_ statement: SQLStatement) throws -> [SQLRow] {
        try run(statement) { prepared in
            let names = prepared.columnNames
            let columns = Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
            let cursor = try Row.fetchCursor(prepared)
            var rows: [SQLRow] = []
            while let row = try cursor.next() {
                rows.append(SQLRow(columns: columns, values: row.databaseValues.map(SQLValue.init)))
            }
            return rows
        }
    }

    @discardableResult
    func execute(_ statement: SQLStatement) throws -> Int {
        try run(statement) { prepared in
            try prepared.execute()
            return connection.changesCount
        }
    }

    private func run<Value>(_ statement: SQLStatement, _ body: (GRDB.Statement) throws -> Value) throws -> Value {
        try health.requireSound()
        let text = statement.text { _ in "?" }
        do {
            let arguments = try statement.values.map { try $0.databaseValue() }
            let isCached = arguments.count <= Self.cachedParametersMax
            let prepared = try isCached ? connection.cachedStatement(sql: text) : connection.makeStatement(sql: text)
            try prepared.setArguments(StatementArguments(arguments))
            return try body(prepared)
        } catch {
            throw noted(error, text)
        }
    }

    /// Remembers what the error means for the transaction.
    private func noted(_ error: any Error, _ text: String) -> StorageFailure {
        let failure = StorageFailure(sqlite: error, text: text)
        switch failure {
        case .diskFull: health = .aborted(failure, .isolate)
        case .unavailable: health = .aborted(failure, .none)
        default: health = .refused(failure)
        }
        return failure
    }

    private func command(_ text: String) throws {
        do {
            try connection.cachedStatement(sql: text).execute()
        } catch {
            throw noted(error, text)
        }
    }
}

extension SQLiteConnection {
    func begin(_ scope: WriteScope) throws { try command("BEGIN IMMEDIATE") }

    func savepoint(_ step: SavepointStep) throws {
        try command(step.rawValue)
        guard case .rollback = step else { return }
        try command(SavepointStep.release.rawValue)
        health = .sound
    }

    /// One process holds the directory, so there is nobody else to tell.
    func announce(_ signals: [Signal]) {}

    func commit() throws { try command("COMMIT") }

    func rollback() {
        // SQLite may have rolled back by itself (full disk); an error here leaves nothing to undo either.
        if connection.isInsideTransaction { try? connection.rollback() }
        health = .sound
    }

    /// One writer: no deadlock, no lost connection, so nothing is retried.
    func waitBeforeRetry(_ attempt: Int) {}
}

extension SQLValue {
    init(_ value: DatabaseValue) {
        self =
            switch value.storage {
            case .null: .null
            case .int64(let number): .integer(number)
            case .double(let number): .real(number)
            case .string(let text): .text(text)
            case .blob(let data): .blob([UInt8](data))
            }
    }

    func databaseValue() throws(StorageFailure) -> DatabaseValue {
        try requireStorable()
        return switch self {
        case .null: .null
        case .integer(let number): number.databaseValue
        case .real(let number): number.databaseValue
        case .text(let text): text.databaseValue
        case .blob(let bytes): Data(bytes).databaseValue
        }
    }

    /// PostgreSQL refuses NUL in text, SQLite turns NaN into NULL. Both engines take only what both can hold.
    func requireStorable() throws(StorageFailure) {
        switch self {
        case .text(let text) where text.utf8.contains(0): throw .unstorableValue
        case .real(let number) where number.isNaN: throw .unstorableValue
        default: return
        }
    }
}

extension StorageFailure {
    /// GRDB leaves arguments out of its messages, and so do we.
    init(sqlite error: any Error, text: String) {
        if let failure = error as? StorageFailure {
            self = failure
            return
        }
        guard let error = error as? DatabaseError else {
            self = .badStatement(text: text, reason: "\(type(of: error))")
            return
        }
        let reason = error.message ?? "SQLite error \(error.resultCode.rawValue)"
        self =
            switch error.resultCode.primaryResultCode {
            case .SQLITE_CONSTRAINT where error.extendedResultCode.rawValue != Self.datatypeConstraint:
                .constraint(name: reason.components(separatedBy: "constraint failed: ").dropFirst().last)
            case .SQLITE_FULL: .diskFull
            case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_IOERR, .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_CANTOPEN,
                .SQLITE_NOMEM, .SQLITE_PROTOCOL, .SQLITE_INTERRUPT:
                .unavailable(reason: "SQLite: \(reason)")
            default: .badStatement(text: text, reason: reason)
            }
    }

    /// SQLITE_CONSTRAINT_DATATYPE (3.37, sqlite.org/rescode.html): a wrong type in a STRICT table, a defect of ours.
    private static let datatypeConstraint: CInt = 19 | 12 << 8
}
