import CStemmer

/// Snowball's English stemmer ("Porter 2") by libstemmer.
final class EnglishStemmer {
    private let stemmer: OpaquePointer?

    init() { stemmer = sb_stemmer_new("english", "UTF_8") }

    deinit { sb_stemmer_delete(stemmer) }

    /// The stem; the word itself should the library be out of memory.
    func stem(_ word: Slice<UnsafeRawBufferPointer>) -> [UInt8] {
        word.withContiguousStorageIfAvailable { bytes in
            guard let stem = sb_stemmer_stem(stemmer, bytes.baseAddress, Int32(bytes.count)) else { return nil }
            return Array(UnsafeBufferPointer(start: stem, count: Int(sb_stemmer_length(stemmer))))
        }.flatMap { $0 } ?? Array(word)
    }
}
