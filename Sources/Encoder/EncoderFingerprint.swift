import Crypto

/// Names what makes vectors: the model, the bytes of its weights and vocabulary, the arithmetic, the tokenizer and how
/// text is cut into windows. Vectors of one fingerprint may be compared, those of two may not.
///
///     all-MiniLM-L6-v2/fp32/5c1f0d2e9b7a4c36
enum EncoderFingerprint {
    /// Raised when `TokenWindows` cuts otherwise with the same numbers.
    private static let windowRule = 1
    /// Bytes of the digest that are shown: accidents and not attackers are told apart.
    private static let digestBytes = 8

    static func text(weights: MappedFile, vocabulary: MappedFile) -> String {
        let identity = Encoder.identity
        var hash = SHA256()
        let rule = "\(Encoder.windowTokensMax)/\(Encoder.windowOverlap)/\(windowRule)"
        hash.update(data: Array("\(identity.tokenizer)\n\(rule)\n".utf8))
        for file in [vocabulary, weights] {
            withExtendedLifetime(file) { hash.update(data: SHA256.hash(bufferPointer: file.bytes)) }
        }
        let digest = hash.finalize().prefix(digestBytes).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        return "\(identity.name)/\(identity.precision)/\(digest)"
    }
}

extension SHA256 {
    fileprivate static func hash(bufferPointer bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var hash = SHA256()
        hash.update(bufferPointer: bytes)
        return Array(hash.finalize())
    }
}
