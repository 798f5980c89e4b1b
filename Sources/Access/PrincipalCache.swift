import Crypto
import Kit
import Synchronization

/// Principals of the last few seconds by the hash of the credential that proved them.
///
/// It answers only while a follower listens for revocations; otherwise every look-up misses, and the slow path
/// decides. A revocation that arrives while a principal is being read keeps that principal out: `store` compares the
/// epoch that `begin` gave.
final class PrincipalCache: Sendable {
    typealias Key = SHA256.Digest

    private struct Entry {
        let principal: Principal
        let stored: Timestamp
        let validUntil: Timestamp
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var epoch: UInt64 = 0
        var isFollowing = false
    }

    private let state = Mutex(State())
    private let lifetime: Duration
    private let entriesMax: Int

    init(lifetime: Duration, entriesMax: Int) {
        self.lifetime = lifetime
        self.entriesMax = entriesMax
    }

    func find(_ key: Key, at now: Timestamp) -> Principal? {
        state.withLock { state in
            // A clock set back makes an entry's age unknown, so it does not count.
            guard state.isFollowing, let entry = state.entries[key], now >= entry.stored, now < entry.validUntil
            else { return nil }
            return entry.principal
        }
    }

    /// Call before reading the principal's rights.
    func begin() -> UInt64 { state.withLock { $0.epoch } }

    /// `limit` is when the credential itself ends.
    func store(_ principal: Principal, _ key: Key, since epoch: UInt64, at now: Timestamp, until limit: Timestamp) {
        let entry = Entry(principal: principal, stored: now, validUntil: min(now + lifetime, limit))
        state.withLock { state in
            guard state.isFollowing, state.epoch == epoch else { return }
            if state.entries.count >= entriesMax { state.entries = state.entries.filter { $1.validUntil > now } }
            if state.entries.count >= entriesMax { state.entries = [:] }
            state.entries[key] = entry
        }
    }

    func drop(_ revocation: Revocation) {
        state.withLock { state in
            state.epoch += 1
            state.entries = state.entries.filter { !revocation.touches($1.principal) }
        }
    }

    /// Forgets everything; answers again only while following.
    func follow(_ isFollowing: Bool) {
        state.withLock { state in
            state.epoch += 1
            state.entries = [:]
            state.isFollowing = isFollowing
        }
    }
}
