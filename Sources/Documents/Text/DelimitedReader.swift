/// Rows of a delimited text, one at a time (RFC 4180), in linear time whatever the text holds.
///
/// A quoted cell may hold delimiters, line ends and doubled quotes. A quote that is never closed is a letter like any
/// other, and so are all after it: else a stray one would swallow the rest of the file.
struct DelimitedReader {
    /// What stands after so many cells of a row is one cell.
    static let cellsMax = 2_000
    private static let quote = UInt8(ascii: "\"")

    private let text: [UInt8]
    private let delimiter: UInt8
    private var offset = 0
    /// A quote was not closed.
    private(set) var isRepaired = false

    /// `text` has line ends LF.
    init(_ text: [UInt8], delimiter: UInt8) {
        self.text = text
        self.delimiter = delimiter
    }

    /// Nil at the end. A line without any text is a row of one empty cell.
    mutating func next() -> [[UInt8]]? {
        guard offset < text.count else { return nil }
        var row: [[UInt8]] = []
        while true {
            row.append(row.count < Self.cellsMax - 1 ? cell() : restOfLine())
            let isLast = offset >= text.count || text[offset] == 0x0a
            offset += 1
            if isLast { return row }
        }
    }

    private mutating func restOfLine() -> [UInt8] {
        take { $0 != 0x0a }.map { $0 == delimiter ? 0x20 : $0 }
    }

    private mutating func cell() -> [UInt8] {
        let start = offset
        // Blanks before an opening quote are common, though the RFC does not allow them.
        _ = take { $0 == 0x20 }
        if !isRepaired, offset < text.count, text[offset] == Self.quote, let quoted = quotedCell() { return quoted }
        offset = start
        let delimiter = delimiter
        return Array(take { $0 != delimiter && $0 != 0x0a })
    }

    /// Nil when the quote at `offset` is never closed.
    private mutating func quotedCell() -> [UInt8]? {
        var cell: [UInt8] = []
        offset += 1
        while true {
            cell += take { $0 != Self.quote }
            guard offset < text.count else {
                isRepaired = true
                return nil
            }
            offset += 1
            guard offset < text.count, text[offset] == Self.quote else { break }
            cell.append(Self.quote)
            offset += 1
        }
        let delimiter = delimiter
        return cell + take { $0 != delimiter && $0 != 0x0a }
    }

    private mutating func take(while isTaken: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let start = offset
        while offset < text.count, isTaken(text[offset]) { offset += 1 }
        return text[start..<offset]
    }
}

/// Which byte stands between the cells.
enum DelimiterGuess {
    private static let candidates: [UInt8] = [0x2c, 0x3b, 0x09, 0x7c]
    private static let sampleBytesMax = 64 << 10
    private static let sampleRowsMax = 100

    /// From a first line like `sep=;`, which spreadsheets write; the line is removed.
    static func declared(at text: inout [UInt8]) -> UInt8? {
        guard text.starts(with: "sep=".utf8), text.count > 5, text[5] == 0x0a else { return nil }
        let delimiter = text[4]
        text.removeFirst(6)
        return delimiter
    }

    /// The one that gives most rows the same number of cells; among equals the usual one, then the order of candidates.
    static func guess(_ text: [UInt8], usual: UInt8) -> UInt8 {
        let isCut = text.count > sampleBytesMax
        let sample = Array(text.prefix(sampleBytesMax))
        var best = (delimiter: usual, score: 0.0)
        for delimiter in [usual] + candidates.filter({ $0 != usual }) {
            let score = evenness(sample, delimiter, isCut: isCut)
            // A little better is chance: text in cells has commas too.
            if score > best.score + 0.05 { best = (delimiter, score) }
        }
        return best.delimiter
    }

    /// The share of rows that have the most frequent number of cells; 0 when that is one cell.
    private static func evenness(_ sample: [UInt8], _ delimiter: UInt8, isCut: Bool) -> Double {
        var reader = DelimitedReader(sample, delimiter: delimiter)
        var counts: [Int] = []
        while counts.count < sampleRowsMax, let row = reader.next() {
            if row.count > 1 || row[0].contains(where: { $0 > 0x20 }) { counts.append(row.count) }
        }
        if isCut, counts.count > 1, counts.count < sampleRowsMax { counts.removeLast() }
        let frequencies = Dictionary(counts.map { ($0, 1) }, uniquingKeysWith: +)
        let most = frequencies.max { ($0.value, $0.key) < ($1.value, $1.key) }
        guard let most, most.key > 1 else { return 0 }
        return Double(most.value) / Double(counts.count)
    }
}
