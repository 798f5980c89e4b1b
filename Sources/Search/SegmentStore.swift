import Crypto
import Kit
import Storage

/// Sealed segments: their rows and their blobs.
///
/// A segment is recorded as `pending` before its blob is written and `retired` before it is deleted, so that a crash
/// at any point leaves a row that names what is left over. `sweep` clears it.
struct SegmentStore: Sendable {
    struct Row: Sendable {
        let segment: SegmentID
        let blob: BlobAddress
    }

    private enum State: String {
        case pending, active, retired
    }

    /// A writer that has not finished after this long is dead.
    private static let pendingMax = Duration.seconds(600)

    let tenant: TenantID
    let database: any Database
    let blobs: any BlobStore
    let sealer: any Sealer
    let clock: WallClock
    let randomness: Randomness

    func active() async throws -> [Row] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT segment, blob FROM search_segments WHERE tenant = \(tenant) AND state = \(State.active.rawValue)
                ORDER BY first_sequence, segment
                """
            ).map { Row(segment: try $0["segment"], blob: try $0["blob"]) }
        }
    }

    /// The entries of a segment; nil when the blob is gone or damaged, which costs nothing but time.
    func load(_ row: Row) async throws -> [StoredEntry]? {
        do {
            let plain = try sealer.open(
                try await blobs.get(row.blob), under: .segment(tenant, row.segment), context: Self.context(row.segment)
            )
            return try SegmentForm.decode(plain)
        } catch StorageFailure.blobMissing, StorageFailure.blobCorrupt, SealFailure.notAuthentic,
            SealFailure.malformed
        {
            return nil
        } catch is ByteReader.Malformed {
            return nil
        }
    }

    /// Writes `entries` as a segment that takes the place of `replaced`. Nil, and nothing is left, when another node
    /// has changed the set of segments since `expected` was read.
    func write(
        _ entries: [StoredEntry], replacing replaced: [Row], expected: Set<SegmentID>
    ) async throws -> SegmentID? {
        let segment: SegmentID = randomness.identifier()
        let sealed = try sealer.seal(
            SegmentForm.encode(entries), under: .segment(tenant, segment), context: Self.context(segment)
        )
        guard let address = BlobAddress(bytes: Array(SHA256.hash(data: sealed))) else { return nil }
        let row = Row(segment: segment, blob: address)
        try await recordPending(row, entries)
        guard try await blobs.put(sealed) == address else { throw StorageFailure.blobCorrupt }
        guard try await activate(row, replacing: replaced, expected: expected) else {
            try await retire([row])
            return nil
        }
        try await delete(replaced)
        return segment
    }

    /// Takes segments out of service and deletes their blobs.
    func retire(_ rows: [Row]) async throws {
        try await database.write(.tenant(tenant)) { try retire(rows, in: $0) }
        try await delete(rows)
    }

    /// The segments in any state that hold one of `documents`.
    func holding(_ documents: [DocumentID]) async throws -> [Row] {
        try await database.read { connection in
            let rows = try documents.batches(of: 500).flatMap { documents in
                try connection.rows(
                    """
                    SELECT DISTINCT s.segment, s.blob FROM search_segments s
                    JOIN search_segment_documents d ON d.tenant = s.tenant AND d.segment = s.segment
                    WHERE s.tenant = \(tenant) AND d.document IN (\(list: documents)) ORDER BY s.segment
                    """
                ).map { Row(segment: try $0["segment"], blob: try $0["blob"]) }
            }
            var seen: Set<SegmentID> = []
            return rows.filter { seen.insert($0.segment).inserted }
        }
    }

    /// Deletes what a crash left: blobs of retired segments, and of writers that died.
    func sweep() async throws {
        let oldest = clock.now() - Self.pendingMax
        let rows = try await database.read { connection in
            try connection.rows(
                """
                SELECT segment, blob FROM search_segments WHERE tenant = \(tenant)
                    AND (state = \(State.retired.rawValue)
                        OR (state = \(State.pending.rawValue) AND created < \(oldest)))
                LIMIT 100
                """
            ).map { Row(segment: try $0["segment"], blob: try $0["blob"]) }
        }
        if !rows.isEmpty { try await retire(rows) }
    }

    // MARK: Steps

    private func recordPending(_ row: Row, _ entries: [StoredEntry]) async throws {
        let sequences = entries.map(\.sequence)
        let (first, last) = (sequences.min() ?? 0, sequences.max() ?? 0)
        let now = clock.now()
        try await database.write(.tenant(tenant)) { transaction in
            try transaction.execute(
                """
                INSERT INTO search_segments
                    (tenant, segment, state, blob, documents, first_sequence, last_sequence, created)
                VALUES (\(tenant), \(row.segment), \(State.pending.rawValue), \(row.blob), \(entries.count), \(first),
                        \(last), \(now))
                """)
            for document in entries.map(\.document) {
                try transaction.execute(
                    """
                    INSERT INTO search_segment_documents (tenant, document, segment)
                    VALUES (\(tenant), \(document), \(row.segment))
                    """)
            }
        }
    }

    private func activate(_ row: Row, replacing replaced: [Row], expected: Set<SegmentID>) async throws -> Bool {
        try await database.write(.tenant(tenant)) { transaction in
            let active = try transaction.rows(
                "SELECT segment FROM search_segments WHERE tenant = \(tenant) AND state = \(State.active.rawValue)"
            ).map { row -> SegmentID in try row["segment"] }
            guard Set(active) == expected else { return false }
            let changed = try transaction.execute(
                """
                UPDATE search_segments SET state = \(State.active.rawValue)
                WHERE tenant = \(tenant) AND segment = \(row.segment) AND state = \(State.pending.rawValue)
                """)
            guard changed == 1 else { return false }
            try retire(replaced, in: transaction)
            return true
        }
    }

    private func retire(_ rows: [Row], in transaction: any Transaction) throws {
        try transaction.execute(
            """
            UPDATE search_segments SET state = \(State.retired.rawValue)
            WHERE tenant = \(tenant) AND segment IN (\(list: rows.map(\.segment)))
            """)
    }

    /// Blob first: a row without a blob is found and swept, a blob without a row would not be.
    private func delete(_ rows: [Row]) async throws {
        if rows.isEmpty { return }
        for row in rows { try await blobs.delete(row.blob) }
        let segments = rows.map(\.segment)
        try await database.write(.tenant(tenant)) { transaction in
            try transaction.execute(
                """
                DELETE FROM search_segment_documents WHERE tenant = \(tenant) AND segment IN (\(list: segments))
                """)
            try transaction.execute(
                "DELETE FROM search_segments WHERE tenant = \(tenant) AND segment IN (\(list: segments))")
        }
    }

    private static func context(_ segment: SegmentID) -> SealContext {
        SealContext(table: "search_segments", column: "blob", row: segment.description)
    }
}
