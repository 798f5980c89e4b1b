/// Turns text into terms, the same way for documents and for queries.
///
/// 1. Words are runs of letters, marks and digits; an apostrophe between letters belongs to the word. This is the
///    word rule of Unicode (UAX #29) without its rules for full stops and commas, which compounds take over.
/// 2. Scripts written without spaces give every pair of neighbouring characters (as search engines for Chinese and
///    Japanese do).
/// 3. A word is normalised (NFKC), lower-cased, dropped if it is a stop word, stemmed by Snowball's English stemmer.
/// 4. Words joined by one of `- / . _ : + # ,` with a digit anywhere also give the compound as one exact term, so that
///    `AB-123/7` is found as itself before all passages with `AB` and `7` (RAG-2). Compounds do not count as length.
///
/// UTF-8 bytes all the way: only words beyond ASCII become a `String`.
package struct Analyser: Sendable {
    /// Written into every entry: other rules are another index.
    static let version: UInt8 = 1
    /// Longer words are cut, longer compounds are dropped: nobody searches for them.
    static let termBytesMax = 128

    private let stopWords: TermTable

    package init(stopWords: Set<String>) {
        var table = TermTable()
        for word in stopWords { Array(word.utf8).withUnsafeBytes { _ = table.insert($0) } }
        self.stopWords = table
    }

    package func terms(of text: [UInt8]) -> TermList {
        var scan = AnalysisScan(stopWords: stopWords)
        text.withUnsafeBufferPointer { scan.run(over: $0) }
        return TermList(arena: scan.arena, spans: scan.spans, length: scan.length)
    }
}

/// One pass over one text.
private struct AnalysisScan {
    private let stopWords: TermTable
    private let stemmer = EnglishStemmer()
    private(set) var arena: [UInt8] = []
    private(set) var spans: [Range<Int>] = []
    private(set) var length = 0

    init(stopWords: TermTable) { self.stopWords = stopWords }

    mutating func run(over text: UnsafeBufferPointer<UInt8>) {
        arena.reserveCapacity(text.count)
        var next = 0
        while next < text.count {
            let character = Character8(text, at: next)
            switch character.kind {
            case .word: next = compound(in: text, from: next)
            case .unspaced: next = pairs(in: text, from: next)
            case .connector, .apostrophe, .other: next += character.bytes
            }
        }
    }

    /// Words from `start` on as long as single connectors join them; returns where the next search begins.
    private mutating func compound(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var end = wordEnd(in: text, from: start)
        word(text[start..<end])
        var parts = 1
        while end + 1 < text.count, Character8(text, at: end).kind == .connector,
            Character8(text, at: end + 1).kind == .word
        {
            let part = end + 1
            end = wordEnd(in: text, from: part)
            word(text[part..<end])
            parts += 1
        }
        if parts > 1, text[start..<end].contains(where: Character8.isDigit) { whole(text[start..<end]) }
        return end
    }

    private func wordEnd(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var end = start
        while end < text.count {
            let character = Character8(text, at: end)
            if character.kind == .word {
                end += character.bytes
            } else if character.kind == .apostrophe, end > start, end + character.bytes < text.count,
                Character8(text, at: end + character.bytes).kind == .word
            {
                end += character.bytes
            } else {
                break
            }
        }
        return end
    }

    private mutating func word(_ word: Slice<UnsafeBufferPointer<UInt8>>) {
        length += 1
        let start = appendFolded(word)
        let isStopWord = arena[start...].withUnsafeBytes { stopWords.find($0) != nil }
        if isStopWord {
            length -= 1
            arena.removeSubrange(start...)
            return
        }
        let stem = arena[start...].withUnsafeBytes { stemmer.stem($0.prefix(Analyser.termBytesMax)) }
        arena.replaceSubrange(start..., with: stem)
        spans.append(start..<arena.count)
    }

    private mutating func whole(_ compound: Slice<UnsafeBufferPointer<UInt8>>) {
        let start = appendFolded(compound)
        guard arena.count - start <= Analyser.termBytesMax else { return arena.removeSubrange(start...) }
        spans.append(start..<arena.count)
    }

    /// Pairs of a run without spaces; a run of one gives itself.
    private mutating func pairs(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var boundaries = [start]
        while let last = boundaries.last, last < text.count {
            let character = Character8(text, at: last)
            guard character.kind == .unspaced else { break }
            boundaries.append(last + character.bytes)
        }
        for index in boundaries.indices.dropLast(boundaries.count > 2 ? 2 : 1) {
            length += 1
            let begin = appendFolded(text[boundaries[index]..<boundaries[min(index + 2, boundaries.count - 1)]])
            spans.append(begin..<arena.count)
        }
        return boundaries[boundaries.count - 1]
    }

    /// Appends normalised, lower-cased bytes to the arena; where they begin.
    private mutating func appendFolded(_ word: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
        let start = arena.count
        var isASCII = true
        for byte in word {
            arena.append(byte &- 65 < 26 ? byte | 32 : byte)
            if byte >= 128 { isASCII = false }
        }
        if !isASCII { arena.replaceSubrange(start..., with: Character8.folded(word)) }
        return start
    }
}
