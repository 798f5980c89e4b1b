import Kit
import Storage

/// A log's row: how far it goes and the hashes that cover it. It carries a tag under the owner's key, so that who can
/// write to the database but has no key cannot cut the log's end off and make the row fit.
struct AuditHead: Hashable, Sendable {
    let log: AuditLog
    /// Of the newest record; times never go back within a log, whatever the machine's clock does.
    private(set) var time: Timestamp
    private(set) var chain: [UInt8]
    private(set) var frontier: MerkleFrontier

    var size: Int64 { frontier.size }

    /// An empty log whose chain starts from the log of an earlier year, if there was one.
    init(opening log: AuditLog, after previous: AuditHead?, at time: Timestamp) {
        self.log = log
        self.time = time
        chain = Self.openingChain(of: log, after: previous)
        frontier = MerkleFrontier()
    }

    init(log: AuditLog, time: Timestamp, chain: [UInt8], frontier: MerkleFrontier) {
        self.log = log
        self.time = time
        self.chain = chain
        self.frontier = frontier
    }

    mutating func append(_ leafHash: [UInt8], at time: Timestamp) {
        self.time = time
        chain = AuditLeaf.chain(chain, leafHash)
        frontier.append(leafHash)
    }

    /// Binds a year's log to the end of the one before: dropping or swapping a whole year breaks the next one.
    static func openingChain(of log: AuditLog, after previous: AuditHead?) -> [UInt8] {
        var opening = CanonicalBytes(domain: "cloister.audit.opening.1")
        opening.append(log.description)
        opening.append(previous?.log.description ?? "")
        opening.append(previous?.size ?? 0)
        opening.append(previous?.chain ?? [])
        return MerkleFrontier.hash(opening.bytes)
    }

    /// HMAC of the row under the owner's key. Throws `SealFailure.noKey` once that is destroyed.
    func tag(by sealer: any Sealer) throws -> [UInt8] {
        var row = CanonicalBytes(domain: "cloister.audit.head.1")
        row.append(log.description)
        row.append(size)
        row.append(time.microseconds)
        row.append(chain)
        row.append(frontier.bytes)
        return try sealer.blindIndex(row.bytes, tenant: log.scope.tenant, purpose: "audit.head")
    }
}
