import Crypto
import Foundation
import Kit

/// One version of a scope's key, as the four keys that are derived from it. The scope's own 256 bits are never used
/// directly, so that no ciphertext of one purpose can be passed off as one of another (HKDF, RFC 5869).
struct ScopeKeys: Sendable {
    static let byteCount = 32

    /// Wraps the keys of child scopes.
    let wrapping: SymmetricKey
    /// Seals values.
    let sealing: SymmetricKey
    /// Tags values for equality look-ups.
    let indexing: SymmetricKey
    /// Parent of the keys of sealed index segments.
    let segmenting: SymmetricKey

    init(_ key: SymmetricKey) {
        wrapping = Self.derive(from: key, "cloister.keyring.1 wrap")
        sealing = Self.derive(from: key, "cloister.keyring.1 seal")
        indexing = Self.derive(from: key, "cloister.keyring.1 index")
        segmenting = Self.derive(from: key, "cloister.keyring.1 segments")
    }

    /// The keys of one segment; the same for the same segment and the same version of the tenant's key.
    func segment(_ segment: SegmentID) -> ScopeKeys {
        ScopeKeys(Self.derive(from: segmenting, "cloister.keyring.1 segment \(segment)"))
    }

    static func derive(from key: SymmetricKey, _ purpose: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(inputKeyMaterial: key, info: Array(purpose.utf8), outputByteCount: byteCount)
    }
}

/// Position in a scope's history of keys: 1, 2, 3 … New seals use the newest, old ones stay until destruction.
typealias KeyVersion = UInt32
