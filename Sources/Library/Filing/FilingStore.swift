import Kit
import Storage

/// Rows of `document_tags` and `document_terms`. Few documents have any, so what no longer holds is found by looking at
/// these alone.
struct FilingStore: Sendable {
    let sealer: any Sealer

    func filing(
        of record: DocumentRecord, for principal: Principal, in connection: any SQLConnection
    ) throws -> DocumentFiling {
        let rows = try connection.rows(
            """
            SELECT tag, tag_index FROM document_tags
            WHERE tenant = \(principal.tenant) AND document = \(record.id)
            """)
        let scope = KeyScope.document(principal.tenant, record.collection, record.id)
        let tags = try rows.map { row in
            try sealer.openText(row["tag"], under: scope, context: context(record.id, try row["tag_index"]))
        }
        let terms = try connection.row(
            """
            SELECT effective_from, effective_until, superseded_by FROM document_terms
            WHERE tenant = \(principal.tenant) AND document = \(record.id)
            """)
        return DocumentFiling(
            tags: Set(tags), effectiveFrom: try terms?["effective_from"], effectiveUntil: try terms?["effective_until"],
            supersededBy: try terms?["superseded_by"])
    }

    func set(
        _ filing: DocumentFiling, of record: DocumentRecord, for principal: Principal, in tx: any Transaction
    ) throws {
        try delete(record.id, for: principal, in: tx)
        let scope = KeyScope.document(principal.tenant, record.collection, record.id)
        for tag in filing.tags.sorted() {
            let index = try tagIndex(tag, principal.tenant)
            let sealed = try sealer.seal(tag, under: scope, context: context(record.id, index))
            try tx.execute(
                """
                INSERT INTO document_tags (tenant, document, tag_index, tag)
                VALUES (\(principal.tenant), \(record.id), \(index), \(sealed))
                """)
        }
        let hasTerms =
            filing.effectiveFrom != nil || filing.effectiveUntil != nil || filing.supersededBy != nil
        guard hasTerms else { return }
        try tx.execute(
            """
            INSERT INTO document_terms (tenant, document, effective_from, effective_until, superseded_by)
            VALUES (\(principal.tenant), \(record.id), \(filing.effectiveFrom), \(filing.effectiveUntil),
                \(filing.supersededBy))
            """)
    }

    /// Also where another document was superseded by it.
    func deleteAll(of id: DocumentID, for principal: Principal, in tx: any Transaction) throws {
        try delete(id, for: principal, in: tx)
        try tx.execute(
            """
            UPDATE document_terms SET superseded_by = NULL
            WHERE tenant = \(principal.tenant) AND superseded_by = \(id)
            """)
    }

    private func delete(_ id: DocumentID, for principal: Principal, in tx: any Transaction) throws {
        try tx.execute("DELETE FROM document_tags WHERE tenant = \(principal.tenant) AND document = \(id)")
        try tx.execute("DELETE FROM document_terms WHERE tenant = \(principal.tenant) AND document = \(id)")
    }

    /// What does not hold at `time`: with the document that says it anew, where that is why.
    func outdated(
        at time: Timestamp, for principal: Principal, in connection: any SQLConnection
    ) throws -> [(document: DocumentID, supersededBy: DocumentID?)] {
        let rows = try connection.rows(
            """
            SELECT document, superseded_by,
                CASE WHEN effective_from > \(time) OR effective_until <= \(time) THEN 1 ELSE 0 END AS is_out
            FROM document_terms
            WHERE tenant = \(principal.tenant)
                AND (superseded_by IS NOT NULL OR effective_from > \(time) OR effective_until <= \(time))
            """)
        return try rows.map { row in
            let isOut: Bool = try row["is_out"]
            return (try row["document"], isOut ? nil : try row["superseded_by"])
        }
    }

    /// The documents that `filter` selects, whoever may see them.
    func documents(
        _ filter: DocumentFilter, folders: [FolderID]?, for principal: Principal, in connection: any SQLConnection
    ) throws -> Set<DocumentID> {
        var conditions: SQLStatement = "d.tenant = \(principal.tenant)"
        for tag in filter.tags {
            let index = try tagIndex(tag, principal.tenant)
            conditions = """
                \(conditions) AND EXISTS (
                    SELECT 1 FROM document_tags t WHERE t.document = d.document AND t.tag_index = \(index))
                """
        }
        if let labels = filter.labels {
            conditions = "\(conditions) AND d.label IN (\(list: labels.map(\.rawValue).sorted()))"
        }
        if let sources = filter.sources { conditions = "\(conditions) AND d.source IN (\(list: sources.sorted()))" }
        if let folders { conditions = "\(conditions) AND d.folder IN (\(list: folders))" }
        if let since = filter.updatedSince { conditions = "\(conditions) AND d.updated >= \(since)" }
        if let before = filter.updatedBefore { conditions = "\(conditions) AND d.updated < \(before)" }
        return Set(
            try connection.rows("SELECT d.document FROM documents d WHERE \(conditions)").map { try $0["document"] })
    }

    private func tagIndex(_ tag: String, _ tenant: TenantID) throws -> [UInt8] {
        try sealer.blindIndex(Array(tag.utf8), tenant: tenant, purpose: "document_tags.tag")
    }

    private func context(_ id: DocumentID, _ index: [UInt8]) -> SealContext {
        SealContext(table: "document_tags", column: "tag", row: "\(id)/\(Hex.encode(index))")
    }
}
