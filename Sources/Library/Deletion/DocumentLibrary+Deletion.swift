import AuditTrail
import JobQueue
import Keyring
import Kit
import Search
import Storage

/// What the second half of a deletion needs once the rows are gone.
private struct ErasurePayload: Codable, Sendable {
    let tenant: TenantID
    let collection: CollectionID
    let document: DocumentID
    /// Hexadecimal addresses.
    let originals: [String]
    let subject: SubjectID
}

/// A deletion whose first half is committed.
struct Erasure: Sendable {
    fileprivate let intent: IntentID
    fileprivate let payload: ErasurePayload
    fileprivate let rows: DeletedRows
    fileprivate let counts: EntryCounts
}

extension DocumentLibrary {
    package static let erasureIntent = "library.erase"

    /// Gone for every reader at the commit; then keys, blobs and index segments. The intent makes a crash between the
    /// two halves harmless: start-up finishes it (DESIGN 7.10). Returns when the last store was re-tested.
    package func delete(_ id: DocumentID, by principal: Principal, request: RequestID?) async throws {
        try await finish(try await beginDeletion(of: id, by: principal, request: request)) { _ in }
    }

    /// The first half of `delete`; `finish` is the second.
    func beginDeletion(of id: DocumentID, by principal: Principal, request: RequestID?) async throws -> Erasure {
        try await beginErasure(of: id, by: principal, request: request) { [self] tx in
            let document = try visibleDocument(id, to: principal, in: tx)
            guard document.source == nil else { throw LibraryFailure.belongsToSource }
            return document
        }
    }

    /// `document` finds it and is asked in the transaction of the deletion; what it throws undoes everything.
    func erase(
        _ id: DocumentID, by principal: Principal, request: RequestID?,
        document find: @escaping @Sendable (any Transaction) throws -> DocumentRecord
    ) async throws {
        try await finish(try await beginErasure(of: id, by: principal, request: request, document: find)) { _ in }
    }

    private func beginErasure(
        of id: DocumentID, by principal: Principal, request: RequestID?,
        document find: @escaping @Sendable (any Transaction) throws -> DocumentRecord
    ) async throws -> Erasure {
        try await parts.database.write(.tenant(principal.tenant)) { [self] tx in
            let document = try find(tx)
            let originals = try versions.originals(of: id, for: principal, in: tx)
            let payload = ErasurePayload(
                tenant: principal.tenant, collection: document.collection, document: id,
                originals: originals.map { Hex.encode($0.bytes) }, subject: principal.subject)
            let entry = AuditEntry(
                action: "documents.delete", subject: principal.subject, resource: id.description, outcome: .allowed,
                request: request, classification: document.label, facts: [:])
            let intent = try parts.audit.beginIntent(
                kind: Self.erasureIntent, payload: StoredJSON.encode(payload), entry: entry, in: tx)
            let counts = try parts.index.counts(of: id, tenant: principal.tenant, in: tx)
            try parts.index.remove(id, in: tx)
            try parts.jobs.erase(resource: id.description, in: tx)
            try filings.deleteAll(of: id, for: principal, in: tx)
            let rows = try documents.delete(id, for: principal, in: tx)
            return Erasure(intent: intent, payload: payload, rows: rows, counts: counts)
        }
    }

    /// Tells each step when it is done.
    func finish(_ erasure: Erasure, told: @Sendable (ErasureStep) throws -> Void) async throws {
        try told(.rowsGone(versions: erasure.rows.versions, passages: erasure.rows.passages))
        let segments = try await eraseRemains(erasure.payload, counts: erasure.counts, told: told)
        let entry = Self.erased(erasure, segments: segments)
        let receipt = try await parts.database.write(.tenant(erasure.payload.tenant)) { [parts] tx in
            try parts.audit.completeIntent(erasure.intent, entry: entry, in: tx)
        }
        if let receipt { try told(.recorded(sequence: receipt.sequence, log: receipt.log.description)) }
    }

    /// Finishes an erasure that a crash cut off; the handler of `erasureIntent`. Idempotent.
    package func resumeErasure(_ bytes: [UInt8]) async throws {
        let payload = try StoredJSON.decode(ErasurePayload.self, from: bytes)
        _ = try await eraseRemains(payload, counts: .none) { _ in }
    }

    /// How many sealed segments were written anew.
    private func eraseRemains(
        _ payload: ErasurePayload, counts: EntryCounts, told: @Sendable (ErasureStep) throws -> Void
    ) async throws -> Int {
        let scope = KeyScope.document(payload.tenant, payload.collection, payload.document)
        try parts.keyring.destroyKey(scope)
        guard try !parts.keyring.hasKey(scope) else { throw LibraryFailure.busy }
        try told(.keyDestroyed)
        for address in payload.originals.compactMap(Hex.decode).compactMap({ BlobAddress(bytes: $0) }) {
            try await parts.blobs.delete(address)
        }
        try told(.originalsDeleted(Set(payload.originals).count))
        let segments = try await parts.index.erase(payload.document, tenant: payload.tenant)
        try told(.indexCleared(counts, segments: segments))
        let remains = try await parts.database.read { [documents] in
            try documents.remains(payload.document, of: payload.tenant, in: $0)
        }
        guard !remains else { throw LibraryFailure.busy }
        try told(.tested)
        return segments
    }

    private static func erased(_ erasure: Erasure, segments: Int) -> AuditEntry {
        let (payload, counts) = (erasure.payload, erasure.counts)
        let facts = [
            "blobs": payload.originals.count, "passages": erasure.rows.passages, "versions": erasure.rows.versions,
            "vectors": counts.vectors, "postings": counts.postings, "segments": segments,
        ]
        return AuditEntry(
            action: "documents.erased", subject: payload.subject, resource: payload.document.description,
            outcome: .allowed, request: nil, classification: nil,
            facts: facts.mapValues { String($0) }.merging(["retest": "nothing_found"]) { $1 })
    }
}
