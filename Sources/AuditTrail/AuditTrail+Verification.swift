import Kit
import Storage

extension AuditTrail {
    /// Records that one read fetches: bounds the memory of a verification, not its length.
    static let verificationBatch = 1000

    /// Recomputes every log of the owner from its rows: numbers, times, hashes, chain, Merkle root, sealed entries
    /// and the log's row, and names the first bad record. Appending goes on meanwhile and is not looked at.
    ///
    /// `anchors` are checkpoints of earlier verifications, kept outside the database: with them, a log that was put
    /// back to an earlier state or rewritten with the platform's own keys is recognised.
    package func verify(_ scope: WriteScope, anchors: [AuditCheckpoint] = []) async throws -> AuditVerification {
        let snapshot = try await database.read { try LogSnapshot(of: scope, in: AuditStore(connection: $0)) }
        var logs: [LogVerification] = []
        var previous: AuditHead?
        for log in snapshot.logs {
            logs.append(try await verify(log, after: previous, anchors: anchors))
            previous = log.row?.head ?? previous
        }
        let known = Set(logs.map(\.checkpoint.log))
        let lost = anchors.filter { $0.log.hasPrefix(scope.owner + "/") && !known.contains($0.log) && $0.size > 0 }
        logs += Set(lost.map(\.log)).sorted().map(LogVerification.init(lost:))
        return AuditVerification(logs: logs)
    }

    private func verify(
        _ log: LogSnapshot.Log, after previous: AuditHead?, anchors: [AuditCheckpoint]
    ) async throws -> LogVerification {
        var verifier = LogVerifier(log.log, after: previous, sealer: sealer, anchors: anchors)
        var fault: AuditFault?
        do {
            try await checkRecords(of: log, with: &verifier)
        } catch let found as AuditFault {
            fault = found
        }
        return LogVerification(
            checkpoint: verifier.checkpoint, opened: verifier.opened, sealedAway: verifier.sealedAway, fault: fault)
    }

    private func checkRecords(of log: LogSnapshot.Log, with verifier: inout LogVerifier) async throws {
        let size = log.row?.size ?? 0
        if let low = log.bounds?.lowerBound, low < 1 { throw verifier.fault(.unexpected, at: low) }
        while verifier.head.size < size {
            let next = verifier.head.size + 1
            let limit = Int(min(size - verifier.head.size, Int64(Self.verificationBatch)))
            let leaves = try await database.read {
                try AuditStore(connection: $0).leaves(of: log.log, from: next, limit: limit)
            }
            if leaves.isEmpty { throw verifier.fault(.missing, at: next) }
            for leaf in leaves { try verifier.check(leaf) }
        }
        if let high = log.bounds?.upperBound, high > size { throw verifier.fault(.unexpected, at: size + 1) }
        guard let row = log.row, let head = row.head else { throw verifier.fault(.logRowChanged, at: size) }
        try verifier.checkRow(head, tag: row.tag)
    }
}

/// What the tables said at one moment.
private struct LogSnapshot: Sendable {
    struct Log: Sendable {
        let log: AuditLog
        /// Nil when the log's row is gone.
        let row: StoredHead?
        /// Lowest and highest number of its records; nil without any.
        let bounds: ClosedRange<Int64>?
    }

    let logs: [Log]

    init(of scope: WriteScope, in store: AuditStore) throws {
        let rows = try Dictionary(uniqueKeysWithValues: store.heads(of: scope).map { ($0.log.year, $0) })
        let bounds = try store.bounds(of: scope)
        logs = Set(rows.keys).union(bounds.keys).sorted().map { year in
            Log(log: AuditLog(scope: scope, year: year), row: rows[year], bounds: bounds[year])
        }
    }
}

extension LogVerification {
    /// A log of which nothing is left but a checkpoint elsewhere.
    fileprivate init(lost log: String) {
        checkpoint = AuditCheckpoint(log: log, size: 0, root: MerkleFrontier().root, chain: [])
        opened = 0
        sealedAway = 0
        fault = AuditFault(log: log, sequence: 1, kind: .checkpointContradicted)
    }
}
