import Storage

/// The tables of the log. They lie in the database of the acts, so that act and entry commit together.
package enum AuditMigrations {
    package static let schema = Schema(
        owner: "AuditTrail",
        migrations: [
            Migration(
                "audit.001-logs",
                [
                    """
                    CREATE TABLE audit_logs (
                        owner TEXT NOT NULL, year INTEGER NOT NULL, size INTEGER NOT NULL, time INTEGER NOT NULL,
                        chain BLOB NOT NULL, frontier BLOB NOT NULL, tag BLOB NOT NULL, PRIMARY KEY (owner, year))
                    """,
                    """
                    CREATE TABLE audit_leaves (
                        owner TEXT NOT NULL, year INTEGER NOT NULL, sequence INTEGER NOT NULL, time INTEGER NOT NULL,
                        leaf_hash BLOB NOT NULL, chain BLOB NOT NULL, commitment BLOB NOT NULL, entry BLOB NOT NULL,
                        PRIMARY KEY (owner, year, sequence))
                    """,
                    """
                    CREATE TABLE audit_intents (
                        id TEXT PRIMARY KEY, owner TEXT NOT NULL, kind TEXT NOT NULL, payload BLOB NOT NULL,
                        year INTEGER NOT NULL, sequence INTEGER NOT NULL, time INTEGER NOT NULL)
                    """,
                ])
        ],
        sealedTables: [
            SealedTable("audit_leaves", sealed: ["entry"], erasedBy: "owner"),
            SealedTable("audit_intents", sealed: ["payload"], erasedBy: "owner"),
        ],
        plainTables: ["audit_logs"])
}
