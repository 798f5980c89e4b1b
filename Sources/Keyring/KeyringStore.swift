import Kit
import Storage

/// One version of one scope's key as it lies in the file.
struct KeyRow {
    let scope: KeyScope
    let version: KeyVersion
    /// The version of the parent's key that wraps this one; 0 under the root key.
    let parentVersion: KeyVersion
    let slot: Int64
    let wrapped: [UInt8]
}

/// The statements of the keys file, over a connection that the keyring holds for one closure.
struct KeyringStore {
    let connection: any SQLConnection

    // MARK: Root key

    /// Check value of the root key; nil in a new file.
    func rootCheck() throws -> [UInt8]? {
        try connection.row("SELECT root_check FROM keyring").map { try $0["root_check"] }
    }

    func setRootCheck(_ check: [UInt8]) throws {
        try connection.execute(
            """
            INSERT INTO keyring (one, root_check) VALUES (1, \(check))
            ON CONFLICT (one) DO UPDATE SET root_check = excluded.root_check
            """)
    }

    /// Whether the engine overwrites what is deleted, and syncs before it says that a transaction is done.
    func isSafe() throws -> Bool {
        let secureDelete: Int? = try connection.row("PRAGMA secure_delete")?["secure_delete"]
        let synchronous: Int? = try connection.row("PRAGMA synchronous")?["synchronous"]
        return secureDelete == 1 && (synchronous ?? 0) >= 2
    }

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
            SELECT version, parent_version, slot, wrapped FROM keys JOIN key_slots USING (slot)
            WHERE scope = \(scope.path) \(condition) ORDER BY version DESC LIMIT 1
            """
        ).map { try Self.key($0, of: scope) }
    }

    func insert(
        _ wrapped: [UInt8], of scope: KeyScope, version: KeyVersion, parentVersion: KeyVersion, at time: Timestamp
    ) throws {
        let slot = try takeSlot(for: wrapped)
        try connection.execute(
            """
            INSERT INTO keys (scope, version, parent_version, slot, made)
            VALUES (\(scope.path), \(Int64(version)), \(Int64(parentVersion)), \(slot), \(time))
            """)
    }

    func overwrite(slot: Int64, with wrapped: [UInt8]) throws {
        try connection.execute("UPDATE key_slots SET wrapped = \(wrapped) WHERE slot = \(slot)")
    }

    /// Every key that the root key wraps: the platform's and the tenants', in all versions.
    func keysUnderRoot(tenants: [TenantID]) throws -> [KeyRow] {
        try ([KeyScope.platform] + tenants.map { .tenant($0) }).flatMap { scope in
            try connection.rows(
                """
                SELECT version, parent_version, slot, wrapped FROM keys JOIN key_slots USING (slot)
                WHERE scope = \(scope.path)
                """
            ).map { try Self.key($0, of: scope) }
        }
    }

    /// Tenants that have a key.
    func tenants() throws -> [TenantID] {
        try connection.rows(
            "SELECT DISTINCT scope FROM keys WHERE scope LIKE 'ten!_%' ESCAPE '!' AND scope NOT LIKE '%/%'"
        ).map { try $0["scope"] }
    }

    // MARK: Destruction

    /// Overwrites and forgets every version of `scope` and of all scopes inside it.
    func destroy(_ scope: KeyScope, at time: Timestamp) throws {
        let slots: [Int64] = try connection.rows(
            "SELECT slot FROM keys WHERE \(Self.isInside(scope))"
        ).map { try $0["slot"] }
        for slot in slots {
            try overwrite(slot: slot, with: [UInt8](repeating: 0, count: WrappedKey.byteCount))
            try connection.execute("INSERT INTO free_slots (slot) VALUES (\(slot))")
        }
        try connection.execute("DELETE FROM keys WHERE \(Self.isInside(scope))")
        try connection.execute("DELETE FROM destroyed_scopes WHERE \(Self.isInside(scope))")
        try connection.execute("INSERT INTO destroyed_scopes (scope, destroyed) VALUES (\(scope.path), \(time))")
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
            versions: try row["versions"], destroyedScopes: try row["destroyed"])
    }

    // MARK: Parts

    /// The path itself or anything below it; "0" is the character after "/".
    private static func isInside(_ scope: KeyScope) -> SQLStatement {
        "(scope = \(scope.path) OR (scope > \(scope.path + "/") AND scope < \(scope.path + "0")))"
    }

    private static func key(_ row: SQLRow, of scope: KeyScope) throws -> KeyRow {
        let (version, parentVersion): (Int64, Int64) = (try row["version"], try row["parent_version"])
        return KeyRow(
            scope: scope, version: try Self.version(version, of: scope),
            parentVersion: try Self.version(parentVersion, of: scope), slot: try row["slot"],
            wrapped: try row["wrapped"])
    }

    private static func version(_ number: Int64, of scope: KeyScope) throws(KeyringFailure) -> KeyVersion {
        guard let version = KeyVersion(exactly: number) else { throw .corrupt(scope) }
        return version
    }

    /// Puts `wrapped` into a slot that a destroyed key has left, or into a new one at the end.
    private func takeSlot(for wrapped: [UInt8]) throws -> Int64 {
        if let free = try connection.row("SELECT slot FROM free_slots LIMIT 1") {
            let slot: Int64 = try free["slot"]
            try connection.execute("DELETE FROM free_slots WHERE slot = \(slot)")
            try overwrite(slot: slot, with: wrapped)
            return slot
        }
        let row = try connection.row("SELECT COALESCE(MAX(slot), 0) + 1 AS slot FROM key_slots")
        let slot: Int64 = try row?["slot"] ?? 1
        try connection.execute("INSERT INTO key_slots (slot, wrapped) VALUES (\(slot), \(wrapped))")
        return slot
    }
}

/// What `cloister doctor` says about the keys file.
package struct KeyStatistics: Sendable, Equatable, Codable {
    package let tenants: Int
    package let collections: Int
    package let documents: Int
    /// All versions of all keys, the platform's included.
    package let versions: Int
    /// Scopes whose keys are gone for good; a scope destroyed with its parent is counted in the parent.
    package let destroyedScopes: Int
}
