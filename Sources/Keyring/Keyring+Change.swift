import Crypto
import Kit
import Storage
import Synchronization

extension Keyring {
    /// Gives `scope` a new key for new seals. Older versions open what was sealed under them until its destruction.
    package func rotate(_ scope: KeyScope) throws {
        try locked { vault in
            let root = vault.root.keys
            let made = try vault.change { store in
                let writer = KeyWriter(store: store, root: root, randomness: self.randomness)
                try writer.rotate(scope, at: self.clock.now())
                return writer.made
            }
            // Derived segment keys follow the tenant's newest version.
            cache.forget { $0.isSegment && $0.isInside([scope]) }
            for key in made { cache.insert(key.entry, key.scope, isNewest: true) }
        }
    }

    /// Destroys the keys of `scope` and of every scope inside it, for good: what was sealed under them never opens
    /// again, and the scope cannot be given another key. Durable on return; repeating it is harmless.
    ///
    /// In a file of keys the wrapped ones are overwritten with zeros, in its journal too. On PostgreSQL their rows are
    /// deleted; copies of the database hold them until `rotateEpoch`, and another node seals and opens with what it
    /// remembers for at most a second more. Throws `notOwned` for the platform and for segments.
    package func destroyKey(_ scope: KeyScope) throws { try destroyKeys([scope]) }

    /// `destroyKey` for many scopes in one durable transaction: all or none.
    package func destroyKeys(_ scopes: [KeyScope]) throws {
        let gone = Set(scopes)
        for scope in scopes {
            switch scope {
            case .platform, .segment: throw KeyringFailure.notOwned(scope)
            case .tenant, .collection, .document: break
            }
        }
        try locked { vault in
            // Whatever happens to the transaction, no seal is made under a key that may be gone.
            defer { cache.forget { $0.isInside(gone) } }
            try vault.change { store in
                for scope in scopes { try store.destroy(scope, at: self.clock.now()) }
            }
        }
    }

    /// Wraps the platform's and all tenants' keys under another root key, in one transaction: after a crash the keys
    /// are of one root key or the other, never of both.
    ///
    /// Store the new root key durably first, call this, then remove the old one. Other nodes on the same PostgreSQL
    /// database fail with `wrongRootKey` from then on, until they are started with the new one.
    package func replaceRootKey(with rootKey: [UInt8]) throws {
        guard rootKey.count == RootKey.byteCount else { throw KeyringFailure.malformedRootKey }
        let new = RootKeys(rootKey)
        try locked { vault in
            let old = vault.root.keys.wrapping
            try vault.change { store in
                for row in try store.keysUnderRoot(tenants: store.tenants()) {
                    let key = try WrappedKey.unwrap(row.wrapped, of: row.scope, version: row.version, by: old)
                    let wrapped = try WrappedKey.wrap(
                        key, of: row.scope, version: row.version, by: new.keys.wrapping,
                        nonce: self.randomness.bytes(Seal.nonceBytes))
                    try store.rows.replace(wrapped, of: row.scope, version: row.version)
                }
                try store.replaceRoot(new)
            }
            try vault.adopt(new)
        }
    }
}

extension KeyScope {
    fileprivate var isSegment: Bool {
        if case .segment = self { true } else { false }
    }
}
