@testable import Connectors
@testable import TestConnectors

/// What a caller does with full listings, in memory: what it knew against what is there now. The contract suite
/// compares sources with it.
struct ListingDiff: Sendable {
    /// What the caller remembers of an item.
    struct Known: Hashable, Sendable {
        let tag: ExactText
        /// `SourcePermissions.fingerprint`.
        let permissions: String

        init(tag: ExactText, permissions: String) {
            self.tag = tag
            self.permissions = permissions
        }

        init(_ item: SourceItem) {
            self.init(tag: item.tag, permissions: item.permissions.fingerprint)
        }
    }

    private var previous: [ExactText: Known]
    /// What the listing has named so far: an item that a source names twice counts once, the last time.
    private var now: [ExactText: Known] = [:]

    init(previous: [ExactText: Known]) { self.previous = previous }

    /// What of `page` is news. Feed every page of the listing, then ask `removed`.
    mutating func news(of page: ChangePage) -> [SourceChange] {
        for skipped in page.skipped { keep(skipped.key) }
        return page.changes.compactMap { news(of: $0) }
    }

    /// What was known and no page named, by key. Ask only when the last page of a listing has been fed.
    var removed: [SourceChange] {
        previous.keys.filter { now[$0] == nil }.sorted().map { .removed($0) }
    }

    private mutating func news(of change: SourceChange) -> SourceChange? {
        switch change {
        case .upsert(let item):
            let known = Known(item)
            let before = now.updateValue(known, forKey: item.key) ?? previous[item.key]
            guard let before, before.tag == known.tag else { return change }
            return before.permissions == known.permissions ? nil : .permissions(item.key, item.permissions)
        case .permissions(let key, let permissions):
            guard let before = now[key] ?? previous[key] else { return nil }
            now[key] = Known(tag: before.tag, permissions: permissions.fingerprint)
            return before.permissions == permissions.fingerprint ? nil : change
        case .removed(let key):
            let wasThere = (now.removeValue(forKey: key) ?? previous[key]) != nil
            previous[key] = nil
            return wasThere ? change : nil
        }
    }

    private mutating func keep(_ key: ExactText?) {
        guard let key, now[key] == nil, let before = previous[key] else { return }
        now[key] = before
    }
}
