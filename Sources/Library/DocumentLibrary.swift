import Access
import AuditTrail
import Documents
import Encoder
import JobQueue
import Keyring
import Kit
import Search
import Storage
import Synchronization

/// Which documents exist, who may see them, in what pieces.
///
/// Every call takes the principal; a thing that is unknown and a thing that is hidden fail alike with `notFound`.
package final class DocumentLibrary: Sendable {
    package struct Parts: Sendable {
        package let database: any Database
        package let blobs: any BlobStore
        package let keyring: Keyring
        package let audit: AuditTrail
        package let jobs: JobQueue
        package let index: SearchIndex
        package let encoder: Encoder
        /// The one of before, kept until no tenant is searched by it any more.
        package let earlierEncoder: Encoder?
        package let reader: DocumentReader
        package let painter: PagePainter
        package let clock: WallClock
        package let randomness: Randomness

        package init(
            database: any Database, blobs: any BlobStore, keyring: Keyring, audit: AuditTrail, jobs: JobQueue,
            index: SearchIndex, encoder: Encoder, earlierEncoder: Encoder? = nil, reader: DocumentReader,
            painter: PagePainter = .none, clock: WallClock, randomness: Randomness
        ) {
            self.database = database
            self.blobs = blobs
            self.keyring = keyring
            self.audit = audit
            self.jobs = jobs
            self.index = index
            self.encoder = encoder
            self.earlierEncoder = earlierEncoder
            self.reader = reader
            self.painter = painter
            self.clock = clock
            self.randomness = randomness
        }
    }

    let parts: Parts
    let settings: LibrarySettings
    let collections: CollectionStore
    let folders: FolderStore
    let documents: DocumentStore
    let versions: VersionStore
    let filings: FilingStore
    let screenings: ScreeningStore
    let rereads = RereadStore()
    /// Asked last about the documents of sources.
    let sourceGuard = Mutex<SourceGuard?>(nil)

    /// Those of the documents that their source, asked at this moment, lets the principal read. Documents that nobody
    /// brought are not asked about.
    package typealias SourceGuard = @Sendable ([DocumentRecord], Principal) async -> Set<DocumentID>

    /// Before anybody is served.
    package func register(sourceGuard ask: @escaping SourceGuard) { sourceGuard.withLock { $0 = ask } }

    /// Forgets what was registered, which holds this library in turn.
    package func close() { sourceGuard.withLock { $0 = nil } }

    /// Without those whose source, asked now, says no.
    func confirmed(_ records: [DocumentRecord], for principal: Principal) async -> [DocumentRecord] {
        let asked = records.filter { $0.source != nil }
        guard !asked.isEmpty, let ask = sourceGuard.withLock({ $0 }) else { return records }
        let confirmed = await ask(asked, principal)
        return records.filter { $0.source == nil || confirmed.contains($0.id) }
    }

    package init(_ parts: Parts, settings: LibrarySettings) {
        self.parts = parts
        self.settings = settings
        collections = CollectionStore(sealer: parts.keyring)
        folders = FolderStore(sealer: parts.keyring)
        documents = DocumentStore(sealer: parts.keyring)
        versions = VersionStore(sealer: parts.keyring)
        filings = FilingStore(sealer: parts.keyring)
        screenings = ScreeningStore(sealer: parts.keyring)
    }
}

/// Bounds of the library.
package struct LibrarySettings: Sendable {
    package var uploadBytesMax = 32 << 20
    package var chunksPerDocumentMax = 20_000
    package var chunker = Chunker()
    /// Looks each document over before anything of it is embedded.
    package var screening = TextScreen.screening

    package init() {}
}

// MARK: - Rights, resolved from the rows themselves

extension DocumentLibrary {
    /// Collection, folders and document together: what the document's readers must satisfy now (DESIGN 7.3).
    func effectiveACL(
        collection: CollectionRecord, folder: FolderID?, own: [ACLConstraint], label: Classification,
        for principal: Principal, in connection: any SQLConnection
    ) throws -> EffectiveACL {
        let inherited = try folders.chain(from: folder, for: principal, in: connection).map(\.access)
        return EffectiveACL(constraints: [collection.access] + inherited + own, label: label)
    }

    func effectiveACL(
        of record: DocumentRecord, for principal: Principal, in connection: any SQLConnection
    ) throws -> EffectiveACL {
        guard let collection = try collections.collection(record.collection, for: principal, in: connection) else {
            throw LibraryFailure.notFound
        }
        return try effectiveACL(
            collection: collection, folder: record.folder, own: [record.access] + record.imposed, label: record.label,
            for: principal, in: connection)
    }

    /// The documents of `ids` that `principal` may see at this moment, in that order. Computed from the rules
    /// themselves and not from the search index: the second guard of every hit, citation and replay.
    func visible(
        _ ids: [DocumentID], to principal: Principal, in connection: any SQLConnection
    ) throws -> [DocumentRecord] {
        try documents.documents(ids, for: principal, in: connection).filter {
            try effectiveACL(of: $0, for: principal, in: connection).admits(principal)
        }
    }

    func visibleDocument(
        _ id: DocumentID, to principal: Principal, in connection: any SQLConnection
    ) throws -> DocumentRecord {
        guard let record = try visible([id], to: principal, in: connection).first else { throw LibraryFailure.notFound }
        return record
    }

    /// Its readers, and whoever manages collections: a manager sees that a collection exists, never what is in it.
    func visibleCollection(
        _ id: CollectionID, to principal: Principal, in connection: any SQLConnection
    ) throws -> CollectionRecord {
        guard let record = try collections.collection(id, for: principal, in: connection),
            isVisible(record, to: principal)
        else { throw LibraryFailure.notFound }
        return record
    }

    func isVisible(_ collection: CollectionRecord, to principal: Principal) -> Bool {
        principal.permissions.contains(.collectionsManage)
            || EffectiveACL(constraints: [collection.access], label: .public).admits(principal)
    }
}
