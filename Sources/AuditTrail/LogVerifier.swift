import Kit
import Storage

/// Recomputes one log, record by record, and stops at the first that is wrong. Pure but for opening entries.
struct LogVerifier {
    private(set) var head: AuditHead
    private(set) var opened: Int64 = 0
    private(set) var sealedAway: Int64 = 0
    private let sealer: any Sealer
    private let anchors: [AuditCheckpoint]

    /// `previous` is the row of the owner's log of the year before.
    init(_ log: AuditLog, after previous: AuditHead?, sealer: any Sealer, anchors: [AuditCheckpoint]) {
        head = AuditHead(opening: log, after: previous, at: Timestamp(microseconds: .min))
        self.sealer = sealer
        self.anchors = anchors.filter { $0.log == log.description }
    }

    var checkpoint: AuditCheckpoint {
        AuditCheckpoint(log: head.log.description, size: head.size, root: head.frontier.root, chain: head.chain)
    }

    /// Checks the next record in order of numbers.
    mutating func check(_ leaf: AuditLeaf) throws(AuditFault) {
        let next = head.size + 1
        guard leaf.sequence == next else { throw fault(.missing, at: next) }
        let hash = AuditLeaf.hash(
            log: head.log, sequence: next, time: leaf.time, commitment: leaf.commitment)
        guard hash == leaf.hash else { throw fault(.leafChanged, at: next) }
        guard AuditLeaf.chain(head.chain, hash) == leaf.chain else { throw fault(.chainBroken, at: next) }
        guard leaf.time >= head.time else { throw fault(.timeWentBack, at: next) }
        try checkEntry(of: leaf)
        head.append(hash, at: leaf.time)
        guard anchors.allSatisfy({ $0.size != head.size || $0 == checkpoint }) else {
            throw fault(.checkpointContradicted, at: next)
        }
    }

    /// Checks the log's row, after all its records.
    func checkRow(_ row: AuditHead, tag: [UInt8]) throws(AuditFault) {
        guard row == head, isOurs(row, tag: tag) else { throw fault(.logRowChanged, at: row.size) }
        guard anchors.allSatisfy({ $0.size <= head.size }) else {
            throw fault(.checkpointContradicted, at: head.size + 1)
        }
    }

    func fault(_ kind: AuditFault.Kind, at sequence: Int64) -> AuditFault {
        AuditFault(log: head.log.description, sequence: sequence, kind: kind)
    }

    private mutating func checkEntry(of leaf: AuditLeaf) throws(AuditFault) {
        do {
            _ = try leaf.open(with: sealer)
            opened += 1
        } catch SealFailure.noKey {
            sealedAway += 1
        } catch {
            throw fault(.entryChanged, at: leaf.sequence)
        }
    }

    /// With the owner's key destroyed nobody can tell; the records' hashes still can.
    private func isOurs(_ row: AuditHead, tag: [UInt8]) -> Bool {
        do {
            return try row.tag(by: sealer) == tag
        } catch SealFailure.noKey {
            return sealedAway == row.size
        } catch {
            return false
        }
    }
}
