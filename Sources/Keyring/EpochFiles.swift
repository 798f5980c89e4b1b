import Crypto
import Foundation
import Kit

/// The keys of the epochs, which never enter the database: one file each in the keys directory, sealed under the root
/// key, and what of them was read. Used with the keyring's lock held.
///
/// `epo_…-1f2e3d4c` is an epoch and the mark of the root key that seals the file. A file for each pair, written once
/// and never changed: nodes that share the folder cannot overwrite each other's, whatever a file system's locks are
/// worth, and the file under a new root key can stand beside the old one until the database has switched. A file whose
/// epoch the database does not know is of a rotation that a crash undid, and opens nothing.
///
///     nonce 12 | ciphertext of the key 32 | tag 16
final class EpochFiles {
    private static let keyBytes = 32

    let randomness: Randomness
    private let directory: KeysDirectory
    private var keys: [EpochID: SymmetricKey] = [:]

    init(directory: KeysDirectory, randomness: Randomness) {
        self.directory = directory
        self.randomness = randomness
    }

    /// Makes the key of a new epoch; durable on return.
    func make(under root: RootKeys) throws -> EpochID {
        let epoch = randomness.identifier(EpochID.self)
        let key = SymmetricKey(data: randomness.bytes(Self.keyBytes))
        try save(key, of: epoch, under: root)
        keys[epoch] = key
        return epoch
    }

    /// Throws `unknownEpoch` when the folder has no such file, `corruptEpoch` when the root key does not open it.
    func key(of epoch: EpochID, under root: RootKeys) throws -> SymmetricKey {
        if let key = keys[epoch] { return key }
        let path = path(of: epoch, under: root)
        guard let bytes = try PrivateFile.contents(of: path) else {
            throw KeyringFailure.unknownEpoch(epoch: "\(epoch)", folder: directory.path)
        }
        do {
            let box = try AES.GCM.SealedBox(combined: bytes)
            let key = SymmetricKey(data: try AES.GCM.open(box, using: root.epochs, authenticating: place(epoch)))
            keys[epoch] = key
            return key
        } catch {
            throw KeyringFailure.corruptEpoch(path: path)
        }
    }

    func isThere(_ epoch: EpochID) throws -> Bool {
        try directory.names().contains { $0.hasPrefix("\(epoch)-") }
    }

    /// Makes the epoch's key readable under another root key as well.
    func copy(_ epoch: EpochID, from old: RootKeys, to new: RootKeys) throws {
        try save(try key(of: epoch, under: old), of: epoch, under: new)
    }

    /// Overwrites and removes every file of the epoch, and forgets its key. Repeating it is harmless.
    func destroy(_ epoch: EpochID) throws {
        keys[epoch] = nil
        try eraseFiles { $0.hasPrefix("\(epoch)-") }
    }

    /// The same for all files that a replaced root key seals.
    func destroyAll(under root: RootKeys) throws {
        try eraseFiles { $0.hasPrefix(EpochKind.prefix) && $0.hasSuffix("-\(root.mark)") }
    }

    /// Forgets the keys of epochs that another node has destroyed.
    func keep(only live: Set<EpochID>) { keys = keys.filter { live.contains($0.key) } }

    private func save(_ key: SymmetricKey, of epoch: EpochID, under root: RootKeys) throws {
        let nonce = try AES.GCM.Nonce(data: randomness.bytes(Seal.nonceBytes))
        let plain = key.withUnsafeBytes { Array($0) }
        let box = try AES.GCM.seal(plain, using: root.epochs, nonce: nonce, authenticating: place(epoch))
        let bytes = Array(nonce) + Array(box.ciphertext) + Array(box.tag)
        try PrivateFile.replace(path(of: epoch, under: root), with: bytes)
        try directory.sync()
    }

    private func eraseFiles(where isDoomed: (String) -> Bool) throws {
        for name in try directory.names() where isDoomed(name) { try PrivateFile.erase(directory.path + "/" + name) }
        try directory.sync()
    }

    private func path(of epoch: EpochID, under root: RootKeys) -> String {
        "\(directory.path)/\(epoch)-\(root.mark)"
    }

    private func place(_ epoch: EpochID) -> [UInt8] {
        var place = CanonicalBytes(domain: "cloister.epoch.key.1")
        place.append(epoch.description)
        return place.bytes
    }
}
