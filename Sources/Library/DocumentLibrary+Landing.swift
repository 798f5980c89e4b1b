import Access
import Documents
import Keyring
import Kit
import Search
import Storage

/// Where a document of a source lies here, and where people open it there.
package struct DocumentPlace: Hashable, Sendable {
    package let path: DocumentPath
    package let origin: String?

    package init(path: DocumentPath, origin: String?) {
        self.path = path
        self.origin = origin
    }
}

/// A document of a source on its way in.
package struct Landing: Sendable {
    package let source: SourceID
    package let collection: CollectionID
    /// Nil when the source has not brought it before.
    package let document: DocumentID?
    package let place: DocumentPlace
    package let declaredType: String?
    /// Of a new document; the collection's when nil.
    package let label: Classification?
    /// The rules that the source states.
    package let imposed: [ACLConstraint]
    package let bytes: [UInt8]

    package init(
        source: SourceID, collection: CollectionID, document: DocumentID?, place: DocumentPlace, declaredType: String?,
        label: Classification?, imposed: [ACLConstraint], bytes: [UInt8]
    ) {
        self.source = source
        self.collection = collection
        self.document = document
        self.place = place
        self.declaredType = declaredType
        self.label = label
        self.imposed = imposed
        self.bytes = bytes
    }
}

// What a source does to its documents, seen or not by whoever set it up: the source alone may, and nothing else here.
// `also` is part of the transaction that lets the document appear, change or go; what it throws undoes that.
extension DocumentLibrary {
    package typealias Also = @Sendable (DocumentID, any Transaction) throws -> Void

    /// A new document, a new version, or the old bytes under new rules or at a new place. Throws `unreadable`, `empty`
    /// and `tooLarge` before anything is stored.
    package func land(_ landing: Landing, by principal: Principal, also: @escaping Also) async throws -> DocumentID {
        try principal.require(.sourcesManage)
        try checkSize(landing.bytes)
        let format = try format(of: landing.bytes, name: landing.place.path.name, declared: landing.declaredType)
        let index = try contentIndex(landing.bytes, principal.tenant)
        let known = try await parts.database.read { [self] in try newest(of: landing, principal, in: $0) }
        // What a person rejected stays so until the source has other bytes.
        if let known, known.contentIndex == index, known.state != .failed || known.review == .reject {
            let id = known.document
            try await change(id, of: landing.source, by: principal, also: also) { [self] record, tx in
                try settle(record, at: landing.place, under: landing.imposed, landing.label, principal, in: tx)
            }
            return id
        }
        return try await store(landing, format, index, after: known, by: principal, also: also)
    }

    /// Other rules, another place (nil: where it is), another label (nil: as it is). `isOutdated` says that the source
    /// has other bytes than those that are shown: then the rules of before hold as well.
    package func settle(
        _ id: DocumentID, at place: DocumentPlace?, under rules: [ACLConstraint], label: Classification? = nil,
        isOutdated: Bool = false, of source: SourceID, by principal: Principal, also: @escaping Also
    ) async throws {
        try await change(id, of: source, by: principal, also: also) { [self] record, tx in
            try settle(record, at: place, under: rules, label, isOutdated: isOutdated, principal, in: tx)
        }
    }

    /// Deletes a document that its source does not have any more, from every store.
    package func withdraw(
        _ id: DocumentID, of source: SourceID, by principal: Principal, also: @escaping Also
    ) async throws {
        try principal.require(.sourcesManage)
        try await erase(id, by: principal, request: nil) { [self] tx in
            let record = try owned(id, by: source, principal, in: tx)
            try also(id, tx)
            return record
        }
    }

    /// How many documents a source brought, and how many of them `reader` may see now. Counts only.
    package func visible(
        ofSource source: SourceID, to reader: Principal, for principal: Principal
    ) async throws -> (visible: Int, documents: Int) {
        try principal.require(.sourcesManage)
        return try await parts.database.read { [self] connection in
            let acls = try documents.acls(ofSource: source, for: principal, in: connection)
            let admitting = try acls.filter {
                try parts.index.acl($0.key, tenant: principal.tenant, in: connection)?.admits(reader) ?? false
            }
            return (admitting.values.reduce(0, +), acls.values.reduce(0, +))
        }
    }

    /// How many documents of a collection still wait to be read: a source that is ahead of that waits too.
    package func waiting(in collection: CollectionID, for principal: Principal) async throws -> Int {
        try await parts.database.read { [documents] in
            try documents.waiting(in: collection, for: principal, in: $0)
        }
    }

    private func newest(
        of landing: Landing, _ principal: Principal, in connection: any SQLConnection
    ) throws -> VersionRecord? {
        guard let id = landing.document else { return nil }
        _ = try owned(id, by: landing.source, principal, in: connection)
        return try versions.newest(of: id, for: principal, in: connection)
    }

