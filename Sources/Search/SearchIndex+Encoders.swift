import Kit
import Storage

// A change of encoder without a pause (docs/decisions/0009-two-encoders.md). The entries of a tenant are written again
// one by one, each with the vectors of both encoders; then the tenant is searched by the new one, all at once; then
// the old vectors are taken out.
extension SearchIndex {
    /// By what to search a tenant now: its own encoder where it is loaded, and otherwise today's, which may not have
    /// read everything yet.
    package func serving(of tenant: TenantID) async throws -> ServingEncoder {
        try await database.read { [self] in try serving(of: tenant, in: $0) }
    }

    package func serving(of tenant: TenantID, in connection: any SQLConnection) throws -> ServingEncoder {
        let known = try encoders.serving(tenant, connection)
        guard let known, known.encoder == settings.earlierEncoder else {
            return ServingEncoder(encoder: settings.encoder, generation: known?.generation ?? 0)
        }
        return known
    }

    /// Whether the tenant has gone over to today's encoder.
    package func isSwitched(_ tenant: TenantID, in connection: any SQLConnection) throws -> Bool {
        try encoders.serving(tenant, connection).map { $0.encoder == settings.encoder } ?? true
    }

    package func encoderProgress(_ tenant: TenantID, in connection: any SQLConnection) throws -> EncoderProgress {
        try encoders.progress(tenant, settings.encoder, connection)
    }

    package func documentsBehind(
        _ tenant: TenantID, after: DocumentID?, limit: Int, in connection: any SQLConnection
    ) throws -> [DocumentID] {
        try encoders.behind(tenant, settings.encoder, after: after, limit: limit, connection)
    }

    package func documentsWithSurplus(
        _ tenant: TenantID, after: DocumentID?, limit: Int, in connection: any SQLConnection
    ) throws -> [DocumentID] {
        try encoders.surplus(tenant, settings.encoder, after: after, limit: limit, connection)
    }

    /// The entry of a document as it stands; nil when there is none. Throws `SealFailure` and `corruptEntry` when it
    /// cannot be read.
    package func state(
        of document: DocumentID, tenant: TenantID, in connection: any SQLConnection
    ) throws -> IndexedState? {
        guard let (row, sealed) = try store.entry(document, tenant, connection) else { return nil }
        let bytes = try store.open(sealed, of: row, tenant: tenant)
        guard let form = try? EntryForm(EntryForm.current(bytes)) else { throw SearchFailure.corruptEntry(document) }
        return IndexedState(sequence: row.sequence, form: form)
    }

    /// As `prepare`; vectors that `state` has of other encoders are taken over when the chunks are the same.
    package func prepare(_ document: IndexedDocument, carrying state: IndexedState?) throws -> PreparedDocument {
        let prepared = try prepare(document)
        guard let state, state.form.chunks == prepared.form.chunks else { return prepared }
        var form = prepared.form
        form.sets += state.form.sets.filter { old in !form.sets.contains { $0.encoder == old.encoder } }
        return PreparedDocument(document: document, form: form)
    }

    /// Puts `document` in the place of the entry of `sequence`, under the access rule that holds; false, and nothing
    /// is changed, when that entry is gone or replaced.
    package func replace(
        _ sequence: ChangeSequence, by document: PreparedDocument, in transaction: any Transaction
    ) throws -> Bool {
        try store.replace(sequence, by: document, settings.encoder, encoders, in: transaction)
    }

    /// Says why a document could not be read anew. It is found by its words from then on.
    package func markStuck(_ document: DocumentID, _ reason: String, in transaction: any Transaction) throws {
        try encoders.setStuck(reason, document, try SearchStore.tenant(of: transaction), in: transaction)
    }

    package func clearStuck(in transaction: any Transaction) throws {
        try encoders.clearStuck(try SearchStore.tenant(of: transaction), in: transaction)
    }

    /// From the commit on the tenant is searched by today's encoder. False, and nothing is changed, while documents
    /// are behind.
    package func switchEncoder(in transaction: any Transaction) throws -> Bool {
        let tenant = try SearchStore.tenant(of: transaction)
        guard try encoders.progress(tenant, settings.encoder, transaction).behind == 0 else { return false }
        let known = try encoders.serving(tenant, transaction)
        if known?.encoder != settings.encoder {
            try encoders.set(settings.encoder, generation: (known?.generation ?? 0) + 1, tenant, in: transaction)
        }
        return true
    }

    /// Takes the vectors of other encoders out of an entry; false when there is none of the document.
    package func strip(_ document: DocumentID, in transaction: any Transaction) throws -> Bool {
        let tenant = try SearchStore.tenant(of: transaction)
        guard try isSwitched(tenant, in: transaction), let (row, _) = try store.entry(document, tenant, transaction)
        else { return false }
        guard let state = try? state(of: document, tenant: tenant, in: transaction) else {
            // It cannot be opened and so it is not found either; whoever uploads it again replaces it.
            try encoders.setStuck("damaged", document, tenant, in: transaction)
            try encoders.setEncoders((own: "", earlier: nil), document, tenant, in: transaction)
            return true
        }
        let indexed = IndexedDocument(
            document: document, version: row.version, collection: row.collection, acl: row.acl, chunks: [])
        var form = state.form
        form.sets.removeAll { $0.encoder != settings.encoder }
        return try store.replace(
            row.sequence, by: PreparedDocument(document: indexed, form: form), settings.encoder, encoders,
            in: transaction)
    }

    /// After the last `strip`: no segment and no memory of this node has a vector of before any more.
    package func settle(_ tenant: TenantID) async throws {
        for index in indexes(of: tenant) { try await index.settle() }
        keep(settings.encoder, of: tenant)
    }
}
