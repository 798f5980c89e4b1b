import Storage

/// The tables of `keys.sqlite`.
///
/// Wrapped keys lie in `key_slots`, whose rows are never deleted and never change their length: an overwritten key is
/// overwritten where it lies. In a table whose rows come and go, SQLite moves rows between pages when it balances its
/// tree and leaves stale copies in the gaps, which `secure_delete` does not reach.
enum KeyringMigrations {
    static let schema = Schema(
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
}
