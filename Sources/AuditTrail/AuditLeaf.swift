import Kit
import Storage

/// One row of a log. The leaf hash covers the place, the time and a salted commitment to the entry, so that it can be
/// shown to an outsider without telling what happened; the sealed bundle holds salt and entry for who may know.
struct AuditLeaf: Hashable, Sendable {
    static let saltBytes = 32

    let log: AuditLog
    let sequence: Int64
    let time: Timestamp
    /// RFC 6962 leaf over log, sequence, time and commitment.
    let hash: [UInt8]
    /// SHA-256 of the chain before and this leaf's hash.
    let chain: [UInt8]
    /// SHA-256 of salt and canonical entry.
    let commitment: [UInt8]
    /// Salt and canonical entry, sealed under the key of the log's owner.
    let sealedEntry: [UInt8]

    static func hash(log: AuditLog, sequence: Int64, time: Timestamp, commitment: [UInt8]) -> [UInt8] {
        hash(logName: log.description, sequence: sequence, time: time, commitment: commitment)
    }

    static func hash(logName: String, sequence: Int64, time: Timestamp, commitment: [UInt8]) -> [UInt8] {
        var leaf = CanonicalBytes(domain: "cloister.audit.leaf.1")
        leaf.append(logName)
        leaf.append(sequence)
        leaf.append(time.microseconds)
        leaf.append(commitment)
        return MerkleFrontier.leaf(leaf.bytes)
    }

    static func chain(_ previous: [UInt8], _ leafHash: [UInt8]) -> [UInt8] {
        MerkleFrontier.hash(previous + leafHash)
    }

    static func commitment(salt: [UInt8], canonical: [UInt8]) -> [UInt8] {
        MerkleFrontier.hash(salt + canonical)
    }

    static func sealContext(_ log: AuditLog, _ sequence: Int64) -> SealContext {
        SealContext(table: "audit_leaves", column: "entry", row: "\(log)/\(sequence)", version: 1)
    }

    /// The record behind the leaf. Throws `SealFailure` when it was changed or its key is gone, `malformedRecord`
    /// when it is not what the leaf commits to.
    func open(with sealer: any Sealer) throws -> AuditRecord {
        let canonical = try opened(with: sealer).canonical
        guard let record = AuditRecord(canonicalBytes: canonical, log: log, sequence: sequence, time: time)
        else { throw AuditFailure.malformedRecord(log: log.description, sequence: sequence) }
        return record
    }

    /// Salt and canonical entry, which give the commitment. Throws as `open`.
    func opened(with sealer: any Sealer) throws -> (salt: [UInt8], canonical: [UInt8]) {
        let bundle = try sealer.open(
            sealedEntry, under: log.scope.keyScope, context: Self.sealContext(log, sequence))
        let (salt, canonical) = (Array(bundle.prefix(Self.saltBytes)), Array(bundle.dropFirst(Self.saltBytes)))
        guard Self.commitment(salt: salt, canonical: canonical) == commitment else {
            throw AuditFailure.malformedRecord(log: log.description, sequence: sequence)
        }
        return (salt, canonical)
    }
}
