import Crypto
import Foundation
import Kit
import Storage
import Synchronization

/// The keys of everything that is sealed at rest, and the one `Sealer` of the product.
///
/// A key is 256 random bits. The root key comes from outside and wraps the platform's key and each tenant's; a tenant's
/// key wraps those of its collections, a collection's those of its documents. On one machine they lie in `keys.sqlite`
/// in a folder of their own, so that a backup of the data never holds what opens it. Nodes that share a PostgreSQL
/// database have them there, wrapped once more by an epoch's key that lies in the folder, which they share, too.
/// Destroying a key destroys the keys below it and, without touching them, everything that was ever sealed under them,
/// in every copy.
///
///     let keyring = try Keyring.open(directory: "/var/lib/cloister-keys", rootKey: RootKey.load(path: rootKeyFile))
///     try keyring.createKey(.tenant(tenant))
///     let sealed = try keyring.seal("text", under: .tenant(tenant), context: context)
///
/// All calls are synchronous and thread-safe, and may be made inside a transaction's closure. Limits: unwrapped keys
/// are in this process' memory until they are evicted or destroyed, on another node for up to a second more
/// (`KeyCache.staleMax`). Copies of a PostgreSQL database hold destroyed keys until `rotateEpoch`, and after it they
/// open nothing at all. A node that loses its database seals and opens nothing after that second. Overwriting in place
/// cannot reach what flash storage and copy-on-write file systems keep of old blocks.
package final class Keyring: Sealer {
    /// About half a kilobyte each. A scope that is sealed and opened takes two: its newest version and that version.
    package static let cachedKeysMax = 16_384

    let cache: KeyCache
    let clock: WallClock
    let randomness: Randomness
    /// Held for every access to the wrapped keys, and while what was read there enters the cache: a destroyed key
    /// cannot slip back in. Never taken for a cached key.
    let vault: Mutex<Vault>

    struct Vault {
        let keys: any KeyVault
        /// The last call that no database answered, and when.
        var unanswered: (at: ContinuousClock.Instant, failure: StorageFailure)?
    }

    private init(vault: sending any KeyVault, cache: KeyCache, clock: WallClock, randomness: Randomness) {
        self.vault = Mutex(Vault(keys: vault))
        self.cache = cache
        self.clock = clock
        self.randomness = randomness
    }

    /// Opens the keys in `directory`, which is made with mode 0700 when missing, together with the platform's key.
    /// With `postgres`, the URL of a database migrated to `KeyringMigrations.sharedSchema`, the wrapped keys lie there
    /// and only the epochs' keys in `directory`. `instant` is the clock that bounds how long a cached key is trusted.
    ///
    /// Throws `KeyringFailure.wrongRootKey` when the keys are of another root key, `permissions` when others can reach
    /// the files, `inUse` when a file of keys is open already, `unknownEpoch` and `keysInFile` when `directory` is not
    /// the one of this database.
    package static func open(
        directory path: String, rootKey: [UInt8], postgres: Secret? = nil, clock: WallClock = .system,
        randomness: Randomness = .system, cachedKeysMax: Int = cachedKeysMax,
        instant: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) throws -> Keyring {
        guard rootKey.count == RootKey.byteCount else { throw KeyringFailure.malformedRootKey }
        let root = RootKeys(rootKey)
        let cache = KeyCache(capacity: cachedKeysMax, now: instant)
        let vault: any KeyVault =
            if let postgres {
                try SharedVault(
                    url: postgres, directory: path, root: root, cache: cache, randomness: randomness, at: clock.now())
            } else {
                try FileVault(directory: path, root: root)
            }
        let keyring = Keyring(vault: vault, cache: cache, clock: clock, randomness: randomness)
        try keyring.createKey(.platform)
        return keyring
    }

    // MARK: Sealer

    package func seal(_ plaintext: [UInt8], under scope: KeyScope, context: SealContext) throws -> [UInt8] {
        let entry = try entry(scope, version: nil)
        return try Seal.make(
            plaintext, entry.keys, version: entry.version, nonce: randomness.bytes(Seal.nonceBytes),
            place: Seal.place(scope, version: entry.version, context: context))
    }

    package func open(_ sealed: [UInt8], under scope: KeyScope, context: SealContext) throws -> [UInt8] {
        let version = try Seal.version(of: sealed)
        let keys = try entry(scope, version: version).keys
        return try Seal.open(sealed, keys, place: Seal.place(scope, version: version, context: context))
    }

    /// The tag uses the first version of the key, so that it survives a rotation.
    package func blindIndex(_ value: [UInt8], tenant: TenantID?, purpose: String) throws -> [UInt8] {
        let scope: KeyScope = tenant.map { .tenant($0) } ?? .platform
        var message = CanonicalBytes(domain: "cloister.index.1")
        message.append(purpose)
        message.append(value)
        let keys = try entry(scope, version: 1).keys
        return Array(HMAC<SHA256>.authenticationCode(for: message.bytes, using: keys.indexing))
    }

    // MARK: Making keys

    /// Makes the scope's key unless it has one.
    package func createKey(_ scope: KeyScope) throws { try createKeys([scope]) }

    /// Makes the keys that are missing in one durable transaction, parents before children, whatever the order given.
    /// All or none: throws `noParent`, `destroyed` or `notOwned`, naming the scope.
    package func createKeys(_ scopes: [KeyScope]) throws {
        try locked { vault in
            let root = vault.root.keys
            let made = try vault.add { store in
                let writer = KeyWriter(store: store, root: root, randomness: self.randomness)
                for scope in Set(scopes).sorted(by: { $0.depth < $1.depth }) {
                    try writer.create(scope, at: self.clock.now())
                }
                return writer.made
            }
            for key in made { cache.insert(key.entry, key.scope, isNewest: true) }
        }
    }

    /// Whether values can be sealed under `scope`.
    package func hasKey(_ scope: KeyScope) throws -> Bool {
        do {
            _ = try entry(scope, version: nil)
            return true
        } catch SealFailure.noKey {
            return false
        }
    }

    /// Counts for `cloister doctor`.
    package func statistics() throws -> KeyStatistics {
        try locked { try $0.read { try $0.statistics() } }
    }

    // MARK: Finding keys

    private func entry(_ scope: KeyScope, version: KeyVersion?) throws -> KeyCache.Entry {
        if let entry = cache.entry(scope, version: version) { return entry }
        return try locked { vault in
            // Another thread may have found it, or compared the cache with the database, while this one waited.
            if let entry = cache.entry(scope, version: version) { return entry }
            let root = vault.root.keys
            return try vault.read { store in
                try KeyReader(store: store, root: root, cache: self.cache).entry(scope, version: version)
            }
        }
    }

    /// One call at a time. A call that waited for one that no database answered fails with it: with tries of its own,
    /// every thread of a server would soon stand in this queue, for longer and longer.
    func locked<Value: Sendable>(
        asked: ContinuousClock.Instant = .now, _ body: @Sendable (any KeyVault) throws -> Value
    ) throws -> Value {
        try vault.withLock { vault in
            if let unanswered = vault.unanswered, unanswered.at > asked { throw unanswered.failure }
            do {
                return try body(vault.keys)
            } catch let failure as StorageFailure {
                if case .unavailable = failure { vault.unanswered = (.now, failure) }
                throw failure
            }
        }
    }
}
