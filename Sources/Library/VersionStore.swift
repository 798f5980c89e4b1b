import Documents
import Kit
import Storage

/// Rows of `document_versions` and `chunks`. The body is the normalised text, sealed under the document's key.
struct VersionStore: Sendable {
    let sealer: any Sealer

    func insert(_ record: VersionRecord, for principal: Principal, at now: Timestamp, in tx: any Transaction) throws {
        try tx.execute(
            """
            INSERT INTO document_versions (tenant, version, document, number, state, media_type, original,
                content_index, job, created, original_of)
            VALUES (\(principal.tenant), \(record.id), \(record.document), \(record.number), \(record.state.rawValue),
                \(record.format.rawValue), \(record.original), \(record.contentIndex), \(record.job), \(now),
                \(record.originalOf))
            """)
    }

    func version(_ id: VersionID, for principal: Principal, in connection: any SQLConnection) throws -> VersionRecord? {
        try connection.row(
            "SELECT * FROM document_versions WHERE tenant = \(principal.tenant) AND version = \(id)"
        ).map(record)
    }

    func newest(of document: DocumentID, for principal: Principal, in connection: any SQLConnection) throws
        -> VersionRecord?
    {
        try connection.row(
            """
            SELECT * FROM document_versions WHERE tenant = \(principal.tenant) AND document = \(document)
            ORDER BY number DESC LIMIT 1
            """
        ).map(record)
    }

    func all(
        of document: DocumentRecord, for principal: Principal, in connection: any SQLConnection
    ) throws -> [VersionSummary] {
        let rows = try connection.rows(
            """
            SELECT version, number, state, media_type, parser, created FROM document_versions
            WHERE tenant = \(principal.tenant) AND document = \(document.id) ORDER BY number DESC
            """)
        return try rows.map { row in
            let (id, state): (VersionID, String) = (try row["version"], try row["state"])
            return VersionSummary(
                id: id, number: try row["number"], state: DocumentState(rawValue: state) ?? .failed,
                mediaType: try row["media_type"], parser: try row["parser"], created: try row["created"],
                isCurrent: id == document.currentVersion)
        }
    }

    /// Whether both are readings of the same bytes.
    func haveSameContent(
        _ one: VersionID, _ other: VersionID, for principal: Principal, in connection: any SQLConnection
    ) throws -> Bool {
        let left = try version(one, for: principal, in: connection)
        let right = try version(other, for: principal, in: connection)
        guard let left, let right else { return false }
        return left.document == right.document && left.contentIndex == right.contentIndex
    }

    /// Originals of every version of a document.
    func originals(of document: DocumentID, for principal: Principal, in connection: any SQLConnection) throws
        -> [BlobAddress]
    {
        try connection.rows(
            "SELECT original FROM document_versions WHERE tenant = \(principal.tenant) AND document = \(document)"
        ).map { try $0["original"] }
    }

    /// Every original that a row names, of all tenants: what the start-up sweep must keep.
    func allOriginals(in connection: any SQLConnection) throws -> Set<BlobAddress> {
        Set(try connection.rows("SELECT original FROM document_versions").map { try $0["original"] })
    }

    func setState(_ state: DocumentState, of id: VersionID, for principal: Principal, in tx: any Transaction) throws {
        try tx.execute(
            """
            UPDATE document_versions SET state = \(state.rawValue)
            WHERE tenant = \(principal.tenant) AND version = \(id)
            """
        )
    }

    /// Marks the version that waits for `job` as failed and names its document; nil when none waits for it.
    func giveUp(_ job: JobID, of tenant: TenantID, in tx: any Transaction) throws -> DocumentID? {
        let waiting: DocumentID? = try tx.row(
            """
            SELECT document FROM document_versions WHERE tenant = \(tenant) AND job = \(job)
                AND state IN (\(DocumentState.queued.rawValue), \(DocumentState.processing.rawValue))
            """
        ).map { try $0["document"] }
        try tx.execute(
            """
            UPDATE document_versions SET state = \(DocumentState.failed.rawValue)
            WHERE tenant = \(tenant) AND job = \(job)
                AND state IN (\(DocumentState.queued.rawValue), \(DocumentState.processing.rawValue))
            """)
        return waiting
    }

    func publish(
        _ parsed: ParsedDocument, chunks: [Chunk], chunker: String, hash: [UInt8], sketch: Sketch,
        as version: VersionID, of document: DocumentRecord, for principal: Principal, in tx: any Transaction
    ) throws {
        let scope = KeyScope.document(principal.tenant, document.collection, document.id)
        let body = try sealer.seal(parsed.text, under: scope, context: bodyContext(version))
        let layout = try sealer.seal(
            LayoutCodec.encode(parsed.layout.withoutWords), under: scope, context: layoutContext(version))
        let words = try sealer.seal(
            LayoutCodec.encode(parsed.layout.wordsOnly), under: scope, context: wordsContext(version))
        let notes = parsed.notes.map(\.rawValue).joined(separator: " ")
        try tx.execute(
            """
            UPDATE document_versions SET state = \(DocumentState.ready.rawValue), parser = \(parsed.parser),
                body = \(body), layout = \(layout), words = \(words), notes = \(notes), text_hash = \(hash)
            WHERE tenant = \(principal.tenant) AND version = \(version)
            """)
        try SketchStore(sealer: sealer).replace(with: sketch, of: version, in: document, for: principal, in: tx)
        try replaceChunks(chunks, chunker: chunker, of: version, in: document, for: principal, in: tx)
    }

