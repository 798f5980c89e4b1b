import Kit
import Storage

/// What a verification found: every log of one owner, oldest first.
package struct AuditVerification: Sendable, Hashable {
    package let logs: [LogVerification]

    /// The first bad record of the oldest log that has one.
    package var fault: AuditFault? { logs.lazy.compactMap(\.fault).first }
    package var isSound: Bool { fault == nil }
    /// Records in all logs.
    package var size: Int64 { logs.reduce(0) { $0 + $1.checkpoint.size } }
}

/// One log's state: what to keep elsewhere to recognise it later.
package struct AuditCheckpoint: Sendable, Hashable, Codable {
    /// `ten_…/2026`.
    package let log: String
    package let size: Int64
    /// Merkle root over the first `size` leaves.
    package let root: [UInt8]
    /// Chain value after them.
    package let chain: [UInt8]

    package init(log: String, size: Int64, root: [UInt8], chain: [UInt8]) {
        self.log = log
        self.size = size
        self.root = root
        self.chain = chain
    }
}

/// One log, recomputed from its rows up to the first bad one.
package struct LogVerification: Sendable, Hashable {
    package let checkpoint: AuditCheckpoint
    /// Records whose entry was opened and fits its commitment.
    package let opened: Int64
    /// Records whose hashes fit and whose entry nobody can open, because its key was destroyed.
    package let sealedAway: Int64
    package let fault: AuditFault?
}

/// The first thing that is wrong with a log.
package struct AuditFault: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case missing, unexpected
        case leafChanged = "leaf_changed"
        case chainBroken = "chain_broken"
        case timeWentBack = "time_went_back"
        case entryChanged = "entry_changed"
        case logRowChanged = "log_row_changed"
        case checkpointContradicted = "checkpoint_contradicted"
    }

    package let log: String
    /// The record; for a changed log row the last record that it claims.
    package let sequence: Int64
    package let kind: Kind

    package var description: String { "Record \(sequence) of \(log): \(kind.sentence)." }
}

extension AuditFault.Kind {
    package var sentence: String {
        switch self {
        case .missing: "there is no such record, but later ones or the log's row say there was"
        case .unexpected: "the log's row does not know this record"
        case .leafChanged: "its hash does not fit its number, time and commitment"
        case .chainBroken: "it does not follow from the record before it"
        case .timeWentBack: "it is older than the record before it"
        case .entryChanged: "its sealed entry does not open here or is not what the record commits to"
        case .logRowChanged: "the log's row does not fit its records or was not written by this platform"
        case .checkpointContradicted: "a checkpoint that was kept elsewhere tells another history"
        }
    }
}
