import Kit
import Storage

/// An act on keys or blobs that has begun and whose outcome is not recorded yet.
struct OpenIntent: Hashable, Sendable {
    let id: IntentID
    /// Where the entry that announced it stands.
    let log: AuditLog
    let sequence: Int64
    let time: Timestamp
    let kind: String
    let sealedPayload: [UInt8]

    static func sealContext(_ id: IntentID) -> SealContext {
        SealContext(table: "audit_intents", column: "payload", row: "\(id)", version: 1)
    }
}

/// Acts that no transaction covers, such as destroying a key or deleting a blob: announce, do, record the outcome.
/// After a crash in between, start-up does the effect again, so effects must be idempotent.
///
/// An intent's payload is sealed under the key of its scope: the destruction of a tenant's key is the platform's
/// intent.
extension AuditTrail {
    package typealias IntentHandler = @Sendable (TenantID?, [UInt8]) async throws -> Void

    static let intentFact = "intent"
    static let openIntentsMax = 10_000

    /// Announces an act in the log and keeps `payload` for its handler until `completeIntent`.
    package func beginIntent(
        kind: String, payload: [UInt8], entry: AuditEntry, in transaction: any Transaction
    ) throws -> IntentID {
        try entry.checkSize()
        let id = randomness.identifier(IntentID.self)
        let receipt = try append(entry, of: id, in: transaction)
        let sealed = try sealer.seal(
            payload, under: transaction.scope.keyScope, context: OpenIntent.sealContext(id))
        let intent = OpenIntent(
            id: id, log: receipt.log, sequence: receipt.sequence, time: clock.now(), kind: kind,
            sealedPayload: sealed)
        try AuditStore(connection: transaction).insert(intent)
        return id
    }

    /// Records the outcome. Nil, and no second record, when the intent is complete already.
    @discardableResult
    package func completeIntent(
        _ id: IntentID, entry: AuditEntry, in transaction: any Transaction
    ) throws -> AuditReceipt? {
        try entry.checkSize()
        guard try AuditStore(connection: transaction).close(id, of: transaction.scope) else { return nil }
        return try append(entry, of: id, in: transaction)
    }

    /// Does the open intents again, oldest first, and records each as replayed. For start-up, before serving.
    ///
    /// Throws `AuditFailure.openIntents` with those that nobody handles or whose handler failed; they stay open, the
    /// others are done.
    package func replayOpenIntents(handlers: [String: IntentHandler]) async throws {
        let open = try await database.read { try AuditStore(connection: $0).openIntents(limit: Self.openIntentsMax) }
        var failed: [IntentID] = []
        for intent in open {
            do {
                try await replay(intent, with: handlers[intent.kind])
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                failed.append(intent.id)
            }
        }
        guard failed.isEmpty else { throw AuditFailure.openIntents(failed) }
    }

    private func replay(_ intent: OpenIntent, with handler: IntentHandler?) async throws {
        guard let handler else { throw AuditFailure.openIntents([intent.id]) }
        let scope = intent.log.scope
        let payload = try sealer.open(
            intent.sealedPayload, under: scope.keyScope, context: OpenIntent.sealContext(intent.id))
        try await handler(scope.tenant, payload)
        var entry = try await announcement(of: intent)
        entry.facts["replayed"] = "true"
        let outcome = entry
        try await database.write(scope) { transaction in
            guard try AuditStore(connection: transaction).close(intent.id, of: scope) else { return }
            _ = try self.appendUnchecked(outcome, in: transaction)
        }
    }

    private func announcement(of intent: OpenIntent) async throws -> AuditEntry {
        let leaf = try await database.read {
            try AuditStore(connection: $0).leaves(of: intent.log, from: intent.sequence, limit: 1).first
        }
        guard let leaf, leaf.sequence == intent.sequence else {
            throw AuditFailure.malformedRecord(log: intent.log.description, sequence: intent.sequence)
        }
        return try leaf.open(with: sealer).entry
    }

    private func append(_ entry: AuditEntry, of id: IntentID, in transaction: any Transaction) throws -> AuditReceipt {
        var entry = entry
        entry.facts[Self.intentFact] = "\(id)"
        return try appendUnchecked(entry, in: transaction)
    }
}
