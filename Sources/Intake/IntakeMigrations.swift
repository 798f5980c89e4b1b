import Storage

/// Sources and what is known of their documents.
package enum IntakeSchema {
    package static let schema = Schema(
        owner: "intake",
        migrations: [sources, hints],
        sealedTables: [
            SealedTable("sources", sealed: ["settings", "name_index", "problem", "cursor"], erasedBy: "source"),
            SealedTable("source_accounts", sealed: ["accounts"], erasedBy: "source"),
            SealedTable(
                "source_items", sealed: ["item", "item_index", "tag_index", "rights_index", "problem"],
                erasedBy: "source"),
        ],
        plainTables: [])

    private static let hints = Migration(
        "intake.002-hints", ["ALTER TABLE sources ADD COLUMN hinted_at INTEGER"])

    private static let sources = Migration(
        "intake.001-sources",
        [
            """
            CREATE TABLE sources (
                tenant TEXT NOT NULL, source TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL,
                collection TEXT NOT NULL REFERENCES collections (collection),
                settings BLOB NOT NULL, name_index BLOB NOT NULL, state TEXT NOT NULL, problem BLOB,
                failures INTEGER NOT NULL, round INTEGER NOT NULL, listing INTEGER NOT NULL,
                is_listing INTEGER NOT NULL, cursor BLOB,
                current_at INTEGER, started_at INTEGER, held INTEGER NOT NULL, confirmed INTEGER NOT NULL,
                accounts INTEGER NOT NULL, recognised INTEGER NOT NULL,
                created INTEGER NOT NULL, UNIQUE (tenant, name_index))
            """,
            """
            CREATE TABLE source_items (
                tenant TEXT NOT NULL, source TEXT NOT NULL REFERENCES sources (source), item_index BLOB NOT NULL,
                item BLOB NOT NULL, document TEXT, tag_index BLOB NOT NULL, rights_index BLOB NOT NULL,
                seen INTEGER NOT NULL, problem BLOB, attempts INTEGER NOT NULL, retry_at INTEGER,
                PRIMARY KEY (source, item_index))
            """,
            """
            CREATE TABLE source_accounts (
                tenant TEXT NOT NULL, source TEXT NOT NULL REFERENCES sources (source), subject TEXT NOT NULL,
                accounts BLOB NOT NULL, PRIMARY KEY (source, subject))
            """,
            "CREATE INDEX source_items_unseen ON source_items (source, seen)",
            "CREATE INDEX source_items_retry ON source_items (source, retry_at)",
            "CREATE INDEX source_items_by_document ON source_items (tenant, document)",
        ])
}
