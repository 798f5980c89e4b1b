import Access
import Kit
import Storage

/// Rows of `documents`. Path and title are sealed under the document's own key.
struct DocumentStore: Sendable {
    let sealer: any Sealer

    func insert(_ record: DocumentRecord, for principal: Principal, in tx: any Transaction) throws {
        let tenant = principal.tenant
        let path = try sealer.seal(record.path, under: scope(record, tenant), context: context("path", record.id))
        let index = try pathIndex(record.path, record.collection, tenant)
        try tx.execute(
            """
            INSERT INTO documents (tenant, document, collection, folder, path, path_index, label, access, acl,
                acl_version, state, bytes, chunks, created, updated, source, imposed, origin)
            VALUES (\(tenant), \(record.id), \(record.collection), \(record.folder), \(path), \(index), \(record.label),
                \(record.access.stored), \(record.acl), \(1), \(record.state.rawValue), \(record.bytes), \(0),
                \(record.created), \(record.updated), \(record.source), \(record.imposed.stored),
                \(try origin(record.origin, of: record, tenant)))
            """)
    }

    /// What its source says of it now.
    func impose(
        _ rules: [ACLConstraint], pending: [ACLConstraint]?, origin: String?, on record: DocumentRecord,
        for principal: Principal,
        in tx: any Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE documents SET imposed = \(rules.stored), pending = \(try pending.map { try $0.stored ?? "[]" }),
                origin = \(try self.origin(origin, of: record, principal.tenant))
            WHERE tenant = \(principal.tenant) AND document = \(record.id)
            """)
    }

    private func origin(_ text: String?, of record: DocumentRecord, _ tenant: TenantID) throws -> [UInt8]? {
        try text.map { try sealer.seal($0, under: scope(record, tenant), context: context("origin", record.id)) }
    }

    /// Nil when unknown or of another tenant. Rights are the service's to check.
    func document(_ id: DocumentID, for principal: Principal, in connection: any SQLConnection) throws
        -> DocumentRecord?
    {
        try documents([id], for: principal, in: connection).first
    }

    /// In the order of `ids`; unknown ones are left out.
    func documents(
        _ ids: [DocumentID], for principal: Principal, in connection: any SQLConnection
    ) throws -> [DocumentRecord] {
        let rows = try connection.rows(
            "SELECT * FROM documents WHERE tenant = \(principal.tenant) AND document IN (\(list: ids))")
        let records = try rows.map { try record($0, principal.tenant) }
        let byID = Dictionary(records.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return ids.compactMap { byID[$0] }
    }

    /// Several documents may share a path when their readers differ; the service picks the one the writer may see.
    func documents(
        at path: String, in collection: CollectionID, for principal: Principal, in connection: any SQLConnection
    ) throws -> [DocumentRecord] {
        let index = try pathIndex(path, collection, principal.tenant)
        return try connection.rows(Self.atPath(index, in: collection, for: principal))
            .map { try record($0, principal.tenant) }
    }

    static func atPath(_ index: [UInt8], in collection: CollectionID, for principal: Principal) -> SQLStatement {
        """
        SELECT * FROM documents WHERE tenant = \(principal.tenant) AND collection = \(collection)
        AND path_index = \(index) ORDER BY document
        """
    }

    /// Newest first, only with an access rule of `acls`. The key of a page is `created/document`.
    func page(
        of collection: CollectionID, acls: [ACLID], _ request: PageRequest, for principal: Principal,
        in connection: any SQLConnection
    ) throws -> Page<DocumentRecord> {
        let key = try request.after.map { text in
            guard let key = PageKey(text) else { throw LibraryFailure.badCursor }
            return key
        }
        let start: SQLStatement =
            key.map {
                " AND (created < \($0.created) OR (created = \($0.created) AND document > \($0.document)))"
            } ?? ""
        let rows = try connection.rows(
            """
            SELECT * FROM documents WHERE tenant = \(principal.tenant) AND collection = \(collection)
            AND acl IN (\(list: acls))\(start) ORDER BY created DESC, document LIMIT \(request.limit + 1)
            """)
        let items = try rows.prefix(request.limit).map { try record($0, principal.tenant) }
        let next = rows.count > request.limit ? items.last.map { PageKey(of: $0).text } : nil
        return Page(items: items, next: next)
    }

    /// Distinct access rules in use, with the number of documents under each.
    func acls(of collection: CollectionID, for principal: Principal, in connection: any SQLConnection) throws -> [ACLID:
        Int]
    {
        let rows = try connection.rows(
            """
            SELECT acl, count(*) AS documents FROM documents
            WHERE tenant = \(principal.tenant) AND collection = \(collection) GROUP BY acl
            """)
        return try rows.reduce(into: [:]) { $0[try $1["acl"]] = try $1["documents"] as Int }
    }

    /// Those of a source with an access rule of `acls`.
    func documents(
        ofSource source: SourceID, acls: [ACLID], for principal: Principal, in connection: any SQLConnection
    ) throws -> [DocumentID] {
        try connection.rows(
            """
            SELECT document FROM documents WHERE tenant = \(principal.tenant) AND source = \(source)
            AND acl IN (\(list: acls))
            """
        ).map { try $0["document"] }
    }

    /// As `acls(of:)`, of what a source brought.
    func acls(
        ofSource source: SourceID, for principal: Principal, in connection: any SQLConnection
    ) throws -> [ACLID: Int] {
        try connection.rows(
            """
            SELECT acl, count(*) AS documents FROM documents
            WHERE tenant = \(principal.tenant) AND source = \(source) GROUP BY acl
            """
        ).reduce(into: [:]) { $0[try $1["acl"]] = try $1["documents"] as Int }
    }

    /// How many documents under rules of `acls` are in each state.
    func states(
        of collection: CollectionID, acls: [ACLID], for principal: Principal, in connection: any SQLConnection
    ) throws -> [DocumentState: Int] {
        let rows = try connection.rows(
            """
            SELECT state, count(*) AS documents FROM documents
            WHERE tenant = \(principal.tenant) AND collection = \(collection) AND acl IN (\(list: acls)) GROUP BY state
            """)
        return try rows.reduce(into: [:]) { counts, row in
            let state: String = try row["state"]
            if let state = DocumentState(rawValue: state) { counts[state] = try row["documents"] as Int }
        }
    }

    /// How many are on their way to being ready, whoever may see them.
    func waiting(in collection: CollectionID, for principal: Principal, in connection: any SQLConnection) throws -> Int
    {
        try connection.row(
            """
            SELECT count(*) AS documents FROM documents WHERE tenant = \(principal.tenant)
            AND collection = \(collection)
            AND state IN (\(DocumentState.queued.rawValue), \(DocumentState.processing.rawValue))
            """
        ).map { try $0["documents"] } ?? 0
    }

    /// Documents of a collection, or of a set of folders, whose access a change above them reaches.
    func inheriting(
        from collection: CollectionID, folders: [FolderID]?, for principal: Principal, in connection: any SQLConnection
    ) throws -> [DocumentRecord] {
        let within: SQLStatement = folders.map { " AND folder IN (\(list: $0))" } ?? ""
        return try connection.rows(
            "SELECT * FROM documents WHERE tenant = \(principal.tenant) AND collection = \(collection)\(within)"
        ).map { try record($0, principal.tenant) }
    }

    func setACL(_ acl: ACLID, of ids: [DocumentID], for principal: Principal, in tx: any Transaction) throws {
        for batch in stride(from: 0, to: ids.count, by: 500).map({ Array(ids[$0..<min($0 + 500, ids.count)]) }) {
            try tx.execute(
                """
                UPDATE documents SET acl = \(acl), acl_version = acl_version + 1
                WHERE tenant = \(principal.tenant) AND document IN (\(list: batch))
                """)
        }
    }

    /// How often its rules changed, and one.
    func aclVersion(of id: DocumentID, for principal: Principal, in connection: any SQLConnection) throws -> Int {
        let row = try connection.row(
            "SELECT acl_version FROM documents WHERE tenant = \(principal.tenant) AND document = \(id)")
        guard let row else { throw LibraryFailure.notFound }
        return try row["acl_version"]
    }

    func setAccess(_ access: ACLConstraint, of id: DocumentID, for principal: Principal, in tx: any Transaction) throws
    {
        try tx.execute(
            "UPDATE documents SET access = \(access.stored) WHERE tenant = \(principal.tenant) AND document = \(id)")
    }

    func setLabel(_ label: Classification, of id: DocumentID, for principal: Principal, in tx: any Transaction) throws {
        try tx.execute(
            "UPDATE documents SET label = \(label) WHERE tenant = \(principal.tenant) AND document = \(id)")
    }

    func move(
        _ record: DocumentRecord, to path: String, folder: FolderID?, for principal: Principal, in tx: any Transaction
    ) throws {
        let sealed = try sealer.seal(path, under: scope(record, principal.tenant), context: context("path", record.id))
        let index = try pathIndex(path, record.collection, principal.tenant)
        try tx.execute(
            """
            UPDATE documents SET path = \(sealed), path_index = \(index), folder = \(folder)
            WHERE tenant = \(principal.tenant) AND document = \(record.id)
            """)
    }

    func setState(
        _ state: DocumentState, reason: IngestFailure? = nil, of id: DocumentID, bytes: Int? = nil, at now: Timestamp,
        for principal: Principal, in tx: any Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE documents SET state = \(state.rawValue), reason = \(reason?.code), updated = \(now),
                bytes = COALESCE(\(bytes), bytes)
            WHERE tenant = \(principal.tenant) AND document = \(id)
            """)
    }

    /// Marks a document as failed unless a newer version of it is on its way; false when it is.
    func giveUp(_ id: DocumentID, of tenant: TenantID, at now: Timestamp, in tx: any Transaction) throws -> Bool {
        let waiting = try tx.row(
            """
            SELECT version FROM document_versions WHERE tenant = \(tenant) AND document = \(id)
                AND state IN (\(DocumentState.queued.rawValue), \(DocumentState.processing.rawValue)) LIMIT 1
            """)
        guard waiting == nil else { return false }
        try tx.execute(
            """
            UPDATE documents SET state = \(DocumentState.failed.rawValue),
                reason = \(IngestFailure.givenUp.code), updated = \(now)
            WHERE tenant = \(tenant) AND document = \(id)
            """)
        return true
    }

    func publish(
        _ version: VersionID, title: String, chunks: Int, of record: DocumentRecord, at now: Timestamp,
        for principal: Principal, in tx: any Transaction
    ) throws {
        let sealed = try sealer.seal(
            title, under: scope(record, principal.tenant), context: context("title", record.id))
        try tx.execute(
            """
            UPDATE documents SET current_version = \(version), title = \(sealed), chunks = \(chunks),
                state = \(DocumentState.ready.rawValue), reason = NULL, updated = \(now)
            WHERE tenant = \(principal.tenant) AND document = \(record.id)
            """)
    }

    func setChunks(_ count: Int, of id: DocumentID, for principal: Principal, in tx: any Transaction) throws {
        try tx.execute(
            "UPDATE documents SET chunks = \(count) WHERE tenant = \(principal.tenant) AND document = \(id)")
    }

    /// How much there was.
    @discardableResult
    func delete(_ id: DocumentID, for principal: Principal, in tx: any Transaction) throws -> DeletedRows {
        let tenant = principal.tenant
        let passages = try tx.execute("DELETE FROM chunks WHERE tenant = \(tenant) AND document = \(id)")
        let versions = try tx.execute("DELETE FROM document_versions WHERE tenant = \(tenant) AND document = \(id)")
        try tx.execute("DELETE FROM documents WHERE tenant = \(tenant) AND document = \(id)")
        return DeletedRows(versions: versions, passages: passages)
    }

    /// Whether anything of a document is left in any table of the library: the re-test after an erasure.
    func remains(_ id: DocumentID, of tenant: TenantID, in connection: any SQLConnection) throws -> Bool {
        try connection.row(
            """
            SELECT 1 AS found FROM documents WHERE tenant = \(tenant) AND document = \(id)
            UNION ALL SELECT 1 FROM document_versions WHERE tenant = \(tenant) AND document = \(id)
            UNION ALL SELECT 1 FROM chunks WHERE tenant = \(tenant) AND document = \(id)
            UNION ALL SELECT 1 FROM document_tags WHERE tenant = \(tenant) AND document = \(id)
            UNION ALL SELECT 1 FROM document_terms WHERE tenant = \(tenant) AND document = \(id) LIMIT 1
            """) != nil
    }

    private func record(_ row: SQLRow, _ tenant: TenantID) throws -> DocumentRecord {
        let id: DocumentID = try row["document"]
        let collection: CollectionID = try row["collection"]
        let scope = KeyScope.document(tenant, collection, id)
        let path = try sealer.openText(row["path"], under: scope, context: context("path", id))
        let title: [UInt8]? = try row["title"]
        let access: String = try row["access"]
        let state: String = try row["state"]
        let reason: String? = try row["reason"]
        let (imposed, origin): (String?, [UInt8]?) = (try row["imposed"], try row["origin"])
        let pending: String? = try row["pending"]
        return DocumentRecord(
            id: id, collection: collection, folder: try row["folder"], path: path,
            title: try title.map { try sealer.openText($0, under: scope, context: context("title", id)) },
            label: try row["label"], access: try ACLConstraint(stored: access), acl: try row["acl"],
            state: DocumentState(rawValue: state) ?? .failed, reason: reason.flatMap(IngestFailure.init(code:)),
            currentVersion: try row["current_version"], bytes: try row["bytes"], chunks: try row["chunks"],
            created: try row["created"], updated: try row["updated"], source: try row["source"],
            imposed: try [ACLConstraint](stored: imposed),
            pending: try pending.map { try [ACLConstraint](stored: $0) },
            origin: try origin.map { try sealer.openText($0, under: scope, context: context("origin", id)) })
    }

    private func scope(_ record: DocumentRecord, _ tenant: TenantID) -> KeyScope {
        .document(tenant, record.collection, record.id)
    }

    private func context(_ column: String, _ id: DocumentID) -> SealContext {
        SealContext(table: "documents", column: column, row: id.description)
    }

    private func pathIndex(_ path: String, _ collection: CollectionID, _ tenant: TenantID) throws -> [UInt8] {
        try sealer.blindIndex(collection.bytes + Array(path.utf8), tenant: tenant, purpose: "documents.path")
    }
}

/// What went with a document: its versions, and the passages of all of them.
struct DeletedRows: Sendable {
    let versions: Int
    let passages: Int
}

/// Where a page of documents starts: after this age and identifier.
private struct PageKey {
    let created: Timestamp
    let document: DocumentID

    init(of record: DocumentRecord) {
        created = record.created
        document = record.id
    }

    init?(_ text: String) {
        let parts = text.split(separator: "/")
        guard parts.count == 2, let time = Int64(parts[0]), let document = DocumentID(String(parts[1])) else {
            return nil
        }
        created = Timestamp(microseconds: time)
        self.document = document
    }

    var text: String { "\(created.microseconds)/\(document)" }
}
