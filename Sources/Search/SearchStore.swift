import Access
import Kit
import Storage

/// The SQL of the index: entries, access rules and changes. `SegmentStore` has that of segments.
struct SearchStore: Sendable {
    let sealer: any Sealer

    // MARK: Writing, in the caller's transaction

    /// Replaces whatever the index has of the document. Vectors that nobody searches by are left out.
    func publish(
        _ prepared: PreparedDocument, _ encoder: String, _ encoders: EncoderStore, in transaction: any Transaction
    ) throws {
        let tenant = try Self.tenant(of: transaction)
        let serving = try encoders.begin(encoder, tenant, in: transaction)
        let (document, form) = (prepared.document, prepared.form.keeping([encoder, serving.encoder]))
        let sequence = try change([document.document], .publish, in: transaction)
        let sealed = try seal(form, of: document, sequence, tenant)
        guard
            try transaction.row("SELECT 1 AS known FROM search_acls WHERE tenant = \(tenant) AND acl = \(document.acl)")
                != nil
        else { throw SearchFailure.unknownACL }
        try transaction.execute(
            """
            INSERT INTO search_entries (tenant, document, collection, version, acl, sequence, entry)
            VALUES (\(tenant), \(document.document), \(document.collection), \(document.version), \(document.acl),
                    \(sequence), \(sealed))
            ON CONFLICT (tenant, document) DO UPDATE SET collection = excluded.collection,
                version = excluded.version, acl = excluded.acl, sequence = excluded.sequence, entry = excluded.entry,
                stuck = NULL
            """)
        try encoders.setEncoders(form.encoders(of: encoder), document.document, tenant, in: transaction)
    }

    /// False when the entry of that change is gone. The access rule stays.
    func replace(
        _ known: ChangeSequence, by prepared: PreparedDocument, _ encoder: String, _ encoders: EncoderStore,
        in transaction: any Transaction
    ) throws -> Bool {
        let tenant = try Self.tenant(of: transaction)
        guard let (row, _) = try entry(prepared.document.document, tenant, transaction), row.sequence == known else {
            return false
        }
        let serving = try encoders.begin(encoder, tenant, in: transaction)
        let (document, form) = (prepared.document, prepared.form.keeping([encoder, serving.encoder]))
        let sequence = try change([document.document], .publish, in: transaction)
        let sealed = try seal(form, of: document, sequence, tenant)
        try transaction.execute(
            """
            UPDATE search_entries SET version = \(document.version), sequence = \(sequence), entry = \(sealed)
            WHERE tenant = \(tenant) AND document = \(document.document)
            """)
        try encoders.setEncoders(form.encoders(of: encoder), document.document, tenant, in: transaction)
        return true
    }

    private func seal(
        _ form: EntryForm, of document: IndexedDocument, _ sequence: ChangeSequence, _ tenant: TenantID
    ) throws -> [UInt8] {
        try sealer.seal(
            form.bytes, under: .document(tenant, document.collection, document.document),
            context: Self.context(document.document, sequence))
    }

    func remove(_ documents: [DocumentID], in transaction: any Transaction) throws {
        let tenant = try Self.tenant(of: transaction)
        try change(documents, .remove, in: transaction)
        for documents in documents.batches(of: Self.batch) {
            try transaction.execute(
                "DELETE FROM search_entries WHERE tenant = \(tenant) AND document IN (\(list: documents))")
        }
    }

    func assign(_ acl: ACLID, to documents: [DocumentID], in transaction: any Transaction) throws {
        let tenant = try Self.tenant(of: transaction)
        guard
            try transaction.row("SELECT 1 AS known FROM search_acls WHERE tenant = \(tenant) AND acl = \(acl)") != nil
        else { throw SearchFailure.unknownACL }
        try change(documents, .assign, in: transaction)
        for documents in documents.batches(of: Self.batch) {
            try transaction.execute(
                """
                UPDATE search_entries SET acl = \(acl) WHERE tenant = \(tenant) AND document IN (\(list: documents))
                """)
        }
    }

    func define(_ acl: EffectiveACL, in transaction: any Transaction) throws -> ACLID {
        let (tenant, id) = (try Self.tenant(of: transaction), acl.id)
        let body = try sealer.seal(acl.canonicalBytes, under: .tenant(tenant), context: Self.context(id))
        try transaction.execute(
            """
            INSERT INTO search_acls (tenant, acl, body) VALUES (\(tenant), \(id), \(body))
            ON CONFLICT (tenant, acl) DO NOTHING
            """)
        return id
    }

    func acl(_ id: ACLID, tenant: TenantID, _ connection: any SQLConnection) throws -> EffectiveACL? {
        try sealedACLs(tenant, [id], connection)[id].map { try open($0, of: id, tenant: tenant) }
    }

    // MARK: Following

    func lastChange(_ tenant: TenantID, _ connection: any SQLConnection) throws -> ChangeSequence {
        let row = try connection.row("SELECT MAX(sequence) AS last FROM search_changes WHERE tenant = \(tenant)")
        let last: ChangeSequence? = try row?["last"]
        return last ?? 0
    }

