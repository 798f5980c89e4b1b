import Crypto
import Kit

/// Unwraps keys down the hierarchy, from what is cached or from the root key, and caches what it finds. Used with the
/// keyring's lock held.
struct KeyReader {
    let store: KeyringStore
    let root: ScopeKeys
    let cache: KeyCache

    /// The keys of `version`, or of the newest when nil. Throws `SealFailure.noKey`, `KeyringFailure.corrupt`.
    func entry(_ scope: KeyScope, version: KeyVersion?) throws -> KeyCache.Entry {
        if let entry = cache.entry(scope, version: version) { return entry }
        let entry: KeyCache.Entry
        if case .segment(let tenant, let segment) = scope {
            let above = try self.entry(.tenant(tenant), version: version)
            entry = KeyCache.Entry(version: above.version, keys: above.keys.segment(segment))
        } else {
            entry = try load(scope, version: version)
        }
        cache.insert(entry, scope, isNewest: version == nil)
        return entry
    }

    private func load(_ scope: KeyScope, version: KeyVersion?) throws -> KeyCache.Entry {
        guard let row = try store.key(of: scope, version: version) else { throw SealFailure.noKey }
        let wrapping = try scope.parent.map { try entry($0, version: row.parentVersion).keys } ?? root
        let key = try WrappedKey.unwrap(row.wrapped, of: scope, version: row.version, by: wrapping.wrapping)
        return KeyCache.Entry(version: row.version, keys: ScopeKeys(key))
    }
}
