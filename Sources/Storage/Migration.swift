/// One step of the schema, owned by the target whose tables it makes. Released steps never change.
package struct Migration: Sendable {
    /// `library.001-documents`: unique, in the order of application within its target.
    package let id: String
    /// Portable text; INTEGER, REAL and BLOB are translated for PostgreSQL.
    package let statements: [SQLStatement]

    package init(_ id: String, _ statements: [SQLStatement]) {
        self.id = id
        self.statements = statements
    }
}

/// Everything one target keeps in the database, listed in `Wiring`.
package struct Schema: Sendable {
    package let owner: String
    package let migrations: [Migration]
    /// Every table with sealed columns: the erasure registry (DESIGN 7.11). Tables without any are in `plainTables`.
    package let sealedTables: [SealedTable]
    package let plainTables: [String]

    package init(owner: String, migrations: [Migration], sealedTables: [SealedTable], plainTables: [String]) {
        self.owner = owner
        self.migrations = migrations
        self.sealedTables = sealedTables
        self.plainTables = plainTables
    }
}

/// How one table's sealed data is found and erased; the tidy test demands one for every table with a BLOB column.
package struct SealedTable: Sendable {
    package let name: String
    package let sealedColumns: [String]
    /// Which row of the hierarchy an erasure follows: the column holding the document, subject or tenant identifier.
    package let erasedBy: String

    package init(_ name: String, sealed sealedColumns: [String], erasedBy: String) {
        self.name = name
        self.sealedColumns = sealedColumns
        self.erasedBy = erasedBy
    }
}