    private func owned(
        _ id: DocumentID, by source: SourceID, _ principal: Principal, in connection: any SQLConnection
    ) throws -> DocumentRecord {
        guard let record = try documents.document(id, for: principal, in: connection), record.source == source else {
            throw LibraryFailure.notFound
        }
        return record
    }

    private func change(
        _ id: DocumentID, of source: SourceID, by principal: Principal, also: @escaping Also,
        _ body: @escaping @Sendable (DocumentRecord, any Transaction) throws -> Void
    ) async throws {
        try principal.require(.sourcesManage)
        try await parts.database.write(.tenant(principal.tenant)) { [self] tx in
            let record = try owned(id, by: source, principal, in: tx)
            try body(record, tx)
            try reassign([try owned(id, by: source, principal, in: tx)], by: principal, in: tx)
            try also(id, tx)
        }
    }

    private func settle(
        _ record: DocumentRecord, at place: DocumentPlace?, under rules: [ACLConstraint], _ label: Classification?,
        isOutdated: Bool = false, _ principal: Principal, in tx: any Transaction
    ) throws {
        let origin = place.map(\.origin) ?? record.origin
        // A page that was cut down and opened to all must not be shown to all as it was before.
        let waits = record.currentVersion != nil && (isOutdated || record.pending != nil)
        let both = waits ? record.imposed + rules.filter { !record.imposed.contains($0) } : rules
        try documents.impose(both, pending: waits ? rules : nil, origin: origin, on: record, for: principal, in: tx)
        if let label, label != record.label {
            guard label <= principal.clearance else { throw LibraryFailure.labelAboveClearance }
            try documents.setLabel(label, of: record.id, for: principal, in: tx)
        }
        guard let path = place?.path, record.path != path.text else { return }
        let folder = try folders.ensure(
            path.folders, in: record.collection, for: principal, ids: parts.randomness, in: tx)
        try documents.move(record, to: path.text, folder: folder, for: principal, in: tx)
    }

    /// As an upload: key, blob, then one transaction with everything that names them. What a failure leaves of the
    /// first two no row names; whether the transaction was committed, a lost connection does not say.
    private func store(
        _ landing: Landing, _ format: DocumentFormat, _ index: [UInt8], after known: VersionRecord?,
        by principal: Principal, also: @escaping Also
    ) async throws -> DocumentID {
        let id: DocumentID = landing.document ?? parts.randomness.identifier()
        let version: VersionID = parts.randomness.identifier()
        let scope = KeyScope.document(principal.tenant, landing.collection, id)
        if landing.document == nil { try parts.keyring.createKey(scope) }
        let sealed = try parts.keyring.seal(landing.bytes, under: scope, context: Self.originalContext(version))
        let original = try await parts.blobs.put(sealed)
        try await parts.database.write(.tenant(principal.tenant)) { [self] tx in
            try place(landing, as: id, principal, in: tx)
            let job = try enqueue(id, version, landing.place.path, principal, in: tx)
            let record = VersionRecord(
                id: version, document: id, number: (known?.number ?? 0) + 1, state: .queued, format: format,
                original: original, contentIndex: index, job: job, parser: nil, textHash: nil)
            try versions.insert(record, for: principal, at: parts.clock.now(), in: tx)
            try documents.setState(
                .queued, of: id, bytes: landing.bytes.count, at: parts.clock.now(), for: principal, in: tx)
            let facts = ["source": landing.source.description]
            try log("documents.land", id.description, principal, nil, landing.label, facts: facts, in: tx)
            try also(id, tx)
        }
        return id
    }

    private func place(
        _ landing: Landing, as id: DocumentID, _ principal: Principal, in tx: any Transaction
    ) throws {
        if landing.document != nil {
            let record = try owned(id, by: landing.source, principal, in: tx)
            try settle(
                record, at: landing.place, under: landing.imposed, landing.label, isOutdated: true, principal, in: tx)
            return try reassign([try owned(id, by: landing.source, principal, in: tx)], by: principal, in: tx)
        }
        guard let collection = try collections.collection(landing.collection, for: principal, in: tx) else {
            throw LibraryFailure.notFound
        }
        let label = landing.label ?? collection.label
        guard label <= principal.clearance else { throw LibraryFailure.labelAboveClearance }
        let draft = DocumentDraft(
            id: id, path: landing.place.path, label: label, bytes: landing.bytes.count, source: landing.source,
            imposed: landing.imposed, origin: landing.place.origin)
        try insert(draft, in: collection, principal, in: tx)
    }

    /// The newest bytes are shown from this transaction on, under their own rules.
    func settlePending(of record: DocumentRecord, by principal: Principal, in tx: any Transaction) throws {
        guard let rules = record.pending else { return }
        try documents.impose(rules, pending: nil, origin: record.origin, on: record, for: principal, in: tx)
        guard let settled = try documents.document(record.id, for: principal, in: tx) else { return }
        try reassign([settled], by: principal, in: tx)
    }
}
