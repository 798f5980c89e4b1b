import Crypto
import Foundation
import Kit

enum EpochKind: IdentifierKind { static let prefix = "epo" }

/// The random name of an epoch: a time during which all keys in the shared database are wrapped by one more key.
typealias EpochID = Identifier<EpochKind>

/// A wrapped key inside its epoch's key: nonce 12, ciphertext 60, tag 16. AES-256-GCM; the additional data names epoch,
/// scope and version.
enum EpochWrap {
    static let byteCount = WrappedKey.byteCount + Seal.nonceBytes + Seal.tagBytes

    static func seal(
        _ wrapped: [UInt8], of scope: KeyScope, version: KeyVersion, epoch: EpochID, by key: SymmetricKey,
        nonce: [UInt8]
    ) throws -> [UInt8] {
        let box = try AES.GCM.seal(
            wrapped, using: key, nonce: AES.GCM.Nonce(data: nonce), authenticating: place(scope, version, epoch))
        return nonce + Array(box.ciphertext) + Array(box.tag)
    }

    /// Throws `KeyringFailure.corrupt` unless `bytes` were made for exactly this scope, version and epoch.
    static func open(
        _ bytes: [UInt8], of scope: KeyScope, version: KeyVersion, epoch: EpochID, by key: SymmetricKey
    ) throws(KeyringFailure) -> [UInt8] {
        do {
            let box = try AES.GCM.SealedBox(combined: bytes)
            return Array(try AES.GCM.open(box, using: key, authenticating: place(scope, version, epoch)))
        } catch {
            throw .corrupt(scope)
        }
    }

    private static func place(_ scope: KeyScope, _ version: KeyVersion, _ epoch: EpochID) -> [UInt8] {
        var place = CanonicalBytes(domain: "cloister.epoch.wrap.1")
        place.append(epoch.description)
        place.append(scope.path)
        place.append(Int64(version))
        return place.bytes
    }
}
