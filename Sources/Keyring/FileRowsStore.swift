import Kit
import Storage

/// The rows of `keys.sqlite`: a wrapped key is overwritten where it lies (see `KeyringMigrations.fileSchema`).
struct FileRowsStore: WrappedKeyRows {
    let connection: any SQLConnection

    var source: SQLStatement { "keys JOIN key_slots USING (slot)" }

    func wrapped(in row: SQLRow, of scope: KeyScope, version: KeyVersion) throws -> [UInt8] { try row["wrapped"] }

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

    func replace(_ wrapped: [UInt8], of scope: KeyScope, version: KeyVersion) throws {
        try connection.execute(
            """
            UPDATE key_slots SET wrapped = \(wrapped)
            WHERE slot = (SELECT slot FROM keys WHERE scope = \(scope.path) AND version = \(Int64(version)))
            """)
    }

    func erase(where condition: SQLStatement) throws {
        let slots: [Int64] = try connection.rows("SELECT slot FROM keys WHERE \(condition)").map { try $0["slot"] }
        for slot in slots {
            try overwrite(slot: slot, with: [UInt8](repeating: 0, count: WrappedKey.byteCount))
            try connection.execute("INSERT INTO free_slots (slot) VALUES (\(slot))")
        }
        try connection.execute("DELETE FROM keys WHERE \(condition)")
    }

    func insertDestroyed(_ scope: KeyScope, at time: Timestamp) throws {
        try connection.execute("INSERT INTO destroyed_scopes (scope, destroyed) VALUES (\(scope.path), \(time))")
    }

    /// The file's own bytes are gone at once, and no copy of it is made by an engine.
    func awaitingEpochRotation() -> Int { 0 }

    func prepare(for root: RootKeys) {}

    // MARK: The file

    /// Whether the engine overwrites what is deleted, and syncs before it says that a transaction is done.
    func isSafe() throws -> Bool {
        let secureDelete: Int? = try connection.row("PRAGMA secure_delete")?["secure_delete"]
        let synchronous: Int? = try connection.row("PRAGMA synchronous")?["synchronous"]
        return secureDelete == 1 && (synchronous ?? 0) >= 2
    }

    /// Check value of the root key; nil in a new file.
    func rootCheck() throws -> [UInt8]? {
        try connection.row("SELECT root_check FROM keyring").map { try $0["root_check"] }
    }

    func insertRootCheck(_ check: [UInt8]) throws {
        try connection.execute("INSERT INTO keyring (one, root_check) VALUES (1, \(check))")
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

    private func overwrite(slot: Int64, with wrapped: [UInt8]) throws {
        try connection.execute("UPDATE key_slots SET wrapped = \(wrapped) WHERE slot = \(slot)")
    }
}
