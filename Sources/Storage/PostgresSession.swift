import CPostgres
import Foundation
import Kit

/// A worker's connection: opened when first needed and opened again after it broke.
final class PostgresSession: WriteSession {
    private let address: PostgresAddress
    /// Marks our own notifications, which the hub has already delivered.
    private let node: String
    private var connection: PostgresConnection?
    private var failure: TransactionHealth?
    /// The server's name of the current transaction.
    private var transactionID = ""

    init(_ address: PostgresAddress, node: String) {
        self.address = address
        self.node = node
    }

    var dialect: SQLDialect { .postgres }

    var health: TransactionHealth { failure ?? connection?.health ?? .sound }

    func rows(_ statement: SQLStatement) throws -> [SQLRow] { try connected().rows(statement) }

    func execute(_ statement: SQLStatement) throws -> Int { try connected().execute(statement) }

    /// A ready connection, new when the old one broke.
    func connect() throws -> PostgresConnection {
        if let connection, connection.isReady { return connection }
        connection = nil
        do {
            let fresh = try PostgresConnection(address)
            connection = fresh
            return fresh
        } catch {
            let reason = error as? StorageFailure ?? .unavailable(reason: "\(type(of: error))")
            failure = .aborted(reason, .retry)
            throw reason
        }
    }

    private func connected() throws -> PostgresConnection {
        guard let connection else { throw StorageFailure.unavailable(reason: "no connection to PostgreSQL") }
        return connection
    }
}

extension PostgresSession {
    func begin(_ scope: WriteScope) throws {
        let connection = try connect()
        try connection.command("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
        transactionID = try connection.lockCounter(of: scope)
    }

    func savepoint(_ step: SavepointStep) throws {
        let connection = try connected()
        if case .rollback = step {
            connection.heal()
            try connection.command("\(step.rawValue); \(SavepointStep.release.rawValue)")
        } else {
            try connection.command(step.rawValue)
        }
    }

    func announce(_ signals: [Signal]) throws {
        for signal in signals {
            let payload = try PostgresNotice(node: node, signal: signal).text()
            _ = try connected().rows("SELECT CAST(pg_notify(\(address.channel), \(payload)) AS TEXT) AS sent")
        }
    }

    func commit() throws {
        let connection = try connected()
        do {
            let result = try connection.command("COMMIT")
            if result.commandTag == "COMMIT" { return }
            // A transaction that failed before is rolled back by COMMIT, without an error.
            throw StorageFailure.unavailable(reason: "PostgreSQL rolled back")
        } catch  where !connection.isConnected {
            try settleLostCommit()
        }
    }

    /// The connection went away between COMMIT and its answer: asks the server what became of the transaction.
    private func settleLostCommit() throws {
        let unknown = StorageFailure.unavailable(reason: "the connection was lost in COMMIT; the outcome is unknown")
        failure = .aborted(unknown, .none)
        for attempt in 1...GroupCommit.attemptsMax {
            waitBeforeRetry(attempt)
            guard let connection = try? connect() else { continue }
            switch try connection.transactionStatus(transactionID) {
            case "committed":
                failure = nil
                return
            case "aborted":
                failure = .aborted(.unavailable(reason: "the connection to PostgreSQL was lost"), .retry)
                throw unknown
            default: failure = .aborted(unknown, .none)
            }
        }
        throw unknown
    }

    func rollback() {
        failure = nil
        guard let connection else { return }
        connection.heal()
        if connection.isReady { return }
        // A connection that cannot even roll back is dropped; the server ends its transaction then.
        if (try? connection.command("ROLLBACK")) == nil { self.connection = nil }
        connection.heal()
    }

    func waitBeforeRetry(_ attempt: Int) {
        // A worker's own thread; a server that restarts needs a moment, a deadlock's winner only milliseconds.
        Thread.sleep(forTimeInterval: 0.02 * Double(1 << attempt))
    }

    /// One consistent snapshot.
    func snapshot<Value>(_ body: (any SQLConnection) throws -> Value) throws -> Value {
        try retrying { connection in
            try connection.command("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            let value = try body(connection)
            try connection.health.requireSound()
            return value
        }
    }

    /// `body` in a transaction without a scope: storage's own tables, where no change number is due.
    func unscoped<Value>(_ body: (any SQLConnection) throws -> Value) throws -> Value {
        try retrying { connection in
            try connection.command("BEGIN")
            transactionID = try connection.currentTransaction()
            let value = try body(connection)
            try connection.health.requireSound()
            try commit()
            return value
        }
    }

    /// Runs again when timing or a lost connection was the cause.
    private func retrying<Value>(_ body: (PostgresConnection) throws -> Value) throws -> Value {
        var attempt = 1
        while true {
            do {
                let value = try body(try connect())
                rollback()
                return value
            } catch {
                let health = health
                rollback()
                guard case .aborted(_, .retry) = health, attempt < GroupCommit.attemptsMax else { throw error }
                waitBeforeRetry(attempt)
                attempt += 1
            }
        }
    }
}

extension PostgresConnection {
    fileprivate func currentTransaction() throws -> String {
        try rows("SELECT CAST(pg_current_xact_id() AS TEXT) AS id")[0]["id"]
    }

    /// `committed`, `aborted` or `in progress`; empty when the server no longer knows.
    func transactionStatus(_ id: String) throws -> String {
        let row = try row("SELECT pg_xact_status(CAST(\(id) AS xid8)) AS status")
        return try row?["status"] ?? ""
    }
}

/// A signal on the wire between nodes.
struct PostgresNotice: Codable {
    let node: String
    let signal: Signal

    func text() throws -> String { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) }

    /// Nil for a payload of another release.
    init?(text: String) {
        guard let notice = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)) else { return nil }
        self = notice
    }

    init(node: String, signal: Signal) {
        self.node = node
        self.signal = signal
    }
}