    /// The same text in other pieces.
    func replaceChunks(
        _ chunks: [Chunk], chunker: String, of version: VersionID, in document: DocumentRecord,
        for principal: Principal, in tx: any Transaction
    ) throws {
        let scope = KeyScope.document(principal.tenant, document.collection, document.id)
        try tx.execute(
            """
            UPDATE document_versions SET chunker = \(chunker)
            WHERE tenant = \(principal.tenant) AND version = \(version)
            """)
        try tx.execute("DELETE FROM chunks WHERE tenant = \(principal.tenant) AND version = \(version)")
        for chunk in chunks {
            let heading = try sealer.seal(
                StoredJSON.encode(chunk.headings), under: scope, context: headingContext(version, chunk.ordinal))
            try tx.execute(
                """
                INSERT INTO chunks (tenant, version, ordinal, document, start_offset, end_offset, header_start,
                    header_end, heading)
                VALUES (\(principal.tenant), \(version), \(chunk.ordinal), \(document.id),
                    \(chunk.range.lowerBound), \(chunk.range.upperBound), \(chunk.tableHeader?.lowerBound),
                    \(chunk.tableHeader?.upperBound), \(heading))
                """)
        }
    }

    /// Nil when the version is unknown, of another document or not ready.
    func text(
        of version: VersionID, in document: DocumentRecord, for principal: Principal, in connection: any SQLConnection
    ) throws -> DocumentText? {
        let found = try connection.row(
            """
            SELECT body, layout, notes, parser, text_hash FROM document_versions WHERE tenant = \(principal.tenant)
            AND version = \(version) AND document = \(document.id) AND state = \(DocumentState.ready.rawValue)
            """)
        guard let row = found else { return nil }
        let scope = KeyScope.document(principal.tenant, document.collection, document.id)
        let text = try sealer.open(row["body"], under: scope, context: bodyContext(version))
        let notes: String? = try row["notes"]
        return DocumentText(
            document: document, version: version, text: text,
            layout: try layout(row["layout"], of: text, version, scope), parser: try row["parser"],
            notes: notes?.split(separator: " ").compactMap { ParseNote(rawValue: String($0)) } ?? [],
            hash: try row["text_hash"], chunks: try chunks(of: version, scope, for: principal, in: connection))
    }

    /// The boxes of the words of a version; empty when its file has no pages. `text` is that of `text(of:...)`.
    func words(
        of text: DocumentText, for principal: Principal, in connection: any SQLConnection
    ) throws -> [DocumentLayout.Word] {
        let row = try connection.row(
            "SELECT words FROM document_versions WHERE tenant = \(principal.tenant) AND version = \(text.version)")
        let sealed: [UInt8]? = try row?["words"]
        guard let sealed else { return [] }
        let scope = KeyScope.document(principal.tenant, text.document.collection, text.document.id)
        let bytes = try sealer.open(sealed, under: scope, context: wordsContext(text.version))
        return try LayoutCodec.decode(bytes, of: text.text).words
    }

    /// Empty for a version of before layouts were kept.
    private func layout(
        _ sealed: [UInt8]?, of text: [UInt8], _ version: VersionID, _ scope: KeyScope
    ) throws -> DocumentLayout {
        guard let sealed else { return DocumentLayout() }
        let bytes = try sealer.open(sealed, under: scope, context: layoutContext(version))
        return try LayoutCodec.decode(bytes, of: text)
    }

    private func chunks(
        of version: VersionID, _ scope: KeyScope, for principal: Principal, in connection: any SQLConnection
    ) throws -> [Chunk] {
        try connection.rows(
            "SELECT * FROM chunks WHERE tenant = \(principal.tenant) AND version = \(version) ORDER BY ordinal"
        ).map { row in
            let ordinal: Int = try row["ordinal"]
            let (start, end): (Int, Int) = (try row["start_offset"], try row["end_offset"])
            let heading = try sealer.open(row["heading"], under: scope, context: headingContext(version, ordinal))
            let (headerStart, headerEnd): (Int?, Int?) = (try row["header_start"], try row["header_end"])
            return Chunk(
                ordinal: ordinal, range: start..<end, headings: try StoredJSON.decode([String].self, from: heading),
                tableHeader: headerStart.flatMap { start in headerEnd.map { start..<$0 } })
        }
    }

    private func record(_ row: SQLRow) throws -> VersionRecord {
        let state: String = try row["state"]
        let media: String = try row["media_type"]
        return VersionRecord(
            id: try row["version"], document: try row["document"], number: try row["number"],
            state: DocumentState(rawValue: state) ?? .failed, format: DocumentFormat(rawValue: media) ?? .plain,
            original: try row["original"], contentIndex: try row["content_index"], job: try row["job"],
            parser: try row["parser"], textHash: try row["text_hash"],
            review: try (row["review"] as String?).flatMap(ReviewDecision.init(rawValue:)),
            chunker: try row["chunker"], originalOf: try row["original_of"])
    }

    private func bodyContext(_ version: VersionID) -> SealContext {
        SealContext(table: "document_versions", column: "body", row: version.description)
    }

    private func layoutContext(_ version: VersionID) -> SealContext {
        SealContext(table: "document_versions", column: "layout", row: version.description)
    }

    private func wordsContext(_ version: VersionID) -> SealContext {
        SealContext(table: "document_versions", column: "words", row: version.description)
    }

    private func headingContext(_ version: VersionID, _ ordinal: Int) -> SealContext {
        SealContext(table: "chunks", column: "heading", row: version.description, version: Int64(ordinal))
    }
}
