import Crypto
import Kit

/// What is derived from the root key: the keys that wrap, and a check value that lies beside the wrapped keys and
/// tells a wrong root key from damage.
struct RootKeys: Sendable {
    let keys: ScopeKeys
    /// Seals the files of epoch keys.
    let epochs: SymmetricKey
    let check: [UInt8]

    /// Tells the files of one root key from those of another.
    var mark: String { Hex.encode(check.prefix(4)) }

    init(_ bytes: [UInt8]) {
        let root = SymmetricKey(data: bytes)
        keys = ScopeKeys(root)
        epochs = ScopeKeys.derive(from: root, "cloister.keyring.1 epochs")
        check = ScopeKeys.derive(from: root, "cloister.keyring.1 check").withUnsafeBytes { Array($0) }
    }
}
