import Access
import Kit
import Storage

/// The state that follows a tenant's changes: which parts there are and where every document is. Pure: `TenantIndex`
/// reads and writes for it.
///
/// The tail is a list of parts that halve in size, as in a log-structured merge: a change builds one small part and
/// merges neighbours of like size, so that a document is copied a logarithmic number of times and readers never meet
/// a structure in motion.
struct LiveIndex: Sendable {
    private struct Location {
        let part: Int
        let document: Int
    }

    let settings: SearchSettings
    /// Sealed parts first, then the tail, oldest and largest first.
    private(set) var views: [PartView] = []
    private(set) var known = KnownState()
    private(set) var acls: [EffectiveACL] = []
    var cursor = ChangeCursor.start
    private var locations: [DocumentID: Location] = [:]

    init(settings: SearchSettings) { self.settings = settings }

    /// A node that begins: documents of `segments` are known, but dead until the changes confirm them.
    init(settings: SearchSettings, segments: [IndexPart]) {
        self.init(settings: settings)
        views = segments.map { PartView(part: $0, acls: .init(repeating: PartView.dead, count: $0.documents.count)) }
        locate()
    }

    var identity: IndexIdentity { IndexIdentity(settings) }
    var sealedParts: [IndexPart] { views.map(\.part).filter { $0.segment != nil } }

    func snapshot() -> Snapshot {
        Snapshot(sequence: cursor.sequence, views: views, acls: acls, allowedSetsMax: settings.allowedSetsMax)
    }

    /// Entries of living documents that are not in a segment yet, in the order of their publication.
    var tailEntries: [StoredEntry] {
        views.filter { $0.part.segment == nil }.flatMap(Self.livingEntries).sorted { $0.sequence < $1.sequence }
    }

    /// The dead ones included: what memory holds.
    var tailDocuments: Int {
        views.reduce(0) { $0 + ($1.part.segment == nil ? $1.part.documents.count : 0) }
    }

    func holds(_ document: DocumentID) -> Bool {
        views.contains { $0.part.documents.contains { $0.document == document } }
    }

    /// One page of changes: `entries` are those of `live` that were not known. Nil when done; the document whose entry
    /// is damaged otherwise, and the state is as it was but for new rules.
    mutating func apply(
        live: [LiveRow], removed: [DocumentID], entries: [StoredEntry], acls: [ACLID: EffectiveACL]
    ) throws(SearchFailure) -> DocumentID? {
        for (id, acl) in acls.sorted(by: { $0.key < $1.key }) where known.acls[id] == nil {
            known.acls[id] = UInt32(self.acls.count)
            self.acls.append(acl)
        }
        var builder = PartBuilder(identity: identity)
        for entry in entries where try !builder.add(entry) { return entry.document }
        let fresh = entries.isEmpty ? nil : IndexPart(builder, segment: nil, keeping: entries)
        removed.forEach { forget($0) }
        if let fresh { add(fresh) }
        for row in live {
            guard let location = locations[row.document], known.sequences[row.document] == row.sequence,
                let acl = known.acls[row.acl]
            else {
                forget(row.document)
                continue
            }
            views[location.part].acls[location.document] = acl
        }
        try mergeTail()
        return nil
    }

    /// Another layout of the same documents: `parts` instead of all there are. What no part has is forgotten, and the
    /// cursor goes back to the start so that it is read again.
    mutating func replaceParts(with parts: [IndexPart]) {
        let rules = locations.mapValues { views[$0.part].acls[$0.document] }
        let sequences = known.sequences
        views = parts.map { part in
            let acls = part.documents.map { document in
                sequences[document.document] == document.sequence ? rules[document.document] : nil
            }
            return PartView(part: part, acls: acls.map { $0 ?? PartView.dead })
        }
        locate()
        if known.sequences.count < sequences.count { cursor = .start }
    }

    /// The parts without what is dead in them, as far as `mustChange` asks; empty parts are gone.
    func compactedTail(where mustChange: (PartView) -> Bool) throws(SearchFailure) -> [IndexPart] {
        var parts: [IndexPart] = []
        for view in views where view.part.segment == nil {
            let entries = mustChange(view) ? Self.livingEntries(view) : view.part.entries
            if entries.isEmpty { continue }
            parts.append(
                entries.count == view.part.entries.count
                    ? view.part : try IndexPart(entries: entries, identity: identity))
        }
        return parts
    }

    /// Whether this very entry is what a query would find.
    func isCurrent(_ entry: StoredEntry) -> Bool {
        guard known.sequences[entry.document] == entry.sequence, let location = locations[entry.document] else {
            return false
        }
        return views[location.part].acls[location.document] != PartView.dead
    }

    private mutating func add(_ part: IndexPart) {
        for (position, document) in part.documents.enumerated() {
            forget(document.document)
            locations[document.document] = Location(part: views.count, document: position)
            known.sequences[document.document] = document.sequence
        }
        views.append(PartView(part: part, acls: .init(repeating: PartView.dead, count: part.documents.count)))
    }

    private mutating func forget(_ document: DocumentID) {
        known.sequences[document] = nil
        guard let location = locations.removeValue(forKey: document) else { return }
        views[location.part].acls[location.document] = PartView.dead
    }

    /// Finds every document again; of two entries of one document the later counts.
    private mutating func locate() {
        locations = [:]
        known.sequences = [:]
        for (part, view) in views.enumerated() {
            for (position, document) in view.part.documents.enumerated() {
                if known.sequences[document.document] ?? 0 >= document.sequence {
                    views[part].acls[position] = PartView.dead
                    continue
                }
                forget(document.document)
                locations[document.document] = Location(part: part, document: position)
                known.sequences[document.document] = document.sequence
            }
        }
    }

    /// Only documents of the two merged parts move, and they are the last: nobody else's location changes.
    private mutating func mergeTail() throws(SearchFailure) {
        while views.count > 1 {
            let (older, newer) = (views[views.count - 2], views[views.count - 1])
            guard older.part.segment == nil, older.part.documents.count <= 2 * newer.part.documents.count else {
                return
            }
            let entries = Self.livingEntries(older) + Self.livingEntries(newer)
            let merged = entries.isEmpty ? nil : try IndexPart(entries: entries, identity: identity)
            let acls = (older.acls + newer.acls).filter { $0 != PartView.dead }
            views.removeLast(2)
            guard let merged else { continue }
            for (position, entry) in entries.enumerated() {
                locations[entry.document] = Location(part: views.count, document: position)
            }
            views.append(PartView(part: merged, acls: acls))
        }
    }

    private static func livingEntries(_ view: PartView) -> [StoredEntry] {
        zip(view.part.entries, view.acls).filter { $0.1 != PartView.dead }.map(\.0)
    }
}
