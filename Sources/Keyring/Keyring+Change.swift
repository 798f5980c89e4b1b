import Crypto
import Kit
import Storage
import Synchronization

extension Keyring {
    /// Gives `scope` a new key for new seals. Older versions open what was sealed under them until its destruction.
    package func rotate(_ scope: KeyScope) throws {
        try vault.withLock { vault in
            let made = try vault.file.write { connection in
                let writer = KeyWriter(
                    store: KeyringStore(connection: connection), root: vault.root, randomness: self.randomness)
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
    /// The wrapped keys are overwritten with zeros in the file and in its journal. Throws `notOwned` for the platform
    /// and for segments.
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
        try vault.withLock { vault in
            // Whatever happens to the transaction, no seal is made under a key that may be gone.
            defer { cache.forget { $0.isInside(gone) } }
            try vault.file.write { connection in
                let store = KeyringStore(connection: connection)
                for scope in scopes { try store.destroy(scope, at: self.clock.now()) }
            }
            try directory.scrubJournal()
        }
    }

    /// Wraps the platform's and all tenants' keys under another root key, in one transaction: after a crash the file
    /// is of one root key or the other, never of both.
    ///
    /// Store the new root key durably first, call this, then remove the old one.
    package func replaceRootKey(with rootKey: [UInt8]) throws {
        guard rootKey.count == RootKey.byteCount else { throw KeyringFailure.malformedRootKey }
        let new = RootKeys(rootKey)
        try vault.withLock { vault in
            let old = vault.root.wrapping
            try vault.file.write { connection in
                let store = KeyringStore(connection: connection)
                for row in try store.keysUnderRoot(tenants: store.tenants()) {
                    let key = try WrappedKey.unwrap(row.wrapped, of: row.scope, version: row.version, by: old)
                    let wrapped = try WrappedKey.wrap(
                        key, of: row.scope, version: row.version, by: new.keys.wrapping,
                        nonce: self.randomness.bytes(Seal.nonceBytes))
                    try store.overwrite(slot: row.slot, with: wrapped)
                }
                try store.setRootCheck(new.check)
            }
            vault.root = new.keys
            try directory.scrubJournal()
        }
    }
}

extension KeyScope {
    fileprivate var isSegment: Bool {
        if case .segment = self { true } else { false }
    }
}
