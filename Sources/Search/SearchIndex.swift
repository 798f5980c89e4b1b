import Access
import Kit
import Storage
import Synchronization

/// The index of all tenants: what is published, removed and relabelled here is found, gone and hidden at the very
/// next query.
///
/// The truth is the table `search_entries`, written in the caller's transaction. Memory and segments are derived from
/// it and follow the tenant's change sequence; a query first reads the committed sequence, so a revoked right or a
/// removed document never shows, and states the sequence it obeyed. Plans are exact and relative to the reader
/// (`QueryPlan`).
package final class SearchIndex: Sendable {
    private struct Residents {
        /// By encoder: two while a tenant changes it.
        var indexes: [TenantID: (indexes: [String: TenantIndex], used: UInt64)] = [:]
        var uses: UInt64 = 0
    }

    package let settings: SearchSettings
    let database: any Database
    private let blobs: any BlobStore
    private let sealer: any Sealer
    private let clock: WallClock
    private let randomness: Randomness
    private let analyser: Analyser
    let store: SearchStore
    let encoders = EncoderStore()
    private let residents = Mutex(Residents())

    /// `blobs` holds sealed segments; it may be shared with others, the index deletes only what it wrote.
    package init(
        database: any Database, blobs: any BlobStore, sealer: any Sealer, settings: SearchSettings = SearchSettings(),
        clock: WallClock = .system, randomness: Randomness = .system
    ) {
        self.database = database
        self.blobs = blobs
        self.sealer = sealer
        self.settings = settings
        self.clock = clock
        self.randomness = randomness
        analyser = Analyser(stopWords: settings.stopWords)
        store = SearchStore(sealer: sealer)
    }

    // MARK: Writing

    /// The expensive part of `publish`, to be done before the transaction begins.
    package func prepare(_ document: IndexedDocument) throws -> PreparedDocument {
        let writer = EntryWriter(analyser: analyser, settings: settings)
        return PreparedDocument(document: document, form: try writer.form(of: document))
    }

    /// Makes this the one version of the document that can be found, from the commit on. The document's key must
    /// exist. Takes one change number.
    package func publish(_ document: PreparedDocument, in transaction: any Transaction) throws {
        try store.publish(document, settings.encoder, encoders, in: transaction)
    }

    /// `prepare` and `publish` in one: for small documents.
    package func publish(_ document: IndexedDocument, in transaction: any Transaction) throws {
        try publish(prepare(document), in: transaction)
    }

    /// The documents cannot be found from the commit on. `erase` then clears what is derived. Takes one change number.
    package func remove(_ documents: [DocumentID], in transaction: any Transaction) throws {
        if !documents.isEmpty { try store.remove(documents, in: transaction) }
    }

    package func remove(_ document: DocumentID, in transaction: any Transaction) throws {
        try remove([document], in: transaction)
    }

    /// Another access rule for documents that were moved, relabelled or restricted: all at once, at the commit.
    /// Takes one change number. Throws `unknownACL` unless `defineACL` stored it in this tenant.
    package func assign(_ acl: ACLID, to documents: [DocumentID], in transaction: any Transaction) throws {
        if !documents.isEmpty { try store.assign(acl, to: documents, in: transaction) }
    }

    /// Stores an access rule once per tenant, sealed under the tenant's key.
    package func defineACL(_ acl: EffectiveACL, in transaction: any Transaction) throws -> ACLID {
        try store.define(acl, in: transaction)
    }

    // MARK: Reading

    /// What `reader` finds among what `reader` may see.
    package func search(_ query: SearchQuery, for reader: Principal) async throws -> SearchResult {
        try check(query)
        let snapshot = try await index(of: reader.tenant, by: try await encoder(of: query, reader.tenant)).current()
        // Old vectors go only after the change of generation: a snapshot from before it has all of them.
        if let asked = query.encoder, try await serving(of: reader.tenant) != asked {
            throw SearchFailure.encoderChanged
        }
        return QueryPlan(snapshot: snapshot, query: query, reader: reader, settings: settings).run(analyser)
    }

    private func encoder(of query: SearchQuery, _ tenant: TenantID) async throws -> String {
        if let asked = query.encoder { return asked.encoder }
        return query.vector == nil ? try await serving(of: tenant).encoder : settings.encoder
    }

    /// The terms that `text` gives, for explanations and highlighting.
    package func terms(of text: String) -> TermList { analyser.terms(of: Array(text.utf8)) }

    /// Documents of a tenant whose entry is damaged; they are not found until they are indexed again.
    package func damagedDocuments(_ tenant: TenantID) async throws -> [DocumentID] {
        let index = index(of: tenant, by: try await serving(of: tenant).encoder)
        _ = try await index.current()
        return await index.damaged.sorted()
    }

    // MARK: Keeping

    /// After `remove` has committed: rewrites every segment that holds a document without it, deletes the old blobs,
    /// clears this node's memory and tests that nothing is left; throws `notErased` otherwise. Idempotent. Says how
    /// many segments it rewrote.
    @discardableResult
    package func erase(_ documents: [DocumentID], tenant: TenantID) async throws -> Int {
        if documents.isEmpty { return 0 }
        var rewritten = 0
        for index in indexes(of: tenant) { rewritten += try await index.erase(documents) }
        return rewritten
    }

    @discardableResult
    package func erase(_ document: DocumentID, tenant: TenantID) async throws -> Int {
        try await erase([document], tenant: tenant)
    }

    /// Writes the tail of a tenant as a segment now, whatever its size.
    package func seal(_ tenant: TenantID) async throws {
        try await index(of: tenant, by: try await serving(of: tenant).encoder).seal()
    }

    /// Catches up with the changes of a tenant and does the upkeep of its segments.
    package func maintain(_ tenant: TenantID) async throws {
        try await index(of: tenant, by: try await serving(of: tenant).encoder).maintain()
    }

    /// The service: follows the changes of every tenant until it is cancelled, so that queries find little to do and
    /// long tails are sealed.
    package func run() async throws {
        for await signal in database.signals() {
            guard case .changed(let tenant, let sequence) = signal else { continue }
            do {
                let encoder = try await serving(of: tenant).encoder
                try await index(of: tenant, by: encoder).upkeep(through: sequence)
            } catch is CancellationError {
                return
            } catch {
                // The next query of this tenant meets the same failure and reports it; other tenants go on.
                continue
            }
        }
    }

    // MARK: Parts

    /// All of this tenant that this node holds, or one that it then holds.
    func indexes(of tenant: TenantID) -> [TenantIndex] {
        let held = residents.withLock { $0.indexes[tenant]?.indexes.sorted { $0.key < $1.key }.map(\.value) ?? [] }
        return held.isEmpty ? [index(of: tenant, by: settings.encoder)] : held
    }

    /// Lets go of what other encoders made.
    func keep(_ encoder: String, of tenant: TenantID) {
        residents.withLock { residents in
            guard let known = residents.indexes[tenant] else { return }
            residents.indexes[tenant] = (known.indexes.filter { $0.key == encoder }, known.used)
        }
    }

    private func index(of tenant: TenantID, by encoder: String) -> TenantIndex {
        residents.withLock { residents in
            residents.uses += 1
            var known = residents.indexes[tenant]?.indexes ?? [:]
            let index = known[encoder] ?? makeIndex(tenant, encoder)
            known[encoder] = index
            residents.indexes[tenant] = (known, residents.uses)
            if residents.indexes.count > settings.tenantsMax,
                let oldest = residents.indexes.min(by: { $0.value.used < $1.value.used })
            {
                residents.indexes[oldest.key] = nil
            }
            return index
        }
    }

    private func makeIndex(_ tenant: TenantID, _ encoder: String) -> TenantIndex {
        var settings = settings
        settings.encoder = encoder
        return TenantIndex(tenant: tenant, store: store, segments: segments(of: tenant), settings: settings)
    }

    func segments(of tenant: TenantID) -> SegmentStore {
        SegmentStore(
            tenant: tenant, database: database, blobs: blobs, sealer: sealer, clock: clock, randomness: randomness)
    }

    private func check(_ query: SearchQuery) throws(SearchFailure) {
        guard (1...SearchQuery.limitMax).contains(query.limit) else { throw .limitOutOfRange(query.limit) }
        guard query.text.utf8.count <= settings.queryBytesMax else {
            throw .queryTooLong(bytes: query.text.utf8.count, limit: settings.queryBytesMax)
        }
        if query.mode == .lexical { return }
        guard let vector = query.vector else { throw .vectorMissing }
        try checkVector(vector, dimensions: settings.dimensions)
    }
}

/// A document whose terms have been taken: ready to be published in a transaction.
package struct PreparedDocument: Sendable {
    let document: IndexedDocument
    let form: EntryForm
}
