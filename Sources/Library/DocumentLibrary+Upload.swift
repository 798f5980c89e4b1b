import Access
import Crypto
import Documents
import JobQueue
import Keyring
import Kit
import Search
import Storage

/// One file on its way in.
package struct Upload: Sendable {
    package let collection: CollectionID
    package let path: DocumentPath
    /// The media type that came with it; the content counts more.
    package let declaredType: String?
    /// The collection's label when nil.
    package let label: Classification?
    package let bytes: [UInt8]

    package init(
        collection: CollectionID, path: DocumentPath, declaredType: String? = nil, label: Classification?,
        bytes: [UInt8]
    ) {
        self.collection = collection
        self.path = path
        self.declaredType = declaredType
        self.label = label
        self.bytes = bytes
    }
}

/// A document that is about to exist.
struct DocumentDraft: Sendable {
    let id: DocumentID
    let path: DocumentPath
    let label: Classification
    let bytes: Int
    var source: SourceID?
    var imposed: [ACLConstraint] = []
    var origin: String?
}

/// What became of an upload: nothing new when the same bytes are already there.
package struct UploadReceipt: Sendable, Equatable {
    package let document: DocumentID
    package let version: VersionID
    package let job: JobID?
    package let state: DocumentState
    package let isNew: Bool
}

extension DocumentLibrary {
    /// Stores the original and queues its ingestion. Sending the same bytes to the same path again changes nothing,
    /// so an interrupted upload of a folder is simply repeated.
    ///
    /// Order of effects: key, blob, then one transaction with row, job and audit entry. A crash before the commit
    /// leaves a key and a blob that no row names; the start-up sweep removes the blob.
    package func upload(_ upload: Upload, by principal: Principal, request: RequestID?) async throws -> UploadReceipt {
        try checkSize(upload.bytes)
        let format = try format(of: upload.bytes, name: upload.path.name, declared: upload.declaredType)
        let index = try contentIndex(upload.bytes, principal.tenant)
        for _ in 0..<3 {
            let target = try await parts.database.read { [self] connection in
                try self.target(of: upload, index, principal, in: connection)
            }
            if let known = target.known { return known }
            if let receipt = try await store(upload, format, index, at: target, by: principal, request) {
                return receipt
            }
        }
        throw LibraryFailure.busy
    }

    /// Where an upload goes: a document that the writer sees at the path, or a new one.
    private struct Target: Sendable {
        let collection: CollectionRecord
        let existing: DocumentRecord?
        let number: Int
        /// Set when the newest version has the same bytes and did not fail.
        let known: UploadReceipt?
    }

    private func target(
        of upload: Upload, _ index: [UInt8], _ principal: Principal, in connection: any SQLConnection
    ) throws -> Target {
        let collection = try visibleCollection(upload.collection, to: principal, in: connection)
        guard upload.label ?? collection.label <= principal.clearance else { throw LibraryFailure.labelAboveClearance }
        let candidates = try documents.documents(
            at: upload.path.text, in: collection.id, for: principal, in: connection)
        // What a source brought is changed there; an upload to its place is a document of its own.
        let own = candidates.filter { $0.source == nil }.map(\.id)
        guard let existing = try visible(own, to: principal, in: connection).first else {
            return Target(collection: collection, existing: nil, number: 1, known: nil)
        }
        let newest = try versions.newest(of: existing.id, for: principal, in: connection)
        let isSame = newest.map { $0.contentIndex == index && $0.state != .failed } ?? false
        let isRaised = raisedLabel(of: existing, by: upload) != nil
        let known = newest.flatMap { newest in
            !isSame || isRaised
                ? nil
                : UploadReceipt(
                    document: existing.id, version: newest.id, job: newest.job, state: newest.state, isNew: false)
        }
        return Target(collection: collection, existing: existing, number: (newest?.number ?? 0) + 1, known: known)
    }

    /// Nil when another upload to the same path came first: look again.
    private func store(
        _ upload: Upload, _ format: DocumentFormat, _ index: [UInt8], at target: Target, by principal: Principal,
        _ request: RequestID?
    ) async throws -> UploadReceipt? {
        let document: DocumentID = target.existing?.id ?? parts.randomness.identifier()
        let version: VersionID = parts.randomness.identifier()
        let scope = KeyScope.document(principal.tenant, upload.collection, document)
        if target.existing == nil { try parts.keyring.createKey(scope) }
        let sealed = try parts.keyring.seal(upload.bytes, under: scope, context: Self.originalContext(version))
        let original = try await parts.blobs.put(sealed)
        let receipt: UploadReceipt? = try await parts.database.write(.tenant(principal.tenant)) { [self] tx in
            let now = try self.target(of: upload, index, principal, in: tx)
            guard now.existing?.id == target.existing?.id, now.number == target.number, now.known == nil else {
                return nil
            }
            if target.existing == nil {
                let draft = DocumentDraft(
                    id: document, path: upload.path, label: upload.label ?? now.collection.label,
                    bytes: upload.bytes.count)
                try insert(draft, in: now.collection, principal, in: tx)
            }
            if let label = now.existing.flatMap({ raisedLabel(of: $0, by: upload) }) {
                try raise(document, to: label, by: principal, in: tx)
            }
            let job = try enqueue(document, version, upload.path, principal, in: tx)
            let record = VersionRecord(
                id: version, document: document, number: target.number, state: .queued, format: format,
                original: original, contentIndex: index, job: job, parser: nil, textHash: nil)
            try versions.insert(record, for: principal, at: parts.clock.now(), in: tx)
            try documents.setState(
                .queued, of: document, bytes: upload.bytes.count, at: parts.clock.now(), for: principal, in: tx)
            try log("documents.upload", document.description, principal, request, upload.label, in: tx)
            return UploadReceipt(document: document, version: version, job: job, state: .queued, isNew: true)
        }
        if receipt == nil { try await discard(original, scope: target.existing == nil ? scope : nil) }
        return receipt
    }

