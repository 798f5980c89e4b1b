/// Where sentences begin: after `.`, `!`, `?` or their kin with space behind, after an ideographic full stop, and on
/// each line. Initials, numbers and what goes on in small letters end none.
package enum SentenceStarts {
    /// Behind the beginning of `range`, ascending.
    package static func inside(_ range: Range<Int>, of text: [UInt8]) -> [Int] {
        var starts: [Int] = []
        var index = range.lowerBound
        while index < range.upperBound {
            guard let end = end(at: index, of: text, in: range) else {
                index += 1
                continue
            }
            index = end
            while index < range.upperBound, text[index] <= 0x20 { index += 1 }
            if index < range.upperBound { starts.append(index) }
        }
        return starts
    }

    /// Behind the mark that ends a sentence at `index`, quotes and brackets included.
    private static func end(at index: Int, of text: [UInt8], in range: Range<Int>) -> Int? {
        switch text[index] {
        case 0x0a: return index + 1
        case 0xe3, 0xef:
            // U+3002, U+FF01 and U+FF1F: nothing need follow.
            guard index + 3 <= range.upperBound, wide.contains(Array(text[index..<index + 3])) else { return nil }
            return index + 3
        case UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"):
            var end = index + 1
            while end < range.upperBound, ")]\"'".utf8.contains(text[end]) { end += 1 }
            guard end < range.upperBound, text[end] <= 0x20 else { return nil }
            let next = text[end..<range.upperBound].first { $0 > 0x20 } ?? 0
            if text[index] == UInt8(ascii: "."), isSmall(next) || isInitial(index, of: text, in: range) { return nil }
            return end
        default: return nil
        }
    }

    private static let wide: [[UInt8]] = ["\u{3002}", "\u{ff01}", "\u{ff1f}"].map { Array($0.utf8) }

    private static func isSmall(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }

    /// One letter alone, as in `J. Smith`, or a short word with dots, as in `e.g.`
    private static func isInitial(_ index: Int, of text: [UInt8], in range: Range<Int>) -> Bool {
        let word = text[max(range.lowerBound, index - 6)..<index].reversed().prefix { $0 > 0x20 }
        return (word.count == 1 && word.allSatisfy { isSmall($0 | 0x20) }) || word.contains(UInt8(ascii: "."))
    }
}
