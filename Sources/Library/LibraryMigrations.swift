import Storage

/// The library's tables. Structure is plain; every string that a user supplied is sealed (DESIGN 7.8).
package enum LibrarySchema {
    package static let schema = Schema(
        owner: "Library",
        migrations: [documents, layouts, sources, sketches, screening, filing, places, rereading],
        sealedTables: [
            SealedTable("collections", sealed: ["name", "name_index"], erasedBy: "collection"),
            SealedTable("folders", sealed: ["path", "path_index"], erasedBy: "collection"),
            SealedTable("documents", sealed: ["path", "path_index", "title", "origin"], erasedBy: "document"),
            SealedTable(
                "document_versions",
                sealed: [
                    "original", "content_index", "body", "layout", "words", "text_hash", "sketch", "findings",
                ],
                erasedBy: "document"),
            SealedTable("document_tags", sealed: ["tag", "tag_index"], erasedBy: "document"),
            SealedTable("chunks", sealed: ["heading"], erasedBy: "document"),
        ],
        plainTables: ["document_terms", "rereads"]
    )

    /// Blocks, pages and word boxes of a version's text, and codes of what its reader noted.
    private static let layouts = Migration(
        "library.002-layouts",
        [
            "ALTER TABLE document_versions ADD COLUMN layout BLOB",
            "ALTER TABLE document_versions ADD COLUMN words BLOB",
            "ALTER TABLE document_versions ADD COLUMN notes TEXT",
            "ALTER TABLE chunks ADD COLUMN header_start INTEGER",
            "ALTER TABLE chunks ADD COLUMN header_end INTEGER",
        ])

    /// Documents that a source brought: which one, the rules it states, and where people open them there.
    private static let sources = Migration(
        "library.003-sources",
        [
            "ALTER TABLE documents ADD COLUMN source TEXT",
            "ALTER TABLE documents ADD COLUMN imposed TEXT",
            "ALTER TABLE documents ADD COLUMN pending TEXT",
            "ALTER TABLE documents ADD COLUMN origin BLOB",
            "CREATE INDEX documents_by_source ON documents (tenant, source)",
        ])

    /// What near duplicates are recognised by; null for a version of before it was kept.
    private static let sketches = Migration(
        "library.004-sketches", ["ALTER TABLE document_versions ADD COLUMN sketch BLOB"])

    /// Tags, and when what a document says holds.
    private static let filing = Migration(
        "library.006-filing",
        [
            """
            CREATE TABLE document_tags (
                tenant TEXT NOT NULL, document TEXT NOT NULL REFERENCES documents (document), tag_index BLOB NOT NULL,
                tag BLOB NOT NULL, PRIMARY KEY (document, tag_index))
            """,
            "CREATE INDEX document_tags_by_tag ON document_tags (tenant, tag_index)",
            """
            CREATE TABLE document_terms (
                tenant TEXT NOT NULL, document TEXT NOT NULL PRIMARY KEY REFERENCES documents (document),
                effective_from INTEGER, effective_until INTEGER, superseded_by TEXT)
            """,
            "CREATE INDEX document_terms_by_tenant ON document_terms (tenant)",
        ])

    /// A path is looked up at every upload. SQLite took `documents_by_acl` for it, which knows two of the three columns
    /// as well, and so read every document of the collection.
    private static let places = Migration(
        "library.007-places",
        [
            "DROP INDEX documents_by_path",
            "CREATE INDEX documents_by_path ON documents (tenant, collection, path_index)",
        ])

    /// How documents are cut, by setting and in each version, and where reading them again stands.
    private static let rereading = Migration(
        "library.008-rereading",
        [
            "ALTER TABLE collections ADD COLUMN chunking TEXT",
            "ALTER TABLE document_versions ADD COLUMN chunker TEXT",
            "ALTER TABLE document_versions ADD COLUMN original_of TEXT",
            """
            CREATE TABLE rereads (
                tenant TEXT NOT NULL PRIMARY KEY, run INTEGER NOT NULL, state TEXT NOT NULL, job TEXT,
                done INTEGER NOT NULL, updated INTEGER NOT NULL)
            """,
        ])

    /// What a look at a version found, what a person decided about it, and which content of a collection waits for one.
    private static let screening = Migration(
        "library.005-screening",
        [
            "ALTER TABLE collections ADD COLUMN quarantine TEXT",
            "ALTER TABLE document_versions ADD COLUMN findings BLOB",
            "ALTER TABLE document_versions ADD COLUMN review TEXT",
        ])

    private static let documents = Migration(
        "library.001-documents",
        [
            """
            CREATE TABLE collections (
                tenant TEXT NOT NULL, collection TEXT NOT NULL PRIMARY KEY, name BLOB NOT NULL,
                name_index BLOB NOT NULL,
                label TEXT NOT NULL, access TEXT NOT NULL, created INTEGER NOT NULL, UNIQUE (tenant, name_index))
            """,
            """
            CREATE TABLE folders (
                tenant TEXT NOT NULL, folder TEXT NOT NULL PRIMARY KEY,
                collection TEXT NOT NULL REFERENCES collections (collection),
                parent TEXT REFERENCES folders (folder), path BLOB NOT NULL, path_index BLOB NOT NULL,
                access TEXT NOT NULL, UNIQUE (collection, path_index))
            """,
            """
            CREATE TABLE documents (
                tenant TEXT NOT NULL, document TEXT NOT NULL PRIMARY KEY,
                collection TEXT NOT NULL REFERENCES collections (collection), folder TEXT REFERENCES folders (folder),
                path BLOB NOT NULL, path_index BLOB NOT NULL, title BLOB, label TEXT NOT NULL, access TEXT NOT NULL,
                acl TEXT NOT NULL, acl_version INTEGER NOT NULL, state TEXT NOT NULL, reason TEXT,
                current_version TEXT, bytes INTEGER NOT NULL, chunks INTEGER NOT NULL,
                created INTEGER NOT NULL, updated INTEGER NOT NULL)
            """,
            // Not unique: a document that a writer may not see must not be betrayed by a clash of names.
            "CREATE INDEX documents_by_path ON documents (collection, path_index)",
            "CREATE INDEX documents_by_acl ON documents (tenant, collection, acl)",
            "CREATE INDEX documents_by_age ON documents (tenant, collection, created, document)",
            "CREATE INDEX documents_by_folder ON documents (folder)",
            """
            CREATE TABLE document_versions (
                tenant TEXT NOT NULL, version TEXT NOT NULL PRIMARY KEY,
                document TEXT NOT NULL REFERENCES documents (document), number INTEGER NOT NULL, state TEXT NOT NULL,
                media_type TEXT NOT NULL, original BLOB NOT NULL, content_index BLOB NOT NULL, job TEXT,
                parser TEXT, body BLOB, text_hash BLOB, created INTEGER NOT NULL, UNIQUE (document, number))
            """,
            """
            CREATE TABLE chunks (
                tenant TEXT NOT NULL, version TEXT NOT NULL REFERENCES document_versions (version),
                ordinal INTEGER NOT NULL, document TEXT NOT NULL, start_offset INTEGER NOT NULL,
                end_offset INTEGER NOT NULL, heading BLOB NOT NULL, PRIMARY KEY (version, ordinal))
            """,
        ])
}
