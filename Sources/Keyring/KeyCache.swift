import Kit
import Synchronization

/// Unwrapped keys in memory, at most `capacity`. Two generations: what is used moves to the young one; when that is
/// half the capacity, the old one is dropped. So a lookup is one dictionary access and nothing keeps a list in order.
///
/// Where other nodes change keys, too, the cache answers only for `staleMax` after it was last compared with the
/// `generation` in the database, and starts anew when that has moved. A poll bounds the age of a destroyed key whatever
/// happens; a NOTIFY that a lost connection swallowed would not, so the poll would be needed beside it.
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
        var generation: Int64 = 0
        /// Nil while nobody else can change the keys.
        var freshUntil: ContinuousClock.Instant?
    }

    static let staleMax = Duration.seconds(1)

    private let capacity: Int
    private let state = Mutex(State())
    let now: @Sendable () -> ContinuousClock.Instant

    init(capacity: Int, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        self.capacity = capacity
        self.now = now
    }

    var count: Int { state.withLock { $0.young.count + $0.old.count } }

    /// The keys of `version`, or of the newest when nil.
    func entry(_ scope: KeyScope, version: KeyVersion?) -> Entry? {
        let name = Name(scope: scope, version: version ?? 0)
        return state.withLock { state in
            if let freshUntil = state.freshUntil, now() >= freshUntil { return nil }
            if let entry = state.young[name] { return entry }
            guard let entry = state.old.removeValue(forKey: name) else { return nil }
            insert(entry, as: name, into: &state)
            return entry
        }
    }

    /// The database was at `generation` at some time after `instant`.
    func confirm(_ generation: Int64, since instant: ContinuousClock.Instant) {
        state.withLock { state in
            if generation != state.generation {
                (state.young, state.old) = ([:], [:])
                state.generation = generation
            }
            state.freshUntil = instant + Self.staleMax
        }
    }

    /// This node made the one change since the generation that was confirmed last, and forgets by itself what it hit.
    func advance(to generation: Int64) { state.withLock { $0.generation = generation } }

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
