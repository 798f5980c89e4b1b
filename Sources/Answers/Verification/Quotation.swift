/// What is said word for word: compared with white space folded and nothing else.
enum Quotation {
    /// The place where whole sentences of the source are exactly `text`.
    static func whole(_ text: String, in source: SupportSource) -> Range<Int>? {
        let wanted = folded(ArraySlice(unquoted(text).utf8))
        guard !wanted.isEmpty else { return nil }
        return source.windows.first { $0.ranges.count == 1 && folded($0.text[...]) == wanted }?.ranges[0]
    }

    /// Whether every passage in quotation marks stands so within one window of the sources. Marks that do not come in
    /// pairs, or stand within each other, could frame anything.
    static func quotesAreWhole(in text: String, of sources: [SupportSource]) -> Bool {
        arePaired(text)
            && quotes(in: text).allSatisfy { quote in
                let wanted = folded(ArraySlice(quote.utf8))
                return sources.contains { source in source.windows.contains { contains(folded($0.text[...]), wanted) } }
            }
    }

    /// Whether `text` is the beginning of one sentence and the end of another, word for word. Whole sentences may
    /// follow each other; halves that never stood together are nobody's statement.
    static func isStitched(_ text: String, from sources: [SupportSource]) -> Bool {
        let said = StatementWord.words(in: ArraySlice(text.utf8)).map(\.folded).filter { !joints.contains($0) }
        guard said.count >= 2 * runMin else { return false }
        let sentences = sources.flatMap(\.sentences)
        if sentences.contains(where: { run(of: said, in: $0).length == said.count }) { return false }
        let head = sentences.map { run(of: said, in: $0) }.max { $0.length < $1.length }
        let back = Array(said.reversed())
        let tail = sentences.map { run(of: back, in: $0.reversed()) }.max { $0.length < $1.length }
        guard let head, let tail, head.length >= runMin, tail.length >= runMin,
            head.length + tail.length >= said.count
        else { return false }
        return !head.reachesEnd || !tail.reachesEnd
    }

    /// Words that a sentence and a statement share before it is called word for word.
    private static let runMin = 4
    private static let joints: Set<String> = ["and", "but", "while", "whereas", "or", "because", "so", ":"]

    /// The longest beginning of `said` that stands together in `sentence`, and whether the sentence ends with it.
    private static func run(of said: [String], in sentence: [String]) -> (length: Int, reachesEnd: Bool) {
        let sentence = sentence.filter { !joints.contains($0) }
        var best = (length: 0, reachesEnd: false)
        for start in sentence.indices {
            let length = zip(said, sentence[start...]).prefix { $0 == $1 }.count
            let reachesEnd = start + length == sentence.count
            if length > best.length || length == best.length && reachesEnd { best = (length, reachesEnd) }
        }
        return best
    }

    /// Whether the plain marks open before a word and close after one, in turn.
    private static func arePaired(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var isOpen = false
        for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "\"") {
            let side = isOpen ? index - 1 : index + 1
            guard bytes.indices.contains(side), !StatementWord.isSpace(bytes[side]) else { return false }
            isOpen.toggle()
        }
        return !isOpen
    }

    /// What stands between quotation marks and is long enough to be somebody's words.
    static func quotes(in text: String) -> [String] {
        var (found, open): ([String], String?) = ([], nil)
        for scalar in text.unicodeScalars {
            if let current = open {
                if "\"\u{201d}\u{201c}\u{00bb}".unicodeScalars.contains(scalar) {
                    found.append(current)
                    open = nil
                } else {
                    open?.unicodeScalars.append(scalar)
                }
            } else if "\"\u{201c}\u{201e}\u{00ab}".unicodeScalars.contains(scalar) {
                open = ""
            }
        }
        return found.filter { $0.split(whereSeparator: \.isWhitespace).count > 1 }
    }

    private static func unquoted(_ text: String) -> String {
        let quotes = quotes(in: text)
        return quotes.count == 1 && quotes[0].utf8.count + 8 >= text.utf8.count ? quotes[0] : text
    }

    /// White space as one space, without the stop at the end.
    private static func folded(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var folded: [UInt8] = []
        for byte in text {
            if !StatementWord.isSpace(byte) {
                folded.append(byte)
            } else if let last = folded.last, last != 0x20 {
                folded.append(0x20)
            }
        }
        while let last = folded.last, last == 0x20 || ".,;".utf8.contains(last) { folded.removeLast() }
        return folded
    }

    private static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        guard !part.isEmpty, part.count <= text.count else { return part.isEmpty }
        return (0...(text.count - part.count)).contains { start in
            text[start] == part[0] && text[start..<(start + part.count)].elementsEqual(part)
        }
    }
}
