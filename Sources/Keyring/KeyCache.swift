import Kit
import Synchronization

/// Unwrapped keys in memory, at most `capacity`. Two generations: what is used moves to the young one; when that is
/// half the capacity, the old one is dropped. So a lookup is one dictionary access and nothing keeps a list in order.
final class KeyCache: Sendable {
    struct Entry: Sendable {
        let version: KeyVersion
        let keys: ScopeKeys
    }

    private struct Name: Hashable {
        let scope: KeyScope
        /// 0 stands for the newest version.
        let version: KeyVersion
    }

    private struct State {
        var young: [Name: Entry] = [:]
        var old: [Name: Entry] = [:]
    }

    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int) { self.capacity = capacity }

    var count: Int { state.withLock { $0.young.count + $0.old.count } }

    /// The keys of `version`, or of the newest when nil.
    func entry(_ scope: KeyScope, version: KeyVersion?) -> Entry? {
        let name = Name(scope: scope, version: version ?? 0)
        return state.withLock { state in
            if let entry = state.young[name] { return entry }
            guard let entry = state.old.removeValue(forKey: name) else { return nil }
            insert(entry, as: name, into: &state)
            return entry
        }
    }

    func insert(_ entry: Entry, _ scope: KeyScope, isNewest: Bool) {
        state.withLock { state in
            insert(entry, as: Name(scope: scope, version: entry.version), into: &state)
            if isNewest { insert(entry, as: Name(scope: scope, version: 0), into: &state) }
        }
    }

    /// Forgets every version of every scope that `isGone` names.
    func forget(where isGone: (KeyScope) -> Bool) {
        state.withLock { state in
            state.young = state.young.filter { !isGone($0.key.scope) }
            state.old = state.old.filter { !isGone($0.key.scope) }
        }
    }

    private func insert(_ entry: Entry, as name: Name, into state: inout State) {
        if state.young.count >= capacity / 2 {
            state.old = state.young
            state.young = [:]
        }
        state.young[name] = entry
    }
}