    /// The next changes after `cursor`, with where their documents stand now. `known` tells the entries and rules
    /// that the follower has, so that only others are read.
    func changes(
        _ tenant: TenantID, after cursor: ChangeCursor, known: KnownState, limit: Int, _ connection: any SQLConnection
    ) throws -> ChangePage {
        let rows = try connection.rows(
            """
            SELECT c.document, c.sequence AS changed, e.collection, e.version, e.acl, e.sequence
            FROM search_changes c LEFT JOIN search_entries e ON e.tenant = c.tenant AND e.document = c.document
            WHERE c.tenant = \(tenant) AND c.sequence >= \(cursor.sequence)
                AND (c.sequence > \(cursor.sequence) OR c.document > \(cursor.document))
            ORDER BY c.sequence, c.document LIMIT \(limit)
            """)
        var page = ChangePage(cursor: cursor, isLast: rows.count < limit)
        var missing: [DocumentID] = []
        for row in rows {
            let document: DocumentID = try row["document"]
            page.cursor = ChangeCursor(sequence: try row["changed"], document: document.description)
            let sequence: ChangeSequence? = try row["sequence"]
            guard let sequence else {
                page.removed.append(document)
                continue
            }
            page.live.append(
                LiveRow(
                    document: document, version: try row["version"], collection: try row["collection"],
                    acl: try row["acl"], sequence: sequence
                ))
            if known.sequences[document] != sequence { missing.append(document) }
        }
        page.sealedEntries = try sealedEntries(tenant, missing, connection)
        let acls = Set(page.live.map(\.acl)).subtracting(known.acls.keys)
        page.sealedACLs = try sealedACLs(tenant, acls.sorted(), connection)
        return page
    }

    /// The row of a document and its sealed entry; nil when it has none.
    func entry(
        _ document: DocumentID, _ tenant: TenantID, _ connection: any SQLConnection
    ) throws -> (LiveRow, [UInt8])? {
        let found = try connection.row(
            """
            SELECT version, collection, acl, sequence, entry FROM search_entries
            WHERE tenant = \(tenant) AND document = \(document)
            """)
        guard let row = found else { return nil }
        let live = LiveRow(
            document: document, version: try row["version"], collection: try row["collection"], acl: try row["acl"],
            sequence: try row["sequence"])
        return (live, try row["entry"])
    }

    func open(_ sealed: [UInt8], of row: LiveRow, tenant: TenantID) throws -> [UInt8] {
        try sealer.open(
            sealed, under: .document(tenant, row.collection, row.document),
            context: Self.context(row.document, row.sequence)
        )
    }

    func open(_ sealed: [UInt8], of id: ACLID, tenant: TenantID) throws -> EffectiveACL {
        let body = try sealer.open(sealed, under: .tenant(tenant), context: Self.context(id))
        guard let acl = try? EffectiveACL(canonicalBytes: body), acl.id == id else {
            throw SearchFailure.corruptEntry(nil)
        }
        return acl
    }

    /// Which of `documents` still have an entry.
    func withEntry(
        _ documents: [DocumentID], _ tenant: TenantID, _ connection: any SQLConnection
    ) throws -> [DocumentID] {
        try documents.batches(of: Self.batch).flatMap { documents in
            try connection.rows(
                "SELECT document FROM search_entries WHERE tenant = \(tenant) AND document IN (\(list: documents))"
            ).map { try $0["document"] }
        }
    }

    // MARK: Parts

    private static let batch = 500

    private enum ChangeKind: String {
        case publish, remove, assign
    }

    /// Takes one number for all of them and tells the followers.
    @discardableResult
    private func change(
        _ documents: [DocumentID], _ kind: ChangeKind, in transaction: any Transaction
    ) throws -> ChangeSequence {
        let (tenant, sequence) = (try Self.tenant(of: transaction), try transaction.nextChange())
        for document in documents {
            try transaction.execute(
                """
                INSERT INTO search_changes (tenant, document, sequence, kind)
                VALUES (\(tenant), \(document), \(sequence), \(kind.rawValue))
                ON CONFLICT (tenant, document) DO UPDATE SET sequence = excluded.sequence, kind = excluded.kind
                """)
        }
        transaction.publish(.changed(tenant, sequence))
        return sequence
    }

    static func tenant(of transaction: any Transaction) throws(SearchFailure) -> TenantID {
        guard case .tenant(let tenant) = transaction.scope else { throw .wrongScope }
        return tenant
    }

    private func sealedEntries(
        _ tenant: TenantID, _ documents: [DocumentID], _ connection: any SQLConnection
    ) throws -> [DocumentID: [UInt8]] {
        let rows = try connection.rows(
            "SELECT document, entry FROM search_entries WHERE tenant = \(tenant) AND document IN (\(list: documents))")
        return try rows.reduce(into: [:]) { $0[try $1["document"]] = try $1["entry"] }
    }

    private func sealedACLs(
        _ tenant: TenantID, _ acls: [ACLID], _ connection: any SQLConnection
    ) throws -> [ACLID: [UInt8]] {
        let rows = try connection.rows(
            "SELECT acl, body FROM search_acls WHERE tenant = \(tenant) AND acl IN (\(list: acls))")
        return try rows.reduce(into: [:]) { $0[try $1["acl"]] = try $1["body"] }
    }

    private static func context(_ document: DocumentID, _ sequence: ChangeSequence) -> SealContext {
        SealContext(table: "search_entries", column: "entry", row: document.description, version: sequence)
    }

    private static func context(_ acl: ACLID) -> SealContext {
        SealContext(table: "search_acls", column: "body", row: acl.description)
    }
}

extension Array {
    func batches(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
