/// One word, number or sign of a statement, with its place.
struct StatementWord: Sendable {
    enum Kind: Sendable { case word, number, mixed, sign }

    let kind: Kind
    /// As it stands.
    let text: String
    /// Lower case.
    let folded: String
    /// UTF-8 byte offsets in the text it was cut from.
    let range: Range<Int>
    /// Nothing but white space is between it and the word before.
    let isApart: Bool

    var isCapitalised: Bool { text.unicodeScalars.first?.properties.isUppercase ?? false }

    /// Two capitals or more and no small letter: NHS, MRSA.
    var isAcronym: Bool {
        kind != .sign && text.utf8.count >= 2 && text == text.uppercased() && text != text.lowercased()
    }
}

extension StatementWord {
    /// Words are runs of letters, or of digits with `.` and `,` between them, or of both (`5mg`, `E12`); an apostrophe
    /// between letters belongs to the word. Signs that carry meaning stand alone; the rest separates.
    static func words(in text: ArraySlice<UInt8>) -> [StatementWord] {
        var words: [StatementWord] = []
        var (at, gapIsSpace) = (text.startIndex, true)
        while at < text.endIndex {
            if let end = runEnd(in: text, from: at) {
                words.append(StatementWord(text, at..<end, isApart: gapIsSpace))
                (at, gapIsSpace) = (end, true)
            } else if let end = signEnd(in: text, from: at) {
                words.append(StatementWord(sign: text, at..<end, isApart: gapIsSpace))
                (at, gapIsSpace) = (end, true)
            } else {
                if !isSpace(text[at]) { gapIsSpace = false }
                at += 1
            }
        }
        return words
    }

    private init(_ text: ArraySlice<UInt8>, _ range: Range<Int>, isApart: Bool) {
        let digits = text[range].count(where: Self.isDigit)
        let letters = text[range].count(where: Self.isLetter)
        kind = digits == 0 ? .word : letters == 0 ? .number : .mixed
        self.text = String(decoding: text[range], as: UTF8.self).replacing("\u{2019}", with: "'")
        folded = self.text.lowercased()
        self.range = range
        self.isApart = isApart
    }

    private init(sign text: ArraySlice<UInt8>, _ range: Range<Int>, isApart: Bool) {
        kind = .sign
        self.text = String(decoding: text[range], as: UTF8.self)
        folded = self.text
        self.range = range
        self.isApart = isApart
    }

    private static func runEnd(in text: ArraySlice<UInt8>, from start: Int) -> Int? {
        var end = start
        while end < text.endIndex {
            if isDigit(text[end]) || (isLetter(text[end]) && signEnd(in: text, from: end) == nil) {
                end += 1
            } else if end > start, let bytes = joiner(in: text, at: end) {
                end += bytes
            } else {
                break
            }
        }
        return end > start ? end : nil
    }

    /// Bytes of what joins its neighbours to one word: a point or comma between digits, an apostrophe between letters.
    private static func joiner(in text: ArraySlice<UInt8>, at index: Int) -> Int? {
        let bytes = text[index...].starts(with: [0xe2, 0x80, 0x99]) ? 3 : 1
        guard index + bytes < text.endIndex else { return nil }
        let (before, after) = (text[index - 1], text[index + bytes])
        if bytes == 3 || text[index] == UInt8(ascii: "'") { return isLetter(before) && isLetter(after) ? bytes : nil }
        let isPoint = text[index] == UInt8(ascii: ".") || text[index] == UInt8(ascii: ",")
        return isPoint && isDigit(before) && isDigit(after) ? 1 : nil
    }

    private static let signs: [[UInt8]] = ["%", "$", "€", "£", "°", "±", "<", ">", "≤", "≥", ":", "/"].map {
        Array($0.utf8)
    }
    private static let separators: [[UInt8]] = [
        "–", "—", "“", "”", "„", "«", "»", "…", "•", "·", "\u{a0}", "\u{202f}", "\u{2018}",
    ].map {
        Array($0.utf8)
    }

    private static func signEnd(in text: ArraySlice<UInt8>, from start: Int) -> Int? {
        if text[start] < 0x80 {
            return signs.contains([text[start]]) ? start + 1 : nil
        }
        let found = (signs + separators).first { $0.count > 1 && text[start...].starts(with: $0) }
        return found.map { start + $0.count }
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }
    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 97 < 26 || byte >= 0x80 }
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
}
