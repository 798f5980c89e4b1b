import Documents
import Library

/// Up to three neighbouring sentences, or a row of a table with its head: as much as one statement may rest on.
struct SupportWindow: Sendable {
    /// Of the evidence's text; more than one where a row stands apart from its head.
    let ranges: [Range<Int>]
    let facts: StatementFacts
    let text: [UInt8]
}

/// One piece of evidence, cut into windows once and asked many times.
struct SupportSource: Sendable {
    let evidence: Evidence
    let windows: [SupportWindow]
    /// Words of each sentence, lower case.
    let sentences: [[String]]
    /// Facts of the title and the headings above.
    let context: StatementFacts

    private static let sentencesMax = 3

    init(_ evidence: Evidence) {
        self.evidence = evidence
        let text = evidence.text
        context = StatementFacts(ArraySlice((evidence.headings + [evidence.title]).joined(separator: "\n").utf8))
        let sentences = SentenceSplitter.pieces(in: text, range: evidence.range)
        var windows: [SupportWindow] = []
        for first in sentences.indices {
            for last in first..<min(first + Self.sentencesMax, sentences.count) {
                windows.append(
                    SupportWindow(
                        [sentences[first].lowerBound..<sentences[last].upperBound], of: text)
                )
            }
        }
        for (head, row) in evidence.rows { windows.append(SupportWindow([head, row], of: text)) }
        self.windows = windows
        self.sentences = sentences.map { StatementWord.words(in: text[$0]).map(\.folded) }
    }
}

extension SupportWindow {
    init(_ ranges: [Range<Int>], of text: [UInt8]) {
        let joined = Array(ranges.map { text[$0] }.joined(separator: [UInt8(ascii: "\n")]))
        self.init(ranges: ranges, facts: StatementFacts(joined[...]), text: joined)
    }
}

extension Evidence {
    /// The rows of the tables within, each with the head of its table.
    fileprivate var rows: [(head: Range<Int>, row: Range<Int>)] {
        tables.flatMap { table -> [(Range<Int>, Range<Int>)] in
            let ranges = table.rows.compactMap { row -> Range<Int>? in
                guard let first = row.first, let last = row.last else { return nil }
                return first.lowerBound..<max(last.upperBound, first.lowerBound)
            }
            guard table.headerRows > 0, ranges.count > table.headerRows else { return [] }
            let head = ranges[0].lowerBound..<ranges[table.headerRows - 1].upperBound
            return ranges.dropFirst(table.headerRows).filter { range.contains($0.lowerBound) }.map { (head, $0) }
        }
    }
}
