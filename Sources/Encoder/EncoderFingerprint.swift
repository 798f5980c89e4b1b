import Crypto

/// Names what makes vectors: the model, its weights and vocabulary, the arithmetic, the tokenizer and how text is cut
/// into windows. Vectors of one fingerprint may be compared, those of two may not.
///
///     all-MiniLM-L6-v2/fp32/5c1f0d2e9b7a4c36
///
/// Of the weights it reads the length, the first block, which has the table of tensors, and the first page of every
/// other block: every start takes it, and 90 MB in full cost 0.1 s, a sixteenth of it 0.01 s. Training moves nearly
/// every number, so another model differs in the sample; accidents are told apart, not attackers.
enum EncoderFingerprint {
    /// Raised when `TokenWindows` cuts otherwise with the same numbers.
    private static let windowRule = 1
    /// Bytes of the digest that are shown.
    private static let digestBytes = 8
    /// Bytes.
    private static let block = 65_536
    private static let page = 4096

    static func text(weights: MappedFile, vocabulary: MappedFile) -> String {
        let identity = Encoder.identity
        let rule = "\(Encoder.windowTokensMax)/\(Encoder.windowOverlap)/\(windowRule)"
        var hash = SHA256()
        hash.update(data: Array("\(identity.tokenizer)\n\(rule)\n\(weights.bytes.count)\n".utf8))
        withExtendedLifetime(vocabulary) { hash.update(bufferPointer: vocabulary.bytes) }
        withExtendedLifetime(weights) { sample(weights.bytes, into: &hash) }
        let digest = hash.finalize().prefix(digestBytes).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        return "\(identity.name)/\(identity.precision)/\(digest)"
    }

    private static func sample(_ bytes: UnsafeRawBufferPointer, into hash: inout SHA256) {
        for start in stride(from: 0, to: bytes.count, by: block) {
            let end = min(start + (start == 0 ? block : page), bytes.count)
            hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
        }
    }
}
