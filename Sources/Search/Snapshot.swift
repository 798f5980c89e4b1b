import Access
import Kit
import Storage
import Synchronization

/// A part as one moment sees it: which of its documents are alive, and under which access rule.
struct PartView: Sendable {
    static let dead = UInt32.max

    let part: IndexPart
    /// Per document of the part a position in `Snapshot.acls`, or `dead`.
    var acls: [UInt32]
}

/// A tenant's index at one point of its change sequence. It never changes; a query uses one from beginning to end.
final class Snapshot: Sendable {
    let sequence: ChangeSequence
    let views: [PartView]
    let acls: [EffectiveACL]
    private let allowedSets: Mutex<BoundedCache<AllowedKey, AllowedSet>>

    init(sequence: ChangeSequence, views: [PartView], acls: [EffectiveACL], allowedSetsMax: Int) {
        self.sequence = sequence
        self.views = views
        self.acls = acls
        allowedSets = Mutex(BoundedCache(limit: allowedSetsMax))
    }

    /// What `reader` may see, cut down to `collections` and `documents`. Each distinct access rule is decided once.
    func allowed(
        for reader: Principal, in collections: Set<CollectionID>?, among documents: DocumentSelection? = nil
    ) -> AllowedSet {
        let key = AllowedKey(
            fingerprint: PermissionFingerprint(of: reader), collections: collections, documents: documents)
        if let known = allowedSets.withLock({ $0.value(for: key) }) { return known }
        let admitted = acls.map { $0.admits(reader) }
        let found = AllowedSet(
            views: views.map { Self.allowed($0, admitted: admitted, in: collections, among: documents) })
        allowedSets.withLock { $0.insert(found, for: key) }
        return found
    }

    private static func allowed(
        _ view: PartView, admitted: [Bool], in collections: Set<CollectionID>?, among selection: DocumentSelection?
    ) -> AllowedView {
        let documents = view.part.documents.indices.lazy.filter { position in
            let acl = view.acls[position]
            guard acl != PartView.dead, admitted[Int(acl)] else { return false }
            let document = view.part.documents[position]
            guard collections?.contains(document.collection) ?? true else { return false }
            return selection?.contains(document.document) ?? true
        }
        return AllowedView(part: view.part, documents: documents)
    }

    /// The rule that lets `reader` see a chunk's document; nil if none does.
    func rule(for reader: Principal, _ place: ChunkPlace) -> String? {
        let acl = views[place.view].acls[Int(chunk(place).document)]
        guard acl != PartView.dead, case .granted(let rule) = acls[Int(acl)].decision(for: reader) else { return nil }
        return rule
    }

    func chunk(_ place: ChunkPlace) -> IndexPart.Chunk { views[place.view].part.chunks[place.chunk] }

    func document(_ place: ChunkPlace) -> IndexPart.Document {
        views[place.view].part.documents[Int(chunk(place).document)]
    }
}

/// Where a chunk is in a snapshot.
struct ChunkPlace: Hashable, Sendable {
    let view: Int
    let chunk: Int
}

private struct AllowedKey: Hashable {
    let fingerprint: PermissionFingerprint
    let collections: Set<CollectionID>?
    let documents: DocumentSelection?
}

/// Forgets what came first. The order of leaving is no secret: keys are a reader's own.
struct BoundedCache<Key: Hashable, Value> {
    private let limit: Int
    private var values: [Key: Value] = [:]
    private var order: [Key] = []

    init(limit: Int) { self.limit = limit }

    func value(for key: Key) -> Value? { values[key] }

    mutating func insert(_ value: Value, for key: Key) {
        if values.updateValue(value, forKey: key) == nil { order.append(key) }
        if order.count > limit { values[order.removeFirst()] = nil }
    }
}
