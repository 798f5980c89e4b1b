import Access
import Kit
import Storage
import Synchronization

/// One tenant's index in this process: follows the change sequence, publishes snapshots, seals and rewrites segments.
///
/// Everything that changes the state goes through one lane, one step after the other; queries read the published
/// snapshot without waiting for the lane unless it is behind the committed sequence.
actor TenantIndex {
    nonisolated let tenant: TenantID
    private nonisolated let published = Mutex<Snapshot?>(nil)
    private let database: any Database
    private let store: SearchStore
    private let segments: SegmentStore
    private let settings: SearchSettings
    private var live: LiveIndex?
    /// Ends when the last step that entered the lane has ended.
    private var lane: Task<Void, Never>?
    private static let changesBetweenMaintenance: ChangeSequence = 256
    /// The change at which `maintain` last ran for `upkeep`.
    private var maintained: ChangeSequence = 0
    /// Documents whose entry cannot be opened: not searchable until they are indexed again.
    private(set) var damaged: Set<DocumentID> = []

    init(tenant: TenantID, store: SearchStore, segments: SegmentStore, settings: SearchSettings) {
        self.tenant = tenant
        self.store = store
        self.segments = segments
        self.settings = settings
        database = segments.database
    }

    /// A snapshot that obeys every change committed before the call.
    nonisolated func current() async throws -> Snapshot {
        let (store, tenant) = (store, tenant)
        let committed = try await database.read { try store.lastChange(tenant, $0) }
        if let snapshot = published.withLock({ $0 }), snapshot.sequence >= committed { return snapshot }
        return try await catchUp(to: committed)
    }

    func catchUp(to committed: ChangeSequence) async throws -> Snapshot {
        try await inLane { index in
            if let snapshot = index.published.withLock({ $0 }), snapshot.sequence >= committed { return snapshot }
            return try await index.follow()
        }
    }

    /// Follows to `sequence`; the rest of the upkeep now and then, and when the tail is long.
    func upkeep(through sequence: ChangeSequence) async throws {
        _ = try await catchUp(to: sequence)
        let isDue = sequence - maintained >= Self.changesBetweenMaintenance
        guard isDue || live?.tailDocuments ?? 0 >= settings.segmentDocuments else { return }
        try await maintain()
        maintained = max(maintained, sequence)
    }

    /// Takes over what other nodes sealed, seals the tail when it is long enough, clears what crashes left.
    func maintain() async throws {
        try await inLane { index in
            _ = try await index.follow()
            try await index.segments.sweep()
            try await index.adoptSegments()
            if try index.state().tailDocuments >= index.settings.segmentDocuments { try await index.sealTail() }
            try await index.compactTail()
        }
    }

    /// Seals whatever the tail holds.
    func seal() async throws {
        try await inLane { index in
            _ = try await index.follow()
            try await index.adoptSegments()
            try await index.sealTail()
        }
    }

    /// After a removal: no segment and no memory of this node holds any of `documents` any more, which is tested.
    /// How many segments it rewrote for that.
    func erase(_ documents: [DocumentID]) async throws -> Int {
        try await inLane { index in
            _ = try await index.follow()
            try await index.adoptSegments()
            let holding = try await index.segments.holding(documents)
            for row in holding { try await index.rewrite(row) }
            try await index.adoptSegments()
            try await index.dropFromMemory(Set(documents))
            try await index.proveErased(documents)
            return holding.count
        }
    }

    /// No segment and no memory of this node holds an entry that has been replaced.
    func settle() async throws {
        try await inLane { index in
            _ = try await index.follow()
            try await index.segments.sweep()
            try await index.adoptSegments()
            for row in try await index.segments.active() where try await index.isStale(row) {
                try await index.rewrite(row)
            }
            try await index.adoptSegments()
            try await index.compactTail(all: true)
        }
    }

    private func isStale(_ row: SegmentStore.Row) async throws -> Bool {
        let current = try state()
        return try await segments.load(row)?.contains { !current.isCurrent($0) } ?? true
    }

    // MARK: Following

    @discardableResult
    private func follow() async throws -> Snapshot {
        if live == nil { try await load() }
        while true {
            let page = try await nextPage()
            try apply(page)
            if page.isLast { break }
        }
        let snapshot = try state().snapshot()
        published.withLock { $0 = snapshot }
        return snapshot
    }

    private func load() async throws {
        var parts: [IndexPart] = []
        for row in try await segments.active() {
            if let part = try await part(of: row) { parts.append(part) }
        }
        live = LiveIndex(settings: settings, segments: parts)
    }

    private func nextPage() async throws -> ChangePage {
        let (store, tenant, limit) = (store, tenant, settings.catchUpDocuments)
        let (cursor, known) = (try state().cursor, try state().known)
        return try await database.read {
            try store.changes(tenant, after: cursor, known: known, limit: limit, $0)
        }
    }

    private func apply(_ page: ChangePage) throws {
        let rows = Dictionary(uniqueKeysWithValues: page.live.map { ($0.document, $0) })
        var entries: [StoredEntry] = []
        for (document, sealed) in page.sealedEntries.sorted(by: { $0.key < $1.key }) {
            guard let row = rows[document] else { continue }
            if let entry = try open(sealed, of: row) { entries.append(entry) }
        }
        var acls: [ACLID: EffectiveACL] = [:]
        for (id, sealed) in page.sealedACLs { acls[id] = try store.open(sealed, of: id, tenant: tenant) }
        var next = try state()
        live = nil
        defer { live = next }
        while let document = try next.apply(live: page.live, removed: page.removed, entries: entries, acls: acls) {
            damaged.insert(document)
            entries.removeAll { $0.document == document }
        }
        next.cursor = page.cursor
    }

    /// Nil for an entry that cannot be opened: that document alone is not found. A key that is gone means a document
    /// about to be removed; a changed byte is damage that `damaged` reports.
    private func open(_ sealed: [UInt8], of row: LiveRow) throws -> StoredEntry? {
        do {
            let bytes = try store.open(sealed, of: row, tenant: tenant)
            damaged.remove(row.document)
            return StoredEntry(
                document: row.document, version: row.version, collection: row.collection, sequence: row.sequence,
                bytes: bytes
            )
        } catch SealFailure.noKey {
            return nil
        } catch is SealFailure {
            damaged.insert(row.document)
            return nil
        }
    }

    // MARK: Segments

    /// Nil, and the segment is retired, when it cannot be read.
    private func part(of row: SegmentStore.Row) async throws -> IndexPart? {
        if let entries = try await segments.load(row) {
            do {
                return try IndexPart(entries: entries, identity: IndexIdentity(settings), segment: row.segment)
            } catch SearchFailure.corruptEntry, SearchFailure.foreignIndex {
                // Derived data of another time: the entries decide.
            }
        }
        try await segments.retire([row])
        return nil
    }

    /// Makes the sealed parts in memory those that the database names.
    private func adoptSegments() async throws {
        let active = try await segments.active()
        let loaded = Dictionary(uniqueKeysWithValues: try state().sealedParts.map { ($0.segment, $0) })
        if Set(active.map(\.segment)) == Set(loaded.keys.compactMap { $0 }) { return }
        var parts: [IndexPart] = []
        for row in active {
            if let part = loaded[row.segment] {
                parts.append(part)
            } else if let part = try await part(of: row) {
                parts.append(part)
            }
        }
        var next = try state()
        // A document in both is the segment's from now on: `replaceParts` keeps the first of two equals.
        next.replaceParts(with: parts + next.views.map(\.part).filter { $0.segment == nil })
        live = next
        try await compactTail(all: true)
        try await follow()
    }

    private func sealTail() async throws {
        let entries = try state().tailEntries
        if entries.isEmpty { return }
        let sealed = try state().sealedParts
        guard
            let segment = try await segments.write(
                entries, replacing: [], expected: Set(sealed.compactMap(\.segment)))
        else { return }
        let part = try IndexPart(entries: entries, identity: IndexIdentity(settings), segment: segment)
        var next = try state()
        next.replaceParts(with: sealed + [part])
        live = next
        try await follow()
    }

    /// A segment again without what is not current; without anything left, none.
    private func rewrite(_ row: SegmentStore.Row) async throws {
        let current = try state()
        let entries = try await segments.load(row)?.filter(current.isCurrent) ?? []
        let expected = Set(try await segments.active().map(\.segment))
        if !entries.isEmpty, expected.contains(row.segment),
            try await segments.write(entries, replacing: [row], expected: expected) != nil
        {
            return
        }
        // Another node was faster or nothing is left: the entries in the database have all that lives.
        try await segments.retire([row])
    }

    /// Tail parts of which a quarter is dead, or all with any, are built again without it.
    private func compactTail(all: Bool = false) async throws {
        let state = try state()
        let parts = try state.compactedTail { view in
            let dead = view.acls.count { $0 == PartView.dead }
            return dead > 0 && (all || dead * 4 >= view.acls.count)
        }
        var next = state
        next.replaceParts(with: next.sealedParts + parts)
        live = next
        try await follow()
    }

    // MARK: Erasure

    private func dropFromMemory(_ documents: Set<DocumentID>) async throws {
        let state = try state()
        let parts = try state.compactedTail { view in
            view.part.documents.contains { documents.contains($0.document) }
        }
        var next = state
        next.replaceParts(with: next.sealedParts + parts)
        live = next
        damaged.subtract(documents)
        try await follow()
    }

    private func proveErased(_ documents: [DocumentID]) async throws {
        let (store, tenant) = (store, tenant)
        let entries = try await database.read { try store.withEntry(documents, tenant, $0) }
        if let document = entries.first { throw SearchFailure.notErased(document, remains: "entry") }
        if try await !segments.holding(documents).isEmpty {
            throw SearchFailure.notErased(documents[0], remains: "segment")
        }
        let state = try state()
        if let document = documents.first(where: state.holds) {
            throw SearchFailure.notErased(document, remains: "memory")
        }
    }

    // MARK: The lane

    private func state() throws -> LiveIndex {
        // Every step in the lane loads first.
        guard let live else { throw SearchFailure.wrongScope }
        return live
    }

    private func inLane<Value: Sendable>(
        _ work: @escaping @Sendable (isolated TenantIndex) async throws -> Value
    ) async throws -> Value {
        let previous = lane
        let step = Task {
            await previous?.value
            return try await work(self)
        }
        lane = Task { _ = await step.result }
        return try await step.value
    }
}
