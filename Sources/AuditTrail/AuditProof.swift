import Crypto
import Kit

/// What shows an outsider that an entry stands in a log: the entry itself, the salt of its commitment, and the way from
/// its leaf to the root of a signed tree. Times are microseconds since 1970, bytes are hexadecimal.
package struct AuditProof: Codable, Hashable, Sendable {
    /// `ten_…/2026`.
    package let log: String
    /// From 1.
    package let sequence: Int64
    package let time: Timestamp
    /// The record's canonical JSON, to the byte.
    package let entry: String
    package let salt: String
    /// RFC 6962, section 2.1.1: from the leaf up.
    package let path: [String]
    package let head: TreeHead

    /// Whether the entry, at its place and time, is under the root of the head.
    package var isIncluded: Bool {
        guard let salt = Hex.decode(salt), let root = Hex.decode(head.root), head.log == log, sequence > 0
        else { return false }
        let hashes = path.compactMap(Hex.decode)
        guard hashes.count == path.count else { return false }
        let commitment = AuditLeaf.commitment(salt: salt, canonical: Array(entry.utf8))
        let leaf = AuditLeaf.hash(logName: log, sequence: sequence, time: time, commitment: commitment)
        return InclusionPath.root(of: leaf, at: sequence - 1, in: head.size, path: hashes) == root
    }
}

/// How far a log went and the root over all of it, signed by the key of its owner (Ed25519, RFC 8032).
package struct TreeHead: Codable, Hashable, Sendable {
    package let log: String
    package let size: Int64
    package let root: String
    /// Of the newest entry.
    package let time: Timestamp
    package let signature: String

    package func isSigned(by key: [UInt8]) -> Bool {
        guard let root = Hex.decode(root), let signature = Hex.decode(signature) else { return false }
        return AuditSignature.isValid(
            signature, over: Self.bytes(log: log, size: size, root: root, time: time), by: key)
    }

    static func bytes(log: String, size: Int64, root: [UInt8], time: Timestamp) -> [UInt8] {
        var head = CanonicalBytes(domain: "cloister.audit.tree.1")
        head.append(log)
        head.append(size)
        head.append(root)
        head.append(time.microseconds)
        return head.bytes
    }
}

/// Ed25519 (RFC 8032), as any browser's WebCrypto checks it.
package enum AuditSignature {
    /// `key` is the public key, 32 bytes. False for anything that is no key and no signature.
    package static func isValid(_ signature: [UInt8], over message: [UInt8], by key: [UInt8]) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: key) else { return false }
        return key.isValidSignature(signature, for: message)
    }
}
