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

extension DocumentLibrary {
    package static let erasureIntent = "library.erase"

    /// Gone for every reader at the commit; then keys, blobs and index segments. The intent makes a crash between the
    /// two halves harmless: start-up finishes it (DESIGN 7.10). Returns when the last store was re-tested.
    package func delete(_ id: DocumentID, by principal: Principal, request: RequestID?) async throws {
        try await erase(id, by: principal, request: request) { [self] tx in
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
        let (intent, payload) = try await parts.database.write(.tenant(principal.tenant)) { [self] tx in
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
            try parts.index.remove(id, in: tx)
            try parts.jobs.erase(resource: id.description, in: tx)
            try filings.deleteAll(of: id, for: principal, in: tx)
            try documents.delete(id, for: principal, in: tx)
            return (intent, payload)
        }
        try await eraseRemains(payload)
        try await parts.database.write(.tenant(principal.tenant)) { [self] tx in
            try parts.audit.completeIntent(intent, entry: Self.erased(payload), in: tx)
        }
    }

    /// Finishes an erasure that a crash cut off; the handler of `erasureIntent`. Idempotent.
    package func resumeErasure(_ bytes: [UInt8]) async throws {
        try await eraseRemains(try StoredJSON.decode(ErasurePayload.self, from: bytes))
    }

    private func eraseRemains(_ payload: ErasurePayload) async throws {
        try parts.keyring.destroyKey(.document(payload.tenant, payload.collection, payload.document))
        for address in payload.originals.compactMap(Hex.decode).compactMap({ BlobAddress(bytes: $0) }) {
            try await parts.blobs.delete(address)
        }
        try await parts.index.erase(payload.document, tenant: payload.tenant)
        let remains = try await parts.database.read { [documents] in
            try documents.remains(payload.document, of: payload.tenant, in: $0)
        }
        guard !remains else { throw LibraryFailure.busy }
    }

    private static func erased(_ payload: ErasurePayload) -> AuditEntry {
        AuditEntry(
            action: "documents.erased", subject: payload.subject, resource: payload.document.description,
            outcome: .allowed, request: nil, classification: nil,
            facts: ["blobs": String(payload.originals.count), "retest": "nothing_found"])
    }
}
