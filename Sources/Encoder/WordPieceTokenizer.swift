/// The uncased BERT tokenizer: UTF-8 in, word pieces out.
///
/// Text is cleaned, lower-cased, stripped of accents and split into words at white space; punctuation and CJK
/// ideographs are words of their own. Each word is then cut greedily into the longest pieces of the vocabulary. All
/// of it runs scalar by scalar in one pass over the bytes (`UnicodeTable` holds the outcome of each scalar), without
/// `String`. Ids equal those of the reference (Hugging Face `tokenizers`), with two deliberate differences:
/// `[CLS]`, `[SEP]` and the like in a text are plain text, never control; and combining marks that survive accent
/// stripping are not brought into canonical order (they are rare signs of musical notation and the like).
///
/// Bytes that are not UTF-8 count as U+FFFD, which the reference drops.
struct WordPieceTokenizer: Sendable {
    /// A longer word is one unknown token, as in the reference.
    static let wordScalarsMax = 100

    let vocabulary: Vocabulary
    private let unicode = UnicodeTable.shared

    func tokens(of text: [UInt8]) -> [Token] {
        var tokens: [Token] = []
        tokens.reserveCapacity(text.count / 4)
        text.withUnsafeBufferPointer { bytes in
            WordBuffer.withBuffer { word in scan(bytes, word: &word, into: &tokens) }
        }
        return tokens
    }

    private func scan(_ bytes: UnsafeBufferPointer<UInt8>, word: inout WordBuffer, into tokens: inout [Token]) {
        ASCIIClass.table.withUnsafeBufferPointer { classes in
            var position = 0
            while position < bytes.count {
                let byte = bytes[position]
                guard byte < 128 else {
                    position = scanBeyondASCII(bytes, from: position, word: &word, into: &tokens)
                    continue
                }
                switch classes[Int(byte)] {
                case .kept: word.append(lowerCased: byte, at: position)
                case .space: finish(&word, into: &tokens)
                case .isolated: isolate(UInt32(byte), position..<position + 1, word: &word, into: &tokens)
                case .dropped: break
                }
                position += 1
            }
            finish(&word, into: &tokens)
        }
    }

    /// Takes one scalar that starts at `start` and returns where the next one does.
    private func scanBeyondASCII(
        _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, word: inout WordBuffer, into tokens: inout [Token]
    ) -> Int {
        guard let (scalar, length) = UTF8Scalar.decode(bytes, at: start) else { return start + 1 }
        let source = start..<start + length
        if HangulSyllable.range.contains(scalar) {
            HangulSyllable.forEachLetter(of: scalar) { word.append($0, from: source) }
            return source.upperBound
        }
        switch unicode.outcome(of: scalar) {
        case .kept: word.append(scalar, from: source)
        case .dropped: break
        case .space: finish(&word, into: &tokens)
        case .isolated: isolate(scalar, source, word: &word, into: &tokens)
        case .mapped(let indices):
            for target in unicode.targets[indices] {
                if target.isolated {
                    isolate(target.scalar, source, word: &word, into: &tokens)
                } else {
                    word.append(target.scalar, from: source)
                }
            }
        }
        return source.upperBound
    }

    private func isolate(
        _ scalar: UInt32, _ source: Range<Int>, word: inout WordBuffer, into tokens: inout [Token]
    ) {
        finish(&word, into: &tokens)
        word.append(scalar, from: source)
        finish(&word, into: &tokens)
    }

    /// Cuts the word into pieces and empties the buffer. A word that no sequence of pieces covers is one unknown token.
    private func finish(_ word: inout WordBuffer, into tokens: inout [Token]) {
        guard word.scalars > 0 else { return }
        defer { word.clear() }
        let before = tokens.count
        var start = 0
        var covered = word.scalars <= Self.wordScalarsMax
        while covered, start < word.count {
            let table = start == 0 ? vocabulary.initial : vocabulary.continuing
            guard let (id, end) = longestPiece(of: word, from: start, in: table) else {
                covered = false
                break
            }
            tokens.append(Token(id: id, start: word.sourceStart(of: start), end: word.sourceEnd(of: end - 1)))
            start = end
        }
        if !covered {
            tokens.removeLast(tokens.count - before)
            tokens.append(Token(id: vocabulary.unknown, start: word.sourceStart, end: word.sourceEnd))
        }
    }

    @inline(__always)
    private func longestPiece(of word: WordBuffer, from start: Int, in table: PieceTable) -> (id: Int32, end: Int)? {
        let longest = min(word.count - start, table.longest, WordBuffer.bytesMax)
        var hash = table.seed
        for offset in 0..<longest {
            hash = PieceTable.step(hash, word.bytes[start + offset])
            word.hashes[offset] = hash
        }
        var length = longest
        while length > 0 {
            let piece = UnsafeBufferPointer(rebasing: word.bytes[start..<start + length])
            if let id = table.id(hash: word.hashes[length - 1], piece: piece) { return (id, start + length) }
            length -= 1
        }
        return nil
    }
}
