import Search

/// The words of a text as texts are compared by: runs of letters, marks and digits, lower-cased. A character of a
/// script that puts no spaces between words is a word of its own; everything else separates.
enum FoldedWords {
    /// In order. Bytes that are no UTF-8 separate.
    static func forEach(in text: [UInt8], _ body: ([UInt8]) -> Void) {
        text.withUnsafeBufferPointer { text in
            var word: [UInt8] = []
            var next = 0
            while next < text.count {
                let character = Character8(text, at: next)
                if character.kind != .word { finish(&word, body) }
                if character.kind == .word || character.kind == .unspaced {
                    append(text[next..<next + character.bytes], to: &word)
                }
                if character.kind == .unspaced { finish(&word, body) }
                next += character.bytes
            }
            finish(&word, body)
        }
    }

    private static func finish(_ word: inout [UInt8], _ body: ([UInt8]) -> Void) {
        guard !word.isEmpty else { return }
        body(word)
        word.removeAll(keepingCapacity: true)
    }

    private static func append(_ character: Slice<UnsafeBufferPointer<UInt8>>, to word: inout [UInt8]) {
        if character.count == 1, let byte = character.first {
            word.append(byte &- 65 < 26 ? byte | 32 : byte)
        } else {
            word.append(contentsOf: String(decoding: character, as: UTF8.self).lowercased().utf8)
        }
    }
}

/// The last words read, and when they are a shingle: every run of `size` neighbouring words, or the whole of a text
/// that is shorter, after zeros. A text without words has none. A word is a number that stands for it.
struct ShingleWindow<Word: FixedWidthInteger & SIMDScalar> {
    static var size: Int { 5 }

    /// The first `size` lanes; the others are 0.
    private var words = SIMD8<Word>()
    private var count = 0

    var isEmpty: Bool { count == 0 }

    /// The shingle that ends with `word`; nil while the text is shorter than one.
    mutating func push(_ word: Word) -> SIMD8<Word>? {
        for lane in 1..<Self.size { words[lane - 1] = words[lane] }
        words[Self.size - 1] = word
        count = min(count + 1, Self.size)
        return count == Self.size ? words : nil
    }

    /// What a text that ended before its first shingle gives instead.
    var short: SIMD8<Word>? { isEmpty || count == Self.size ? nil : words }
}
