/// Cuts a passage into sentences: the unit that the extractive reader quotes.
///
/// A sentence ends at `.`, `!` or `?` followed by space and something that can begin a sentence, and at the end of a
/// paragraph, a list item and a table row. Abbreviations of one letter (`J. Smith`), decimal numbers and `e.g.` do not
/// end one; neither does the end of a wrapped line. Headings are left out: they answer nothing. Offsets are bytes.
package enum SentenceSplitter {
    /// Shorter pieces are headings, labels and list marks: not worth quoting alone.
    static let bytesMin = 12
    static let bytesMax = 1200

    /// What is worth quoting.
    package static func sentences(in text: [UInt8], range: Range<Int>) -> [Range<Int>] {
        pieces(in: text, range: range).filter {
            (bytesMin...bytesMax).contains($0.count) && isStatement(text[$0])
        }
    }

    /// All of the range but the white space and the marks of items, headings and labels too.
    package static func pieces(in text: [UInt8], range: Range<Int>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var start = range.lowerBound
        for index in range where isEnd(text, index, within: range) {
            append(start..<(index + 1), of: text, to: &found)
            start = index + 1
        }
        append(start..<range.upperBound, of: text, to: &found)
        return found
    }

    private static func append(_ range: Range<Int>, of text: [UInt8], to found: inout [Range<Int>]) {
        var range = range
        while let first = range.first, isSpace(text[first]) { range = (first + 1)..<range.upperBound }
        while let last = range.last, isSpace(text[last]) { range = range.lowerBound..<last }
        if text[range].starts(with: "- ".utf8) { range = (range.lowerBound + 2)..<range.upperBound }
        if !range.isEmpty { found.append(range) }
    }

    /// Ends like a sentence, is a table row, or is too long for a heading.
    private static func isStatement(_ sentence: ArraySlice<UInt8>) -> Bool {
        let last = sentence.last ?? 0
        let closing = last == UInt8(ascii: "\"") || last == UInt8(ascii: ")") ? sentence.dropLast().last ?? 0 : last
        if ".!?".utf8.contains(closing) || sentence.contains(UInt8(ascii: "|")) { return true }
        return sentence.split(whereSeparator: isSpace).count >= wordsOfStatementMin
    }

    private static let wordsOfStatementMin = 10

    /// A blank line, an item or a row: what the parsers write between blocks.
    private static func endsBlock(_ text: [UInt8], _ index: Int, within range: Range<Int>) -> Bool {
        guard index + 1 < range.upperBound else { return true }
        let next = text[(index + 1)..<range.upperBound]
        if next.first == UInt8(ascii: "\n") || next.starts(with: "- ".utf8) { return true }
        return next.prefix { $0 != UInt8(ascii: "\n") }.contains(UInt8(ascii: "|"))
            || text[range.lowerBound..<index].reversed().prefix { $0 != UInt8(ascii: "\n") }.contains(UInt8(ascii: "|"))
    }

    private static func isEnd(_ text: [UInt8], _ index: Int, within range: Range<Int>) -> Bool {
        switch text[index] {
        case UInt8(ascii: "\n"): return endsBlock(text, index, within: range)
        case UInt8(ascii: "!"), UInt8(ascii: "?"): return isFollowedBySpace(text, index, range)
        case UInt8(ascii: "."): return isFollowedBySpace(text, index, range) && !isAbbreviation(text, index, range)
        default: return false
        }
    }

    private static func isFollowedBySpace(_ text: [UInt8], _ index: Int, _ range: Range<Int>) -> Bool {
        index + 1 == range.upperBound || isSpace(text[index + 1])
    }

    /// `J.`, `e.g.`, `vs.`, `Fig.` and their kind, or a small letter after the dot.
    private static func isAbbreviation(_ text: [UInt8], _ index: Int, _ range: Range<Int>) -> Bool {
        let word =
            text[range.lowerBound..<index].suffix(8).split(whereSeparator: { isSpace($0) || $0 == UInt8(ascii: "(") })
            .last ?? []
        if word.count == 1, let letter = word.first, isLetter(letter) { return true }
        if word.contains(UInt8(ascii: ".")) || abbreviations.contains(Array(word)) { return true }
        let next = text[(index + 1)..<range.upperBound].first { !isSpace($0) }
        return next.map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) } ?? false
    }

    private static let abbreviations = Set(
        ["vs", "Fig", "fig", "Dr", "Mr", "Mrs", "Ms", "No", "Nr", "al", "etc", "cf", "ca", "approx", "St", "Prof"].map {
            Array($0.utf8)
        })

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool {
        (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
    }
}
