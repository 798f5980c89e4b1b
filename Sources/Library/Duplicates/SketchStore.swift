import Access
import Kit
import Storage

/// The column `document_versions.sketch`, sealed under the document's key: a sketch tells which texts are alike.
struct SketchStore: Sendable {
    let sealer: any Sealer

    /// Only the current version of a document is compared, so only it keeps one.
    func replace(
        with sketch: Sketch, of version: VersionID, in document: DocumentRecord, for principal: Principal,
        in tx: any Transaction
    ) throws {
        let scope = KeyScope.document(principal.tenant, document.collection, document.id)
        let sealed = try sealer.seal(sketch.bytes, under: scope, context: context(version))
        try tx.execute(
            """
            UPDATE document_versions SET sketch = NULL
            WHERE tenant = \(principal.tenant) AND document = \(document.id) AND sketch IS NOT NULL
            """)
        try tx.execute(
            """
            UPDATE document_versions SET sketch = \(sealed)
            WHERE tenant = \(principal.tenant) AND version = \(version)
            """)
    }

    /// Of the current versions of the newest documents under rules of `acls`, at most `limit`.
    func newest(
        of collection: CollectionID, acls: [ACLID], limit: Int, for principal: Principal,
        in connection: any SQLConnection
    ) throws -> [SketchedDocument] {
        try connection.rows(
            """
            SELECT d.document, d.created, v.version, v.content_index, v.sketch
            FROM documents d JOIN document_versions v ON v.version = d.current_version
            WHERE d.tenant = \(principal.tenant) AND v.tenant = \(principal.tenant) AND d.collection = \(collection)
            AND d.acl IN (\(list: acls)) ORDER BY d.created DESC, d.document LIMIT \(limit)
            """
        ).compactMap { row in
            let (document, version): (DocumentID, VersionID) = (try row["document"], try row["version"])
            let sealed: [UInt8]? = try row["sketch"]
            do {
                let scope = KeyScope.document(principal.tenant, collection, document)
                let bytes = try sealed.map { try sealer.open($0, under: scope, context: context(version)) }
                return SketchedDocument(
                    document: document, created: try row["created"], content: try row["content_index"],
                    sketch: bytes.flatMap(Sketch.init(bytes:)))
            } catch SealFailure.noKey {
                // Deleted since the rows were read.
                return nil
            }
        }
    }

    private func context(_ version: VersionID) -> SealContext {
        SealContext(table: "document_versions", column: "sketch", row: version.description)
    }
}
