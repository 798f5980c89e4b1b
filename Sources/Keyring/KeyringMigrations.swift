import Storage

/// The tables of keys.
package enum KeyringMigrations {
    /// `keys.sqlite`.
    ///
    /// Wrapped keys lie in `key_slots`, whose rows are never deleted and never change their length: an overwritten key
    /// is overwritten where it lies. In a table whose rows come and go, SQLite moves rows between pages when it
    /// balances its tree and leaves stale copies in the gaps, which `secure_delete` does not reach.
    static let fileSchema = Schema(
        owner: "Keyring",
        migrations: [
            Migration(
                "keyring.001-keys",
                [
                    "CREATE TABLE keyring (one INTEGER PRIMARY KEY CHECK (one = 1), root_check BLOB NOT NULL)",
                    """
                    CREATE TABLE key_slots (
                        slot INTEGER PRIMARY KEY, wrapped BLOB NOT NULL CHECK (length(wrapped) = 60))
                    """,
                    "CREATE TABLE free_slots (slot INTEGER PRIMARY KEY)",
                    """
                    CREATE TABLE keys (
                        scope TEXT NOT NULL, version INTEGER NOT NULL, parent_version INTEGER NOT NULL,
                        slot INTEGER NOT NULL UNIQUE, made INTEGER NOT NULL, PRIMARY KEY (scope, version))
                    """,
                    "CREATE TABLE destroyed_scopes (scope TEXT PRIMARY KEY, destroyed INTEGER NOT NULL)",
                ])
        ],
        sealedTables: [], plainTables: ["keyring", "key_slots", "free_slots", "keys", "destroyed_scopes"])

    /// In the PostgreSQL database that nodes share, migrated with the other targets' tables.
    ///
    /// Old versions of a row outlive it in pages, WAL and backups whatever is done to it, so keys are simply deleted,
    /// and what remains of them dies with their epoch's key. Writers lock the one row of `keyring`.
    package static let sharedSchema = Schema(
        owner: "Keyring",
        migrations: [
            Migration(
                "keyring.001-shared-keys",
                [
                    """
                    CREATE TABLE keyring (
                        one INTEGER PRIMARY KEY CHECK (one = 1), root_check BLOB NOT NULL,
                        generation INTEGER NOT NULL, epoch TEXT NOT NULL)
                    """,
                    "CREATE TABLE key_epochs (epoch TEXT PRIMARY KEY, made INTEGER NOT NULL, destroyed INTEGER)",
                    """
                    CREATE TABLE keys (
                        scope TEXT NOT NULL, version INTEGER NOT NULL, parent_version INTEGER NOT NULL,
                        made INTEGER NOT NULL, epoch TEXT NOT NULL,
                        wrapped BLOB NOT NULL CHECK (length(wrapped) = 88), PRIMARY KEY (scope, version))
                    """,
                    "CREATE INDEX keys_by_epoch ON keys (epoch)",
                    """
                    CREATE TABLE destroyed_scopes (
                        scope TEXT PRIMARY KEY, destroyed INTEGER NOT NULL, epoch TEXT NOT NULL)
                    """,
                    "CREATE INDEX destroyed_scopes_by_epoch ON destroyed_scopes (epoch)",
                ])
        ],
        sealedTables: [], plainTables: ["keyring", "key_epochs", "keys", "destroyed_scopes"])
}
