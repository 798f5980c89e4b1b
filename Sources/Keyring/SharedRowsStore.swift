import Kit
import Storage

/// The rows of keys in the database that nodes share: each wrapped key is wrapped once more by the key of an epoch.
struct SharedRowsStore: WrappedKeyRows {
    let connection: any SQLConnection
    /// As this transaction sees it; what is written now is of its current epoch.
    let state: EpochState
    let epochs: EpochFiles
    let root: RootKeys

    var source: SQLStatement { "keys" }

    func wrapped(in row: SQLRow, of scope: KeyScope, version: KeyVersion) throws -> [UInt8] {
        let epoch: EpochID = try row["epoch"]
        return try EpochWrap.open(
            try row["wrapped"], of: scope, version: version, epoch: epoch, by: epochs.key(of: epoch, under: root))
    }

    func insert(
        _ wrapped: [UInt8], of scope: KeyScope, version: KeyVersion, parentVersion: KeyVersion, at time: Timestamp
    ) throws {
        let bytes = try wrappedNow(wrapped, of: scope, version: version)
        try connection.execute(
            """
            INSERT INTO keys (scope, version, parent_version, made, epoch, wrapped) VALUES (
                \(scope.path), \(Int64(version)), \(Int64(parentVersion)), \(time), \(state.current), \(bytes))
            """)
    }

    func replace(_ wrapped: [UInt8], of scope: KeyScope, version: KeyVersion) throws {
        let bytes = try wrappedNow(wrapped, of: scope, version: version)
        try connection.execute(
            """
            UPDATE keys SET wrapped = \(bytes), epoch = \(state.current)
            WHERE scope = \(scope.path) AND version = \(Int64(version))
            """)
    }

    func erase(where condition: SQLStatement) throws {
        try connection.execute("DELETE FROM keys WHERE \(condition)")
    }

    func insertDestroyed(_ scope: KeyScope, at time: Timestamp) throws {
        try connection.execute(
            """
            INSERT INTO destroyed_scopes (scope, destroyed, epoch) VALUES (\(scope.path), \(time), \(state.current))
            """)
    }

    func awaitingEpochRotation() throws -> Int {
        let row = try connection.row(
            """
            SELECT COUNT(*) AS amount FROM destroyed_scopes JOIN key_epochs USING (epoch)
            WHERE key_epochs.destroyed IS NULL
            """)
        return try row?["amount"] ?? 0
    }

    func prepare(for root: RootKeys) throws {
        for epoch in state.live { try epochs.copy(epoch, from: self.root, to: root) }
    }

    /// Wraps at most `rowsMax` keys of another epoch under the current one; returns how many.
    func rewrap(from epoch: EpochID, rowsMax: Int) throws -> Int {
        let rows = try connection.rows(
            "SELECT scope, version, epoch, wrapped FROM keys WHERE epoch = \(epoch) LIMIT \(rowsMax)")
        for row in rows {
            let number: Int64 = try row["version"]
            guard let scope = KeyScope(path: try row["scope"]), let version = KeyVersion(exactly: number) else {
                throw StorageFailure.unexpectedValue(column: "scope")
            }
            try replace(try wrapped(in: row, of: scope, version: version), of: scope, version: version)
        }
        return rows.count
    }

    private func wrappedNow(_ wrapped: [UInt8], of scope: KeyScope, version: KeyVersion) throws -> [UInt8] {
        try EpochWrap.seal(
            wrapped, of: scope, version: version, epoch: state.current,
            by: epochs.key(of: state.current, under: root), nonce: epochs.randomness.bytes(Seal.nonceBytes))
    }
}
