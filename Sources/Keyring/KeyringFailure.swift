import Kit

/// What opening the keyring or changing its keys can fail with. Sealing and opening throw `SealFailure`.
package enum KeyringFailure: Error, Equatable {
    /// The root key is not the one that these keys were made or last rewrapped under.
    case wrongRootKey
    /// A root key is 32 bytes, in a file 64 lower-case hexadecimal digits.
    case malformedRootKey
    /// `path` may be read or written by others; `mode` is its permission bits.
    case permissions(path: String, mode: UInt32)
    case io(path: String, code: Int32)
    /// Another process, or another `Keyring` of this one, has the directory open.
    case inUse(path: String)
    /// A wrapped key that its parent's key does not open: the file was changed.
    case corrupt(KeyScope)
    /// The scope's parent has no key: it was never made, or destroyed.
    case noParent(KeyScope)
    /// Destruction is final: a scope that was destroyed gets no new key.
    case destroyed(KeyScope)
    /// The platform's key and derived segment keys cannot be made, rotated or destroyed by themselves.
    case notOwned(KeyScope)
    /// Keys in the database are wrapped by the key of `epoch`, and `folder` has no file of it under this root key: the
    /// folder is not the one that the nodes share, the file was lost, or the database is older than the destruction
    /// of the epoch.
    case unknownEpoch(epoch: String, folder: String)
    /// The file of an epoch's key is not one that this root key sealed.
    case corruptEpoch(path: String)
    /// The keys shall lie in the database, but the folder has a file of keys.
    case keysInFile(path: String)
    /// The engine did not grant the settings that the destruction of keys relies on.
    case unsafeEngine
}
