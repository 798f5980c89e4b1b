/// Where everything lies in a proof file of a given length. The file is JSON, but its form is fixed to the byte, so
/// that any byte of it can be checked by its place even where the JSON is broken:
///
///     {"blocks":["<64 hex>","<64 hex>",…],"format":"cloister.proof/1","key":"<64 hex>","proof":{…},
///     "signature":"<128 hex>"}    (in one line)
///
/// `blocks` has the SHA-256 of every 64 bytes of `proof`, and `signature` covers the blocks.
struct ProofLayout: Equatable {
    static let blockBytes = 64
    static let hashDigits = 64
    static let keyDigits = 64
    static let signatureDigits = 128

    static let opening = Array(#"{"blocks":[""#.utf8)
    static let between = Array(#"",""#.utf8)
    static let beforeKey = Array(#""],"format":"cloister.proof/1","key":""#.utf8)
    static let beforeProof = Array(#"","proof":"#.utf8)
    static let beforeSignature = Array(#","signature":""#.utf8)
    static let closing = Array(#""}"#.utf8)

    let blockCount: Int
    let proof: Range<Int>

    var key: Range<Int> {
        let end = proof.lowerBound - Self.beforeProof.count
        return end - Self.keyDigits..<end
    }

    var signature: Range<Int> {
        let start = proof.upperBound + Self.beforeSignature.count
        return start..<start + Self.signatureDigits
    }

    /// The digits of the hash of block `index`.
    func hash(_ index: Int) -> Range<Int> {
        let start = Self.opening.count + index * (Self.hashDigits + Self.between.count)
        return start..<start + Self.hashDigits
    }

    /// The bytes of the file that block `index` covers.
    func block(_ index: Int) -> Range<Int> {
        let start = proof.lowerBound + index * Self.blockBytes
        return start..<min(start + Self.blockBytes, proof.upperBound)
    }

    init(proofBytes: Int) {
        blockCount = (proofBytes + Self.blockBytes - 1) / Self.blockBytes
        let start =
            Self.opening.count + blockCount * (Self.hashDigits + Self.between.count) - Self.between.count
            + Self.beforeKey.count + Self.keyDigits + Self.beforeProof.count
        proof = start..<start + proofBytes
    }

    /// Nil for a length that no proof file has.
    init?(fileBytes: Int) {
        let perBlock = Self.blockBytes + Self.hashDigits + Self.between.count
        let frame = Self(proofBytes: 0).fileBytes
        let rest = fileBytes - frame
        guard rest > 0 else { return nil }
        let blocks = (rest + perBlock - 1) / perBlock
        let proofBytes = rest - blocks * (Self.hashDigits + Self.between.count)
        guard proofBytes > 0 else { return nil }
        self.init(proofBytes: proofBytes)
        guard blockCount == blocks else { return nil }
    }

    var fileBytes: Int { signature.upperBound + Self.closing.count }

    /// What stands between the parts, with its place.
    var literals: [(start: Int, bytes: [UInt8])] {
        let separators = (1..<max(blockCount, 1)).map { (hash($0).lowerBound - Self.between.count, Self.between) }
        return [(0, Self.opening)] + separators + [
            (key.lowerBound - Self.beforeKey.count, Self.beforeKey), (key.upperBound, Self.beforeProof),
            (proof.upperBound, Self.beforeSignature), (signature.upperBound, Self.closing),
        ]
    }
}
