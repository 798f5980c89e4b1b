import Crypto
import Kit

/// A proof with what seals it: the hash of each of its blocks, and a signature over them.
struct ProofFile {
    let proof: [UInt8]
    let key: [UInt8]
    let signature: [UInt8]

    /// SHA-256 of each 64 bytes.
    static func blocks(of proof: some Collection<UInt8>) -> [[UInt8]] {
        let bytes = Array(proof)
        return stride(from: 0, to: bytes.count, by: ProofLayout.blockBytes).map {
            Array(SHA256.hash(data: bytes[$0..<min($0 + ProofLayout.blockBytes, bytes.count)]))
        }
    }

    /// What the signature covers: a domain of its own and the digest of all blocks.
    static func signed(_ blocks: [[UInt8]]) -> CanonicalBytes {
        var message = CanonicalBytes(domain: "cloister.proof.1")
        message.append(Array(SHA256.hash(data: Array(blocks.joined()))))
        return message
    }

    var bytes: [UInt8] {
        let hashes = Self.blocks(of: proof).map { Array(Hex.encode($0).utf8) }
        return ProofLayout.opening + Array(hashes.joined(separator: ProofLayout.between)) + ProofLayout.beforeKey
            + Array(Hex.encode(key).utf8) + ProofLayout.beforeProof + proof + ProofLayout.beforeSignature
            + Array(Hex.encode(signature).utf8) + ProofLayout.closing
    }
}
