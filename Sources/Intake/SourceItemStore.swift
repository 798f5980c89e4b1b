import Connectors
import Foundation
import Kit
import Storage

/// Rows of `source_items`: one per document that a source named. Found by blind indexes, so that a listing of what is
/// known opens no seal.
struct SourceItemStore: Sendable {
    let sealer: any Sealer
    let source: SourceID
    let collection: CollectionID

    func index(of key: ExactText, _ tenant: TenantID) throws -> [UInt8] {
        try blind("key", key.text, tenant)
    }

    func index(of tag: ExactText?, _ tenant: TenantID) throws -> [UInt8] {
        try tag.map { try blind("tag", $0.text, tenant) } ?? []
    }

    /// Empty, which nothing equals, for rights that must be set again.
    func index(of permissions: SourcePermissions?, _ tenant: TenantID) throws -> [UInt8] {
        try permissions.map { try blind("rights", $0.fingerprint, tenant) } ?? []
    }

    func known(_ index: [UInt8], for principal: Principal, in connection: any SQLConnection) throws -> KnownItem? {
        try connection.row(
            """
            SELECT * FROM source_items WHERE tenant = \(principal.tenant) AND source = \(source)
            AND item_index = \(index)
            """
        ).map { try item($0, principal.tenant) }
    }

    /// The keys of documents, by document.
    func keys(
        of documents: [DocumentID], for principal: Principal, in connection: any SQLConnection
    ) throws -> [DocumentID: ExactText] {
        let rows = try connection.rows(
            """
            SELECT * FROM source_items WHERE tenant = \(principal.tenant) AND source = \(source)
            AND document IN (\(list: documents))
            """)
        return try rows.reduce(into: [:]) { keys, row in
            let known = try item(row, principal.tenant)
            if let document = known.document { keys[document] = known.item.key }
        }
    }

    /// What no page of the listing `number` named, a batch at a time.
    func unseen(
        since number: Int, after: [UInt8], limit: Int, for principal: Principal, in connection: any SQLConnection
    ) throws -> [KnownItem] {
        try connection.rows(
            """
            SELECT * FROM source_items WHERE tenant = \(principal.tenant) AND source = \(source)
            AND seen < \(number) AND item_index > \(after) ORDER BY item_index LIMIT \(limit)
            """
        ).map { try item($0, principal.tenant) }
    }

    func due(at now: Timestamp, limit: Int, for principal: Principal, in connection: any SQLConnection) throws
        -> [KnownItem]
    {
        try connection.rows(
            """
            SELECT * FROM source_items WHERE tenant = \(principal.tenant) AND source = \(source)
            AND retry_at <= \(now) ORDER BY retry_at, item_index LIMIT \(limit)
            """
        ).map { try item($0, principal.tenant) }
    }

    func problems(limit: Int, for principal: Principal, in connection: any SQLConnection) throws -> [KnownItem] {
        try connection.rows(
            """
            SELECT * FROM source_items WHERE tenant = \(principal.tenant) AND source = \(source)
            AND problem IS NOT NULL ORDER BY item_index LIMIT \(limit)
            """
        ).map { try item($0, principal.tenant) }
    }

    struct Counts: Sendable, Equatable {
        var documents = 0
        var problems = 0
        /// Those that the listing under way, or the last, did not name.
        var unseen = 0
    }

    func counts(listing: Int, for principal: Principal, in connection: any SQLConnection) throws -> Counts {
        let row = try connection.row(
            """
            SELECT COUNT(document) AS documents, COUNT(problem) AS problems,
                COUNT(CASE WHEN seen < \(listing) AND document IS NOT NULL THEN 1 END) AS unseen
            FROM source_items WHERE tenant = \(principal.tenant) AND source = \(source)
            """)
        return try row.map {
            Counts(documents: try $0["documents"], problems: try $0["problems"], unseen: try $0["unseen"])
        } ?? Counts()
    }

    func save(_ known: KnownItem, seen: Int, for principal: Principal, in tx: any Transaction) throws {
        let (tenant, scope) = (principal.tenant, KeyScope.collection(principal.tenant, collection))
        let json = try JSONEncoder().encode(known.item)
        let item = try sealer.seal(Array(json), under: scope, context: context("item", known.index))
        let problem = try known.problem.map {
            try sealer.seal($0, under: scope, context: context("problem", known.index))
        }
        try tx.execute(
            """
            INSERT INTO source_items (tenant, source, item_index, item, document, tag_index, rights_index, seen,
                problem, attempts, retry_at)
            VALUES (\(tenant), \(source), \(known.index), \(item), \(known.document), \(known.tagIndex),
                \(known.rightsIndex), \(seen), \(problem), \(known.attempts), \(known.retryAt))
            ON CONFLICT (source, item_index) DO UPDATE SET item = excluded.item, document = excluded.document,
                tag_index = excluded.tag_index, rights_index = excluded.rights_index, 
                seen = CASE WHEN excluded.seen > source_items.seen THEN excluded.seen ELSE source_items.seen END,
                problem = excluded.problem, attempts = excluded.attempts, retry_at = excluded.retry_at
            """)
    }

    func markSeen(_ indexes: [[UInt8]], listing: Int, for principal: Principal, in tx: any Transaction) throws {
        for start in stride(from: 0, to: indexes.count, by: 500) {
            let batch = Array(indexes[start..<min(start + 500, indexes.count)])
            try tx.execute(
                """
                UPDATE source_items SET seen = \(listing) WHERE tenant = \(principal.tenant)
                AND source = \(source) AND item_index IN (\(list: batch))
                """)
        }
    }

    /// Every rule is set again by the next listing.
    func forgetRights(for principal: Principal, in tx: any Transaction) throws {
        let none: [UInt8] = []
        try tx.execute(
            """
            UPDATE source_items SET rights_index = \(none) WHERE tenant = \(principal.tenant)
            AND source = \(source)
            """)
    }

    func delete(_ index: [UInt8], for principal: Principal, in tx: any Transaction) throws {
        try tx.execute(
            """
            DELETE FROM source_items WHERE tenant = \(principal.tenant) AND source = \(source)
            AND item_index = \(index)
            """)
    }

    private func item(_ row: SQLRow, _ tenant: TenantID) throws -> KnownItem {
        let (index, scope): ([UInt8], KeyScope) = (try row["item_index"], .collection(tenant, collection))
        let json = try sealer.open(row["item"], under: scope, context: context("item", index))
        let problem: [UInt8]? = try row["problem"]
        return KnownItem(
            index: index, item: try JSONDecoder().decode(SourceItem.self, from: Data(json)),
            document: try row["document"], tagIndex: try row["tag_index"], rightsIndex: try row["rights_index"],
            problem: try problem.map { try sealer.openText($0, under: scope, context: context("problem", index)) },
            attempts: try row["attempts"], retryAt: try row["retry_at"])
    }

    private func blind(_ what: String, _ text: String, _ tenant: TenantID) throws -> [UInt8] {
        try sealer.blindIndex(source.bytes + Array(text.utf8), tenant: tenant, purpose: "source_items.\(what)")
    }

    private func context(_ column: String, _ index: [UInt8]) -> SealContext {
        SealContext(table: "source_items", column: column, row: "\(source)/\(Hex.encode(index))")
    }
}
