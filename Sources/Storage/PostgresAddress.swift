import CPostgres
import Foundation
import Kit

/// Where a PostgreSQL database is: a libpq URI, with `schema=name` added by us.
///
/// `postgres://user@host:5432/cloister?sslmode=verify-full&schema=cloister`. Without `schema` the server's search path
/// holds.
struct PostgresAddress: Sendable {
    /// For libpq; may hold a password and is never printed.
    private let uri: Secret
    let schema: SQLIdentifier?

    init(_ url: Secret) throws(StorageFailure) {
        let parts = url.reveal().split(separator: "?", maxSplits: 1)
        let query = parts.count > 1 ? parts[1].split(separator: "&") : []
        let schemas = query.filter { $0.hasPrefix("schema=") }.map { String($0.dropFirst("schema=".count)) }
        guard let base = parts.first, base.hasPrefix("postgres://") || base.hasPrefix("postgresql://") else {
            throw .unavailable(reason: "the storage URL does not start with postgres://")
        }
        schema = schemas.first.flatMap { SQLIdentifier($0) }
        guard schemas.count == (schema == nil ? 0 : 1) else {
            throw .unavailable(reason: "schema in the storage URL is not a plain lower-case name")
        }
        let rest = query.filter { !$0.hasPrefix("schema=") }.joined(separator: "&")
        uri = Secret(rest.isEmpty ? String(base) : "\(base)?\(rest)")
    }

    /// The name nodes of one installation listen on.
    var channel: String { "cloister_" + (schema?.name ?? "public") }

    /// A new connection. Throws `unavailable` with libpq's words, which name host and user and never the password.
    func connect() throws(StorageFailure) -> OpaquePointer {
        // What stands after `dbname` wins over the URI: a peer that vanished is noticed within seconds (DESIGN 7.4).
        let settings = [
            ("dbname", uri.reveal()), ("client_encoding", "UTF8"), ("application_name", "cloister"),
            ("connect_timeout", "5"), ("keepalives_idle", "5"), ("keepalives_interval", "2"),
            ("keepalives_count", "3"), ("tcp_user_timeout", "10000"),
        ]
        let connection = withCStrings(settings.map(\.0)) { names in
            withCStrings(settings.map(\.1)) { values in PQconnectdbParams(names, values, 1) }
        }
        guard let connection else { throw .unavailable(reason: "no memory for a PostgreSQL connection") }
        guard PQstatus(connection) == CONNECTION_OK else {
            let reason = String(cString: PQerrorMessage(connection))
            PQfinish(connection)
            throw .unavailable(reason: "PostgreSQL: \(reason.trimmingCharacters(in: .whitespacesAndNewlines))")
        }
        return connection
    }
}

/// Calls `body` with a NULL-terminated array of C strings.
private func withCStrings<Value>(
    _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Value
) -> Value {
    let copies = strings.map { UnsafePointer<CChar>(strdup($0)) }
    defer { for copy in copies { free(UnsafeMutablePointer(mutating: copy)) } }
    // The closing NULL makes the array non-empty, so it has an address.
    return (copies + [nil]).withUnsafeBufferPointer { body($0.baseAddress!) }
}
