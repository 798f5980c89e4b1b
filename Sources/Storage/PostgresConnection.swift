import CPostgres
import Foundation
import Kit

/// One blocking connection, used by one thread. Statements are parameterised and prepared on first use.
final class PostgresConnection: SQLConnection {
    /// Long lists make many texts that are used once; only short statements stay prepared.
    private static let preparedParametersMax = 24
    private static let preparedMax = 200

    private struct PreparedKey: Hashable {
        let text: String
        let types: [UInt32]
    }

    private let handle: OpaquePointer
    private var prepared: [PreparedKey: String] = [:]
    private(set) var health = TransactionHealth.sound

    init(_ address: PostgresAddress) throws {
        handle = try address.connect()
        // Our own notices (IF NOT EXISTS) are not news.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        // A writer that waits longer for its tenant's row than this is better told than kept.
        try command("SET lock_timeout = '20s'; SET idle_in_transaction_session_timeout = '60s'")
        if let schema = address.schema { try command("SET search_path TO \(schema.quoted)") }
    }

    deinit { PQfinish(handle) }

    var dialect: SQLDialect { .postgres }

    /// Connected and outside a transaction.
    var isReady: Bool {
        PQstatus(handle) == CONNECTION_OK && PQtransactionStatus(handle) == PQTRANS_IDLE
    }

    var isInTransaction: Bool { PQtransactionStatus(handle) == PQTRANS_INTRANS }
    var isConnected: Bool { PQstatus(handle) == CONNECTION_OK }
    var socket: Int32 { PQsocket(handle) }

    func rows(_ statement: SQLStatement) throws -> [SQLRow] { try run(statement).rows() }

    @discardableResult
    func execute(_ statement: SQLStatement) throws -> Int { try run(statement).rowsChanged }

    /// A command without parameters whose text is ours: transaction control and session settings.
    @discardableResult
    func command(_ text: String) throws -> PostgresResult { try checked(PQexec(handle, text), text) }

    func heal() { health = .sound }

    /// Notifications that have arrived.
    func notifications() -> [String] {
        guard PQconsumeInput(handle) == 1 else { return [] }
        var payloads: [String] = []
        while let notification = PQnotifies(handle) {
            payloads.append(String(cString: notification.pointee.extra))
            PQfreemem(notification)
        }
        return payloads
    }

    private func run(_ statement: SQLStatement) throws -> PostgresResult {
        try health.requireSound()
        let text = statement.text { "$\($0)" }
        let parameters = try PostgresParameters(statement.values)
        guard parameters.count <= Self.preparedParametersMax else {
            return try checked(executeOnce(text, parameters), text)
        }
        let name = try prepare(text, parameters.types)
        let result = parameters.withArrays { values, lengths, formats in
            PQexecPrepared(handle, name, Int32(values.count), values, lengths, formats, 1)
        }
        return try checked(result, text)
    }

    private func executeOnce(_ text: String, _ parameters: PostgresParameters) -> OpaquePointer? {
        parameters.withArrays { values, lengths, formats in
            PQexecParams(handle, text, Int32(values.count), parameters.types, values, lengths, formats, 1)
        }
    }

    private func prepare(_ text: String, _ types: [UInt32]) throws -> String {
        let key = PreparedKey(text: text, types: types)
        if let name = prepared[key] { return name }
        if prepared.count >= Self.preparedMax {
            try command("DEALLOCATE ALL")
            prepared = [:]
        }
        let name = "s\(prepared.count)"
        try checked(PQprepare(handle, name, text, Int32(types.count), types), text)
        prepared[key] = name
        return name
    }

    @discardableResult
    private func checked(_ result: OpaquePointer?, _ text: String) throws -> PostgresResult {
        if let result {
            let result = PostgresResult(result)
            if result.succeeded { return result }
            health = result.health(of: text)
        }
        if result == nil || !isConnected {
            health = .aborted(.unavailable(reason: "the connection to PostgreSQL was lost"), .retry)
        }
        try health.requireSound()
        // Unreachable: a result that did not succeed has made the health unsound.
        throw StorageFailure.unavailable(reason: "PostgreSQL gave no result")
    }
}
