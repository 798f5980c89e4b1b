import Kit
import Storage

/// The SQL of which encoder has read what: `search_encoders` and the columns about it of `search_entries`.
struct EncoderStore: Sendable {
    /// Nil before the tenant's first document.
    func serving(_ tenant: TenantID, _ connection: any SQLConnection) throws -> ServingEncoder? {
        try connection.row("SELECT encoder, generation FROM search_encoders WHERE tenant = \(tenant)").map {
            ServingEncoder(encoder: try $0["encoder"], generation: try $0["generation"])
        }
    }

    /// The first writer decides.
    func begin(_ encoder: String, _ tenant: TenantID, in transaction: any Transaction) throws -> ServingEncoder {
        if let known = try serving(tenant, transaction) { return known }
        try set(encoder, generation: 1, tenant, in: transaction)
        return ServingEncoder(encoder: encoder, generation: 1)
    }

    func set(_ encoder: String, generation: Int64, _ tenant: TenantID, in transaction: any Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO search_encoders (tenant, encoder, generation) VALUES (\(tenant), \(encoder), \(generation))
            ON CONFLICT (tenant) DO UPDATE SET encoder = excluded.encoder, generation = excluded.generation
            """)
    }

    func progress(_ tenant: TenantID, _ encoder: String, _ connection: any SQLConnection) throws -> EncoderProgress {
        func count(_ condition: SQLStatement) throws -> Int {
            let row = try connection.row(
                "SELECT COUNT(*) AS found FROM search_entries WHERE tenant = \(tenant) AND \(condition)")
            return try row?["found"] ?? 0
        }
        return EncoderProgress(
            documents: try count("1 = 1"), behind: try count("stuck IS NULL AND \(Self.lacks(encoder))"),
            surplus: try count(Self.hasOther(than: encoder)), stuck: try count("stuck IS NOT NULL"))
    }

    /// The next documents without vectors of `encoder`, in order; those that are stuck are left out.
    func behind(
        _ tenant: TenantID, _ encoder: String, after: DocumentID?, limit: Int, _ connection: any SQLConnection
    ) throws -> [DocumentID] {
        try documents(tenant, "stuck IS NULL AND \(Self.lacks(encoder))", after: after, limit, connection)
    }

    /// The next documents with vectors of another encoder, in order.
    func surplus(
        _ tenant: TenantID, _ encoder: String, after: DocumentID?, limit: Int, _ connection: any SQLConnection
    ) throws -> [DocumentID] {
        try documents(tenant, Self.hasOther(than: encoder), after: after, limit, connection)
    }

    /// Nil clears it for all.
    func setStuck(_ reason: String, _ document: DocumentID, _ tenant: TenantID, in tx: any Transaction) throws {
        try tx.execute(
            "UPDATE search_entries SET stuck = \(reason) WHERE tenant = \(tenant) AND document = \(document)")
    }

    func clearStuck(_ tenant: TenantID, in tx: any Transaction) throws {
        try tx.execute("UPDATE search_entries SET stuck = NULL WHERE tenant = \(tenant) AND stuck IS NOT NULL")
    }

    /// The encoders beside an entry that was just written.
    func setEncoders(
        _ encoders: (own: String, earlier: String?), _ document: DocumentID, _ tenant: TenantID,
        in tx: any Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE search_entries SET encoder = \(encoders.own), earlier = \(encoders.earlier)
            WHERE tenant = \(tenant) AND document = \(document)
            """)
    }

    private func documents(
        _ tenant: TenantID, _ condition: SQLStatement, after: DocumentID?, _ limit: Int,
        _ connection: any SQLConnection
    ) throws -> [DocumentID] {
        try connection.rows(
            """
            SELECT document FROM search_entries WHERE tenant = \(tenant) AND \(condition)
                AND document > \(after?.description ?? "") ORDER BY document LIMIT \(limit)
            """
        ).map { try $0["document"] }
    }

    private static func lacks(_ encoder: String) -> SQLStatement {
        "encoder <> \(encoder) AND (earlier IS NULL OR earlier <> \(encoder))"
    }

    /// An entry whose vectors are all of the encoder, or that has none, is left alone.
    private static func hasOther(than encoder: String) -> SQLStatement {
        "((encoder <> \(encoder) AND encoder <> '') OR (earlier IS NOT NULL AND earlier <> \(encoder)))"
    }
}
