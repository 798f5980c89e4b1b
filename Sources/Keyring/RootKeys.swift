import Crypto
import Kit

/// What is derived from the root key: the keys that wrap, and a check value that lies in the keys file and tells
/// a wrong root key from a damaged file.
struct RootKeys {
    let keys: ScopeKeys
    let check: [UInt8]

    init(_ bytes: [UInt8]) {
        let root = SymmetricKey(data: bytes)
        keys = ScopeKeys(root)
        check = ScopeKeys.derive(from: root, "cloister.keyring.1 check").withUnsafeBytes { Array($0) }
    }
}
