import Access
import Documents
import Kit
import Search
import Storage

/// The columns of `collections`, `documents` and `document_versions` that are about screening and review. A report is
/// sealed under its document's key.
struct ScreeningStore: Sendable {
    let sealer: any Sealer

    /// One look at one version, as a collection's summary needs it.
    struct Screened: Sendable {
        let document: DocumentID
        let state: DocumentState
        let reason: IngestFailure?
        let notes: [ParseNote]
        /// Nil when nothing was looked at: on its way, unreadable, or from before documents were looked at.
        let report: ScreenReport?
    }

    func setReport(
        _ report: ScreenReport, of version: VersionID, in document: DocumentRecord, for principal: Principal,
        in tx: any Transaction
    ) throws {
        let sealed = try sealer.seal(
            StoredJSON.encode(report), under: .document(principal.tenant, document.collection, document.id),
            context: context(version))
        try tx.execute(
            """
            UPDATE document_versions SET findings = \(sealed)
            WHERE tenant = \(principal.tenant) AND version = \(version)
            """)
    }

    /// Also what its reader noted: of a version that is published, that comes with its text.
    func hold(
        _ version: VersionID, notes: [ParseNote], for principal: Principal, in tx: any Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE document_versions SET state = \(DocumentState.quarantined.rawValue),
                notes = \(notes.map(\.rawValue).joined(separator: " "))
            WHERE tenant = \(principal.tenant) AND version = \(version)
            """)
    }

    /// `job` ingests the version again; nil when none does.
    func decide(
        _ decision: ReviewDecision, about version: VersionID, state: DocumentState, job: JobID?,
        for principal: Principal, in tx: any Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE document_versions SET review = \(decision.rawValue), state = \(state.rawValue), job = \(job)
            WHERE tenant = \(principal.tenant) AND version = \(version)
            """)
    }

    /// What was found in one version, and decided about it, holds for another reading of the same bytes.
    func copy(
        from version: VersionID, to other: VersionID, in document: DocumentRecord, for principal: Principal,
        in tx: any Transaction
    ) throws {
        let row = try tx.row(
            """
            SELECT version, findings, review FROM document_versions
            WHERE tenant = \(principal.tenant) AND version = \(version)
            """)
        guard let row else { return }
        if let report = try report(row, document.id, document.collection, principal.tenant) {
            try setReport(report, of: other, in: document, for: principal, in: tx)
        }
        let review: String? = try row["review"]
        try tx.execute(
            """
            UPDATE document_versions SET review = \(review)
            WHERE tenant = \(principal.tenant) AND version = \(other)
            """)
    }

    /// Of the version that waits, or else of the one that is shown. Nil when there is none or it was not looked at.
    func report(
        of document: DocumentRecord, for principal: Principal, in connection: any SQLConnection
    ) throws -> ScreenReport? {
        let row = try connection.row(
            """
            SELECT v.version, v.findings FROM document_versions v JOIN documents d ON d.document = v.document
            WHERE v.tenant = \(principal.tenant) AND v.document = \(document.id) AND \(Self.shown)
            """)
        return try row.flatMap { try report($0, document.id, document.collection, principal.tenant) }
    }

    /// The next documents by identifier under rules of `acls`, each with the look at the version that counts.
    func screened(
        of collection: CollectionID, acls: [ACLID], after last: DocumentID?, limit: Int, for principal: Principal,
        in connection: any SQLConnection
    ) throws -> [Screened] {
        let start: SQLStatement = last.map { " AND d.document > \($0)" } ?? ""
        return try connection.rows(
            """
            SELECT d.document, d.state, d.reason, v.version, v.notes, v.findings
            FROM documents d LEFT JOIN document_versions v ON v.document = d.document AND \(Self.shown)
            WHERE d.tenant = \(principal.tenant) AND d.collection = \(collection) AND d.acl IN (\(list: acls))\(start)
            ORDER BY d.document LIMIT \(limit)
            """
        ).map { row in
            let (id, state): (DocumentID, String) = (try row["document"], try row["state"])
            let (reason, notes): (String?, String?) = (try row["reason"], try row["notes"])
            return Screened(
                document: id, state: DocumentState(rawValue: state) ?? .failed,
                reason: reason.flatMap(IngestFailure.init(code:)),
                notes: (notes ?? "").split(separator: " ").compactMap { ParseNote(rawValue: String($0)) },
                report: try report(row, id, collection, principal.tenant))
        }
    }

    /// Oldest first, at most `limit`, and how many there are.
    func waiting(
        in collection: CollectionID, acls: [ACLID], limit: Int, for principal: Principal,
        in connection: any SQLConnection
    ) throws -> (documents: [DocumentID], total: Int) {
        let these: SQLStatement = """
            FROM documents WHERE tenant = \(principal.tenant) AND collection = \(collection)
            AND acl IN (\(list: acls)) AND state = \(DocumentState.quarantined.rawValue)
            """
        let total: Int = try connection.row("SELECT count(*) AS total \(these)").map { try $0["total"] } ?? 0
        let rows = try connection.rows("SELECT document \(these) ORDER BY updated, document LIMIT \(limit)")
        return (try rows.map { try $0["document"] }, total)
    }

    /// Of a document `d`, the version `v` that waits, or else the current one. A version that waited when a newer one
    /// came is neither.
    private static let shown: SQLStatement = """
        ((d.state = 'quarantined'
            AND v.number = (SELECT max(number) FROM document_versions WHERE document = d.document))
        OR (d.state <> 'quarantined' AND v.version = d.current_version))
        """

    private func report(
        _ row: SQLRow, _ document: DocumentID, _ collection: CollectionID, _ tenant: TenantID
    ) throws -> ScreenReport? {
        let sealed: [UInt8]? = try row["findings"]
        guard let sealed else { return nil }
        let scope = KeyScope.document(tenant, collection, document)
        let bytes = try sealer.open(sealed, under: scope, context: context(try row["version"]))
        return try StoredJSON.decode(ScreenReport.self, from: bytes)
    }

    private func context(_ version: VersionID) -> SealContext {
        SealContext(table: "document_versions", column: "findings", row: version.description)
    }
}
