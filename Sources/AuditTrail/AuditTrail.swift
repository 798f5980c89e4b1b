import Kit
import Storage

/// What happened, provably: an append-only log for each tenant and year and one for the platform.
///
/// A record's row is written in the transaction of its act, and its number is taken there: no act without a record,
/// no record without an act, no holes. Each row is chained to the one before and is a leaf of a Merkle tree (RFC 6962)
/// whose root is known at every size. Rows hold commitments and sealed bundles, so the log can be verified
/// by somebody who may not know what happened.
///
///     try await database.write(.tenant(tenant)) { tx in
///         try store.publish(document, in: tx)
///         try audit.append(AuditEntry(action: "documents.publish", resource: "\(document)"), in: tx)
///     }
///
/// What it cannot see alone: a database put back to an earlier state in one piece. Keep checkpoints elsewhere and give
/// them to `verify`. A tenant's last acts, such as the destruction of its key, belong in the platform's log.
package final class AuditTrail: Sendable {
    let database: any Database
    let sealer: any Sealer
    let clock: WallClock
    let randomness: Randomness

    package init(database: any Database, sealer: any Sealer, clock: WallClock, randomness: Randomness) {
        self.database = database
        self.sealer = sealer
        self.clock = clock
        self.randomness = randomness
    }

    /// Appends `entry` to the log of the transaction's scope. Throws, and so undoes the act, when the entry cannot be
    /// written: `AuditFailure.logTampered`, `SealFailure.noKey`, a failing statement.
    @discardableResult
    package func append(_ entry: AuditEntry, in transaction: any Transaction) throws -> AuditReceipt {
        try entry.checkSize()
        return try appendUnchecked(entry, in: transaction)
    }

    /// `append` in a transaction of its own: for refusals, sign-ins and reads, which write nothing else.
    @discardableResult
    package func record(_ entry: AuditEntry, for scope: WriteScope) async throws -> AuditReceipt {
        try await database.write(scope) { try self.append(entry, in: $0) }
    }

    /// For entries whose size was checked before facts of ours were added.
    func appendUnchecked(_ entry: AuditEntry, in transaction: any Transaction) throws -> AuditReceipt {
        let store = AuditStore(connection: transaction)
        var head = try currentHead(of: transaction.scope, in: store)
        let time = max(clock.now(), head.time)
        let record = AuditRecord(log: head.log, sequence: head.size + 1, time: time, entry: entry)
        let leaf = try leaf(of: record, after: head.chain)
        head.append(leaf.hash, at: time)
        try store.insert(leaf)
        try store.save(head, tag: head.tag(by: sealer))
        return AuditReceipt(log: head.log, sequence: leaf.sequence, leafHash: leaf.hash)
    }

    /// The log of this year; of a later one when the machine's clock went back over New Year.
    private func currentHead(of scope: WriteScope, in store: AuditStore) throws -> AuditHead {
        let now = clock.now()
        guard let stored = try store.newestHead(of: scope) else {
            return AuditHead(opening: AuditLog(scope: scope, year: now.year), after: nil, at: now)
        }
        // A tag made over a changed row would make the change ours.
        guard let head = stored.head, try head.tag(by: sealer) == stored.tag else {
            throw AuditFailure.logTampered(log: stored.log.description)
        }
        guard head.log.year < now.year else { return head }
        return AuditHead(opening: AuditLog(scope: scope, year: now.year), after: head, at: now)
    }

    private func leaf(of record: AuditRecord, after chain: [UInt8]) throws -> AuditLeaf {
        let salt = randomness.bytes(AuditLeaf.saltBytes)
        let canonical = try record.canonicalBytes()
        let commitment = AuditLeaf.commitment(salt: salt, canonical: canonical)
        let hash = AuditLeaf.hash(
            log: record.log, sequence: record.sequence, time: record.time, commitment: commitment)
        let sealed = try sealer.seal(
            salt + canonical, under: record.log.scope.keyScope,
            context: AuditLeaf.sealContext(record.log, record.sequence))
        return AuditLeaf(
            log: record.log, sequence: record.sequence, time: record.time, hash: hash,
            chain: AuditLeaf.chain(chain, hash), commitment: commitment, sealedEntry: sealed)
    }
}
