import Crypto
import Foundation
import Kit

/// A scope's key, sealed by its parent's wrapping key: nonce 12, ciphertext 32, tag 16. Always the same length, so that
/// it can be overwritten where it lies.
enum WrappedKey {
    static let byteCount = 60

    static func wrap(
        _ key: SymmetricKey, of scope: KeyScope, version: KeyVersion, by parent: SymmetricKey, nonce: [UInt8]
    ) throws -> [UInt8] {
        let plain = key.withUnsafeBytes { Array($0) }
        let box = try AES.GCM.seal(
            plain, using: parent, nonce: AES.GCM.Nonce(data: nonce), authenticating: place(scope, version))
        return nonce + Array(box.ciphertext) + Array(box.tag)
    }

    /// Throws `KeyringFailure.corrupt` unless `wrapped` was made for exactly this scope and version.
    static func unwrap(
        _ wrapped: [UInt8], of scope: KeyScope, version: KeyVersion, by parent: SymmetricKey
    ) throws(KeyringFailure) -> SymmetricKey {
        do {
            guard wrapped.count == byteCount else { throw KeyringFailure.corrupt(scope) }
            let box = try AES.GCM.SealedBox(combined: wrapped)
            return SymmetricKey(data: try AES.GCM.open(box, using: parent, authenticating: place(scope, version)))
        } catch {
            throw .corrupt(scope)
        }
    }

    private static func place(_ scope: KeyScope, _ version: KeyVersion) -> [UInt8] {
        var place = CanonicalBytes(domain: "cloister.wrap.1")
        place.append(scope.path)
        place.append(Int64(version))
        return place.bytes
    }
}
