import Kit
import Storage

/// One version of one scope's key.
struct KeyRow {
    let scope: KeyScope
    let version: KeyVersion
    /// The version of the parent's key that wraps this one; 0 under the root key.
    let parentVersion: KeyVersion
    let wrapped: [UInt8]
}

/// The statements about keys that are the same on both engines, over a connection that one closure holds.
struct KeyringStore {
    let connection: any SQLConnection
    let rows: any WrappedKeyRows

    // MARK: Keys

    func newestVersion(of scope: KeyScope) throws -> KeyVersion? {
        let row = try connection.row("SELECT MAX(version) AS version FROM keys WHERE scope = \(scope.path)")
        let version: Int64? = try row?["version"]
        return try version.map { try Self.version($0, of: scope) }
    }

    /// The key of `version`, or the newest when nil.
    func key(of scope: KeyScope, version: KeyVersion?) throws -> KeyRow? {
        let condition: SQLStatement = version.map { "AND version = \(Int64($0))" } ?? ""
        return try connection.row(
            """
            SELECT * FROM \(rows.source) WHERE scope = \(scope.path) \(condition) ORDER BY version DESC LIMIT 1
            """
        ).map { try key($0, of: scope) }
    }

    /// Every key that the root key wraps: the platform's and the tenants', in all versions.
    func keysUnderRoot(tenants: [TenantID]) throws -> [KeyRow] {
        try ([KeyScope.platform] + tenants.map { .tenant($0) }).flatMap { scope in
            try connection.rows("SELECT * FROM \(rows.source) WHERE scope = \(scope.path)")
                .map { try key($0, of: scope) }
        }
    }

    /// From here on the keys are of another root key; their rows under it are replaced in the same transaction.
    func replaceRoot(_ root: RootKeys) throws {
        try rows.prepare(for: root)
        try connection.execute("UPDATE keyring SET root_check = \(root.check)")
    }

    /// Tenants that have a key.
    func tenants() throws -> [TenantID] {
        try connection.rows(
            "SELECT DISTINCT scope FROM keys WHERE scope LIKE 'ten!_%' ESCAPE '!' AND scope NOT LIKE '%/%'"
        ).map { try $0["scope"] }
    }

    // MARK: Destruction

    /// Erases every version of `scope` and of all scopes inside it. A scope that is destroyed keeps its date.
    func destroy(_ scope: KeyScope, at time: Timestamp) throws {
        guard try !isDestroyed(scope) else { return }
        try rows.erase(where: Self.isInside(scope))
        try connection.execute("DELETE FROM destroyed_scopes WHERE \(Self.isInside(scope))")
        try rows.insertDestroyed(scope, at: time)
    }

    func isDestroyed(_ scope: KeyScope) throws -> Bool {
        try connection.row("SELECT scope FROM destroyed_scopes WHERE scope = \(scope.path)") != nil
    }

    // MARK: Statistics

    /// How many scopes have `level` parents above them in the name, and how many scopes were destroyed.
    func statistics() throws -> KeyStatistics {
        let row = try connection.row(
            """
            SELECT COUNT(DISTINCT CASE WHEN scope LIKE 'ten%' AND scope NOT LIKE '%/%' THEN scope END) AS tenants,
                COUNT(DISTINCT CASE WHEN scope LIKE '%/%' AND scope NOT LIKE '%/%/%' THEN scope END) AS collections,
                COUNT(DISTINCT CASE WHEN scope LIKE '%/%/%' THEN scope END) AS documents,
                COUNT(*) AS versions, (SELECT COUNT(*) FROM destroyed_scopes) AS destroyed
            FROM keys
            """)
        // An aggregate without GROUP BY always gives one row.
        guard let row else { throw StorageFailure.unexpectedValue(column: "versions") }
        return KeyStatistics(
            tenants: try row["tenants"], collections: try row["collections"], documents: try row["documents"],
            versions: try row["versions"], destroyedScopes: try row["destroyed"],
            awaitingEpochRotation: try rows.awaitingEpochRotation())
    }

    // MARK: Parts

    /// The path itself or anything below it; "0" is the character after "/".
    private static func isInside(_ scope: KeyScope) -> SQLStatement {
        "(scope = \(scope.path) OR (scope > \(scope.path + "/") AND scope < \(scope.path + "0")))"
    }

    private func key(_ row: SQLRow, of scope: KeyScope) throws -> KeyRow {
        let version = try Self.version(try row["version"], of: scope)
        return KeyRow(
            scope: scope, version: version, parentVersion: try Self.version(try row["parent_version"], of: scope),
            wrapped: try rows.wrapped(in: row, of: scope, version: version))
    }

    private static func version(_ number: Int64, of scope: KeyScope) throws(KeyringFailure) -> KeyVersion {
        guard let version = KeyVersion(exactly: number) else { throw .corrupt(scope) }
        return version
    }
}

/// What `cloister doctor` says about the keys.
package struct KeyStatistics: Sendable, Equatable, Codable {
    package let tenants: Int
    package let collections: Int
    package let documents: Int
    /// All versions of all keys, the platform's included.
    package let versions: Int
    /// Scopes whose keys are gone for good; a scope destroyed with its parent is counted in the parent.
    package let destroyedScopes: Int
    /// Those of them whose wrapped keys old copies of a PostgreSQL database still hold until `Keyring.rotateEpoch`.
    /// Always 0 with a file of keys.
    package let awaitingEpochRotation: Int
}