    /// A label named with a new version is never ignored when it is the stricter one. A laxer one leaves the document
    /// as it is: lowering a label is no side effect of an upload.
    private func raisedLabel(of existing: DocumentRecord, by upload: Upload) -> Classification? {
        upload.label.flatMap { $0 > existing.label ? $0 : nil }
    }

    /// From the commit on, for the version that is still shown too.
    private func raise(
        _ id: DocumentID, to label: Classification, by principal: Principal, in tx: any Transaction
    ) throws {
        try documents.setLabel(label, of: id, for: principal, in: tx)
        guard let raised = try documents.document(id, for: principal, in: tx) else { throw LibraryFailure.notFound }
        try reassign([raised], by: principal, in: tx)
    }

    func insert(
        _ draft: DocumentDraft, in collection: CollectionRecord, _ principal: Principal, in tx: any Transaction
    ) throws {
        let folder = try folders.ensure(
            draft.path.folders, in: collection.id, for: principal, ids: parts.randomness, in: tx)
        let acl = try effectiveACL(
            collection: collection, folder: folder, own: draft.imposed, label: draft.label, for: principal, in: tx)
        let now = parts.clock.now()
        let record = DocumentRecord(
            id: draft.id, collection: collection.id, folder: folder, path: draft.path.text, title: nil,
            label: draft.label, access: ACLConstraint(), acl: try parts.index.defineACL(acl, in: tx),
            state: .queued, reason: nil, currentVersion: nil, bytes: draft.bytes, chunks: 0, created: now,
            updated: now, source: draft.source, imposed: draft.imposed, origin: draft.origin)
        try documents.insert(record, for: principal, in: tx)
    }

    func enqueue(
        _ document: DocumentID, _ version: VersionID, _ path: DocumentPath, _ principal: Principal,
        again: String = "", in tx: any Transaction
    ) throws -> JobID {
        let payload = try StoredJSON.encode(IngestPayload(document: document, version: version))
        let request = JobRequest(
            kind: IngestJob.kind, payload: payload, idempotencyKey: version.description + again,
            resource: document.description, title: path.name.count <= 200 ? path.name : nil)
        return try parts.jobs.enqueue(request, as: principal, in: tx)
    }

    func discard(_ blob: BlobAddress, scope: KeyScope?) async throws {
        try await parts.blobs.delete(blob)
        if let scope { try parts.keyring.destroyKey(scope) }
    }

    func checkSize(_ bytes: [UInt8]) throws {
        guard !bytes.isEmpty else { throw LibraryFailure.empty }
        guard bytes.count <= settings.uploadBytesMax else {
            throw LibraryFailure.tooLarge(bytes: bytes.count, bytesMax: settings.uploadBytesMax)
        }
    }

    /// Before anything is stored, so that a file that will never be read is refused while its owner looks on.
    func format(of bytes: [UInt8], name: String, declared: String?) throws -> DocumentFormat {
        do {
            return try DocumentFormat.detect(bytes, name: name, declared: declared)
        } catch {
            throw LibraryFailure.unreadable(error)
        }
    }

    /// Tells the tenant's equal contents apart from unequal ones without saying anything about them.
    func contentIndex(_ bytes: [UInt8], _ tenant: TenantID) throws -> [UInt8] {
        try parts.keyring.blindIndex(Array(SHA256.hash(data: bytes)), tenant: tenant, purpose: "documents.content")
    }

    static func originalContext(_ version: VersionID) -> SealContext {
        SealContext(table: "document_versions", column: "original", row: version.description)
    }

    /// Removes blobs that no version names: uploads that a crash cut off. Run before serving, never beside uploads.
    package func sweepOrphans() async throws {
        let named = try await parts.database.read { [versions] in try versions.allOriginals(in: $0) }
        for address in try await parts.blobs.settledAddresses() where !named.contains(address) {
            try await parts.blobs.delete(address)
        }
    }
}
