import Kit
import Storage

/// The statements of the log, over a connection that belongs to the caller's transaction.
struct AuditStore {
    let connection: any SQLConnection

    // MARK: Logs

    /// The log that entries of this owner go to.
    func newestHead(of scope: WriteScope) throws -> StoredHead? {
        try connection.row(
            """
            SELECT year, size, time, chain, frontier, tag FROM audit_logs
            WHERE owner = \(scope.owner) ORDER BY year DESC LIMIT 1
            """
        ).map { try StoredHead($0, scope) }
    }

    /// All logs of the owner, oldest first: one a year.
    func heads(of scope: WriteScope) throws -> [StoredHead] {
        try connection.rows(
            """
            SELECT year, size, time, chain, frontier, tag FROM audit_logs
            WHERE owner = \(scope.owner) ORDER BY year
            """
        ).map { try StoredHead($0, scope) }
    }

    func save(_ head: AuditHead, tag: [UInt8]) throws {
        try connection.execute(
            """
            INSERT INTO audit_logs (owner, year, size, time, chain, frontier, tag)
            VALUES (\(head.log.scope.owner), \(head.log.year), \(head.size), \(head.time), \(head.chain),
                \(head.frontier.bytes), \(tag))
            ON CONFLICT (owner, year) DO UPDATE SET size = excluded.size, time = excluded.time,
                chain = excluded.chain, frontier = excluded.frontier, tag = excluded.tag
            """)
    }

    // MARK: Leaves

    func insert(_ leaf: AuditLeaf) throws {
        try connection.execute(
            """
            INSERT INTO audit_leaves (owner, year, sequence, time, leaf_hash, chain, commitment, entry)
            VALUES (\(leaf.log.scope.owner), \(leaf.log.year), \(leaf.sequence), \(leaf.time), \(leaf.hash),
                \(leaf.chain), \(leaf.commitment), \(leaf.sealedEntry))
            """)
    }

    /// Ascending from `first`, at most `limit`.
    func leaves(of log: AuditLog, from first: Int64, limit: Int) throws -> [AuditLeaf] {
        try connection.rows(
            """
            SELECT sequence, time, leaf_hash, chain, commitment, entry FROM audit_leaves
            WHERE owner = \(log.scope.owner) AND year = \(log.year) AND sequence >= \(first)
            ORDER BY sequence LIMIT \(limit)
            """
        ).map { try Self.leaf($0, log) }
    }

    /// Descending from the one before `bound`, at most `limit`.
    func leaves(of log: AuditLog, before bound: Int64, limit: Int) throws -> [AuditLeaf] {
        try connection.rows(
            """
            SELECT sequence, time, leaf_hash, chain, commitment, entry FROM audit_leaves
            WHERE owner = \(log.scope.owner) AND year = \(log.year) AND sequence < \(bound)
            ORDER BY sequence DESC LIMIT \(limit)
            """
        ).map { try Self.leaf($0, log) }
    }

    /// The hashes of leaves with these numbers, ascending.
    func leafHashes(of log: AuditLog, _ sequences: ClosedRange<Int64>) throws -> [[UInt8]] {
        try connection.rows(
            """
            SELECT leaf_hash FROM audit_leaves WHERE owner = \(log.scope.owner) AND year = \(log.year)
            AND sequence >= \(sequences.lowerBound) AND sequence <= \(sequences.upperBound) ORDER BY sequence
            """
        ).map { try $0["leaf_hash"] }
    }

    /// Every pair of owner and year that has records, with the lowest and highest number.
    func bounds(of scope: WriteScope) throws -> [Int: ClosedRange<Int64>] {
        let rows = try connection.rows(
            """
            SELECT year, MIN(sequence) AS low, MAX(sequence) AS high FROM audit_leaves
            WHERE owner = \(scope.owner) GROUP BY year
            """)
        return try rows.reduce(into: [:]) { bounds, row in
            let (low, high): (Int64, Int64) = (try row["low"], try row["high"])
            bounds[try row["year"]] = low...high
        }
    }

    // MARK: Intents

    func insert(_ intent: OpenIntent) throws {
        try connection.execute(
            """
            INSERT INTO audit_intents (id, owner, kind, payload, year, sequence, time)
            VALUES (\(intent.id), \(intent.log.scope.owner), \(intent.kind), \(intent.sealedPayload),
                \(intent.log.year), \(intent.sequence), \(intent.time))
            """)
    }

    /// Whether the intent was open until now.
    func close(_ intent: IntentID, of scope: WriteScope) throws -> Bool {
        try connection.execute("DELETE FROM audit_intents WHERE id = \(intent) AND owner = \(scope.owner)") == 1
    }

    /// The oldest open intents of all owners, at most `limit`. For start-up only.
    func openIntents(limit: Int) throws -> [OpenIntent] {
        try connection.rows(
            """
            SELECT id, owner, kind, payload, year, sequence, time FROM audit_intents
            ORDER BY time, owner, sequence LIMIT \(limit)
            """
        ).map { row in
            let owner: String = try row["owner"]
            guard let scope = WriteScope(owner: owner) else { throw StorageFailure.unexpectedValue(column: "owner") }
            return OpenIntent(
                id: try row["id"], log: AuditLog(scope: scope, year: try row["year"]), sequence: try row["sequence"],
                time: try row["time"], kind: try row["kind"], sealedPayload: try row["payload"])
        }
    }

    // MARK: Rows

    private static func leaf(_ row: SQLRow, _ log: AuditLog) throws -> AuditLeaf {
        AuditLeaf(
            log: log, sequence: try row["sequence"], time: try row["time"], hash: try row["leaf_hash"],
            chain: try row["chain"], commitment: try row["commitment"], sealedEntry: try row["entry"])
    }
}

/// A log's row as it lies in the table, which somebody may have changed.
struct StoredHead: Sendable {
    let log: AuditLog
    /// How many records the row claims.
    let size: Int64
    /// Nil when size and frontier do not fit each other.
    let head: AuditHead?
    let tag: [UInt8]

    fileprivate init(_ row: SQLRow, _ scope: WriteScope) throws {
        log = AuditLog(scope: scope, year: try row["year"])
        size = try row["size"]
        tag = try row["tag"]
        let (time, chain): (Timestamp, [UInt8]) = (try row["time"], try row["chain"])
        head = MerkleFrontier(size: size, bytes: try row["frontier"]).map { [log] in
            AuditHead(log: log, time: time, chain: chain, frontier: $0)
        }
    }
}
