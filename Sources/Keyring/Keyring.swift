import Crypto
import Foundation
import Kit
import Storage
import Synchronization

/// The keys of everything that is sealed at rest, and the one `Sealer` of the product.
///
/// A key is 256 random bits. The root key comes from outside and wraps the platform's key and each tenant's; a tenant's
/// key wraps those of its collections, a collection's those of its documents. They lie in `keys.sqlite` in a folder of
/// their own, so that a backup of the data never holds what opens it. Destroying a key destroys the keys below it
/// and, without touching them, everything that was ever sealed under them, in every copy.
///
///     let keyring = try Keyring.open(directory: "/var/lib/cloister-keys", rootKey: RootKey.load(path: rootKeyFile))
///     try keyring.createKey(.tenant(tenant))
///     let sealed = try keyring.seal("text", under: .tenant(tenant), context: context)
///
/// All calls are synchronous and thread-safe. Limits: the keys file belongs to one node, also when the data is in
/// PostgreSQL; a shared keys table, wrapped by an epoch key outside the database, takes this type's place there.
/// Unwrapped keys are in this process' memory until they are evicted or destroyed. Overwriting in place cannot
/// reach what flash storage and copy-on-write file systems keep of old blocks.
package final class Keyring: Sealer {
    /// About half a kilobyte each. A scope that is sealed and opened takes two: its newest version and that version.
    package static let cachedKeysMax = 16_384

    struct Vault {
        let file: SQLiteFile
        var root: ScopeKeys
    }

    let directory: KeysDirectory
    let cache: KeyCache
    let clock: WallClock
    let randomness: Randomness
    /// Held for every access to the file, and while what was read there enters the cache: a destroyed key cannot slip
    /// back in. Never taken for a cached key.
    let vault: Mutex<Vault>

    private init(
        directory: KeysDirectory, vault: sending Vault, clock: WallClock, randomness: Randomness, cachedKeysMax: Int
    ) {
        self.directory = directory
        self.vault = Mutex(vault)
        self.clock = clock
        self.randomness = randomness
        cache = KeyCache(capacity: cachedKeysMax)
    }

    /// Opens the keys in `directory`, which is made with mode 0700 when missing, together with the platform's key.
    ///
    /// Throws `KeyringFailure.wrongRootKey` when the keys are of another root key, `permissions` when others can reach
    /// the files, `inUse` when they are open already.
    package static func open(
        directory path: String, rootKey: [UInt8], clock: WallClock = .system, randomness: Randomness = .system,
        cachedKeysMax: Int = cachedKeysMax
    ) throws -> Keyring {
        guard rootKey.count == RootKey.byteCount else { throw KeyringFailure.malformedRootKey }
        let directory = try KeysDirectory(path)
        let root = RootKeys(rootKey)
        let vault = Vault(file: try KeysFile.open(in: directory, root: root), root: root.keys)
        let keyring = Keyring(
            directory: directory, vault: vault, clock: clock, randomness: randomness, cachedKeysMax: cachedKeysMax)
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
        try vault.withLock { vault in
            let made = try vault.file.write { connection in
                let writer = KeyWriter(
                    store: KeyringStore(connection: connection), root: vault.root, randomness: self.randomness)
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
        try vault.withLock { try $0.file.read { try KeyringStore(connection: $0).statistics() } }
    }

    // MARK: Finding keys

    private func entry(_ scope: KeyScope, version: KeyVersion?) throws -> KeyCache.Entry {
        if let entry = cache.entry(scope, version: version) { return entry }
        return try vault.withLock { vault in
            try vault.file.read { connection in
                let reader = KeyReader(
                    store: KeyringStore(connection: connection), root: vault.root, cache: self.cache)
                return try reader.entry(scope, version: version)
            }
        }
    }
}
