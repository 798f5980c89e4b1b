/// The tables of `Storage` itself. They exist before the first migration, because migrations are written down in one
/// and every write locks a row of another.
package enum StorageMigrations {
    static let base: [SQLStatement] = [
        "CREATE TABLE IF NOT EXISTS change_counters (scope TEXT PRIMARY KEY, last INTEGER NOT NULL)",
        """
        CREATE TABLE IF NOT EXISTS schema_migrations (
            id TEXT PRIMARY KEY, owner TEXT NOT NULL, position INTEGER NOT NULL, checksum TEXT NOT NULL)
        """,
    ]

    /// PostgreSQL only; on one machine blobs are files.
    static let blobs: SQLStatement = """
        CREATE TABLE IF NOT EXISTS blobs (
            address BLOB PRIMARY KEY, family TEXT NOT NULL, stored INTEGER NOT NULL, body BLOB NOT NULL)
        """

    /// For the erasure registry. A blob's owner deletes it by address.
    package static let schema = Schema(
        owner: "storage", migrations: [], sealedTables: [SealedTable("blobs", sealed: ["body"], erasedBy: "address")],
        plainTables: ["change_counters", "schema_migrations"])
}
