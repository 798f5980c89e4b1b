/// A sentence of a model without the marks that say where it is from: `[1]`, `[1, 3]`, `[2][4]`.
struct MarkedStatement: Equatable, Sendable {
    /// Without marks, white space at the ends, and markup of lists and emphasis.
    let text: String
    /// In the order of their first mark.
    let numbers: [Int]

    init(_ sentence: String) {
        var (text, numbers): ([UInt8], [Int]) = ([], [])
        let bytes = Array(sentence.utf8)
        var at = 0
        while at < bytes.count {
            if let (found, end) = Self.mark(in: bytes, from: at) {
                for number in found where !numbers.contains(number) { numbers.append(number) }
                while let last = text.last, StatementWord.isSpace(last) { text.removeLast() }
                at = end
            } else {
                text.append(bytes[at])
                at += 1
            }
        }
        self.text = Self.plain(String(decoding: text, as: UTF8.self))
        self.numbers = numbers
    }

    /// Numbers of one mark and where it ends; nil where none begins.
    private static func mark(in bytes: [UInt8], from start: Int) -> (numbers: [Int], end: Int)? {
        guard bytes[start] == UInt8(ascii: "["),
            let close = bytes[start...].prefix(24).firstIndex(of: UInt8(ascii: "]"))
        else { return nil }
        let parts = bytes[(start + 1)..<close].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part -> Int? in
            let digits = part.filter { !StatementWord.isSpace($0) }
            return digits.allSatisfy(StatementWord.isDigit) && (1...3).contains(digits.count)
                ? Int(String(decoding: digits, as: UTF8.self)) : nil
        }
        return numbers.count == parts.count ? (numbers, close + 1) : nil
    }

    private static func plain(_ text: String) -> String {
        var words = text.replacing("**", with: "").replacing("__", with: "").split(whereSeparator: \.isWhitespace)
        while let first = words.first, ["-", "*", "•", "#", "##", "###"].contains(first) { words.removeFirst() }
        return words.joined(separator: " ")
    }
}
