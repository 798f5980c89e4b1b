import Encoder
import Storage

extension SearchIndex {
    /// The tables of this target.
    package static let schema = Schema(
        owner: "search",
        migrations: [Migration("search.001-index", tables), Migration("search.002-encoders", encoders + takenOver)],
        sealedTables: [
            SealedTable("search_entries", sealed: ["entry"], erasedBy: "document"),
            SealedTable("search_acls", sealed: ["body"], erasedBy: "tenant"),
            // The address of a sealed blob; `SearchIndex.erase` rewrites the blobs that hold a document.
            SealedTable("search_segments", sealed: ["blob"], erasedBy: "tenant"),
        ],
        plainTables: ["search_changes", "search_segment_documents", "search_encoders"]
    )

    // Which encoders' vectors an entry has: that of its writer, and an earlier one by which the tenant was still
    // searched then. `stuck` says why an entry could not be read anew.
    private static let encoders: [SQLStatement] = [
        "ALTER TABLE search_entries ADD COLUMN encoder TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE search_entries ADD COLUMN earlier TEXT",
        "ALTER TABLE search_entries ADD COLUMN stuck TEXT",
        "CREATE INDEX search_entries_by_encoder ON search_entries (tenant, encoder, document)",
        // By which encoder a tenant is searched; the generation counts its changes.
        """
        CREATE TABLE search_encoders (
            tenant TEXT NOT NULL PRIMARY KEY, encoder TEXT NOT NULL, generation INTEGER NOT NULL
        )
        """,
    ]

    /// What is there before was made by the one model that was shipped until then (`EntryForm`).
    static let takenOver: [SQLStatement] = [
        "UPDATE search_entries SET encoder = \(Encoder.firstFingerprint)",
        """
        INSERT INTO search_encoders (tenant, encoder, generation)
            SELECT DISTINCT tenant, \(Encoder.firstFingerprint), 1 FROM search_entries
        """,
    ]

    private static let tables: [SQLStatement] = [
        // The truth: one row per document that can be found. `sequence` is the change that published this version.
        """
        CREATE TABLE search_entries (
            tenant TEXT NOT NULL, document TEXT NOT NULL, collection TEXT NOT NULL, version TEXT NOT NULL,
            acl TEXT NOT NULL, sequence INTEGER NOT NULL, entry BLOB NOT NULL,
            PRIMARY KEY (tenant, document)
        )
        """,
        """
        CREATE TABLE search_acls (
            tenant TEXT NOT NULL, acl TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (tenant, acl)
        )
        """,
        // The latest change of every document: a follower needs where things stand, not how they came there, so the
        // table is bounded by the number of documents.
        """
        CREATE TABLE search_changes (
            tenant TEXT NOT NULL, document TEXT NOT NULL, sequence INTEGER NOT NULL, kind TEXT NOT NULL,
            PRIMARY KEY (tenant, document)
        )
        """,
        "CREATE INDEX search_changes_by_sequence ON search_changes (tenant, sequence, document)",
        """
        CREATE TABLE search_segments (
            tenant TEXT NOT NULL, segment TEXT NOT NULL, state TEXT NOT NULL, blob BLOB NOT NULL,
            documents INTEGER NOT NULL, first_sequence INTEGER NOT NULL, last_sequence INTEGER NOT NULL,
            created INTEGER NOT NULL, PRIMARY KEY (tenant, segment)
        )
        """,
        """
        CREATE TABLE search_segment_documents (
            tenant TEXT NOT NULL, document TEXT NOT NULL, segment TEXT NOT NULL,
            PRIMARY KEY (tenant, document, segment)
        )
        """,
        "CREATE INDEX search_segment_documents_by_segment ON search_segment_documents (tenant, segment)",
    ]
}
