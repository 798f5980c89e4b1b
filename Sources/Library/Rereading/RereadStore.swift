import Documents
import Kit
import Storage

/// Where the reading again of a tenant's documents stands.
package enum RereadState: String, Sendable, Codable, CaseIterable {
    case running, paused
    /// Every document is read, old vectors are being taken out.
    case clearing
    case done
    /// Its job was cancelled, failed or lost its rights. Starting it again goes on where it was.
    case stopped
}

/// Rows of `rereads`, one for each tenant, and which versions were read in another way than today's.
struct RereadStore: Sendable {
    struct Row: Equatable, Sendable {
        /// Counts the starts.
        var run: Int
        var state: RereadState
        var job: JobID?
        /// Documents that this run has read again.
        var done: Int
    }

    func row(_ tenant: TenantID, in connection: any SQLConnection) throws -> Row? {
        try connection.row("SELECT run, state, job, done FROM rereads WHERE tenant = \(tenant)").map { row in
            let state: String = try row["state"]
            return Row(
                run: try row["run"], state: RereadState(rawValue: state) ?? .stopped, job: try row["job"],
                done: try row["done"])
        }
    }

    func save(_ row: Row, of tenant: TenantID, at now: Timestamp, in tx: any Transaction) throws {
        try tx.execute(
            """
            INSERT INTO rereads (tenant, run, state, job, done, updated)
            VALUES (\(tenant), \(row.run), \(row.state.rawValue), \(row.job), \(row.done), \(now))
            ON CONFLICT (tenant) DO UPDATE SET run = excluded.run, state = excluded.state, job = excluded.job,
                done = excluded.done, updated = excluded.updated
            """)
    }

    /// Documents of a collection whose shown version was cut by another chunker or read by another parser, in order.
    func outdated(
        in collection: CollectionID, chunker: Chunker, after: DocumentID?, limit: Int, for principal: Principal,
        in connection: any SQLConnection
    ) throws -> [DocumentID] {
        try connection.rows(
            """
            SELECT d.document FROM \(Self.outdated(principal.tenant, collection, chunker))
                AND d.document > \(after?.description ?? "") ORDER BY d.document LIMIT \(limit)
            """
        ).map { try $0["document"] }
    }

    func outdatedCount(
        in collection: CollectionID, chunker: Chunker, for principal: Principal, in connection: any SQLConnection
    ) throws -> Int {
        let row = try connection.row(
            "SELECT COUNT(*) AS found FROM \(Self.outdated(principal.tenant, collection, chunker))")
        return try row?["found"] ?? 0
    }

    /// A version of before this was kept was cut by the chunker of then, which is today's first.
    private static func outdated(
        _ tenant: TenantID, _ collection: CollectionID, _ chunker: Chunker
    ) -> SQLStatement {
        """
        documents d JOIN document_versions v ON v.version = d.current_version
        WHERE d.tenant = \(tenant) AND d.collection = \(collection)
            AND (COALESCE(v.chunker, \(Self.firstChunker)) <> \(chunker.fingerprint)
                OR v.parser NOT IN (\(list: Self.parsers)))
        """
    }

    static let firstChunker = "structure/512/50/1"
    /// Those of today.
    static let parsers = Set(DocumentFormat.allCases.map { $0.parser.version }).sorted()
}
