import Crypto
import Kit

/// Makes new keys within one transaction, and remembers them: they enter the keyring's cache after the commit only.
final class KeyWriter {
    private(set) var made: [(scope: KeyScope, entry: KeyCache.Entry)] = []
    private let store: KeyringStore
    private let root: ScopeKeys
    private let randomness: Randomness
    /// Of this transaction, so that a rolled-back key is never taken for a real one.
    private let reader: KeyReader

    init(store: KeyringStore, root: ScopeKeys, randomness: Randomness) {
        self.store = store
        self.root = root
        self.randomness = randomness
        reader = KeyReader(store: store, root: root, cache: KeyCache(capacity: 64))
    }

    /// The scope's first key, unless it has one.
    func create(_ scope: KeyScope, at time: Timestamp) throws {
        if case .segment = scope { throw KeyringFailure.notOwned(scope) }
        guard try store.newestVersion(of: scope) == nil else { return }
        guard try !store.isDestroyed(scope) else { throw KeyringFailure.destroyed(scope) }
        try make(scope, version: 1, at: time)
    }

    /// One more version of the scope's key. Throws `SealFailure.noKey` when it has none.
    func rotate(_ scope: KeyScope, at time: Timestamp) throws {
        if case .segment = scope { throw KeyringFailure.notOwned(scope) }
        guard let newest = try store.newestVersion(of: scope) else { throw SealFailure.noKey }
        try make(scope, version: newest + 1, at: time)
    }

    private func make(_ scope: KeyScope, version: KeyVersion, at time: Timestamp) throws {
        let parent = try newestParent(of: scope)
        let key = SymmetricKey(data: randomness.bytes(ScopeKeys.byteCount))
        let wrapped = try WrappedKey.wrap(
            key, of: scope, version: version, by: parent.keys.wrapping, nonce: randomness.bytes(Seal.nonceBytes))
        try store.rows.insert(wrapped, of: scope, version: version, parentVersion: parent.version, at: time)
        made.append((scope, KeyCache.Entry(version: version, keys: ScopeKeys(key))))
    }

    private func newestParent(of scope: KeyScope) throws -> KeyCache.Entry {
        guard let parent = scope.parent else { return KeyCache.Entry(version: 0, keys: root) }
        do {
            return try reader.entry(parent, version: nil)
        } catch SealFailure.noKey {
            throw KeyringFailure.noParent(scope)
        }
    }
}
