import Documents

/// What can be quoted: one sentence, one item of a list or one row of a table; and the words that it is read under.
///
/// "It lasts sixteen weeks" answers only under "Parental leave", and "6 g" only under "Highest daily dose": so a unit
/// is compared with the question as a person reads it, with title, headings and the heads of its columns before it.
struct ReadingUnit: Sendable, Equatable {
    /// UTF-8 byte offsets in the text of its document.
    let range: Range<Int>
    /// As it is read.
    let text: String

    /// All of a piece of evidence, in its order. Headings answer nothing and are left out.
    static func units(in evidence: Evidence) -> [ReadingUnit] {
        guard !evidence.blocks.isEmpty else {
            return sentences(in: evidence.range, under: nil, evidence.headings, evidence)
        }
        var lead: String?
        return evidence.blocks.flatMap { block -> [ReadingUnit] in
            switch block.kind {
            case .heading: return []
            case .table:
                return block.table.map { rows(of: $0, in: block, evidence) } ?? []
            case .paragraph, .listItem, .code:
                let units = sentences(
                    in: block.range, under: block.kind == .listItem ? lead : nil, block.headings, evidence)
                if block.kind == .paragraph { lead = evidence.lead(of: block.range) }
                return units
            }
        }
    }

    private static func sentences(
        in range: Range<Int>, under lead: String?, _ headings: [String], _ evidence: Evidence
    ) -> [ReadingUnit] {
        let above = [evidence.path(headings), lead].compactMap(\.self).joined(separator: " ")
        return SentenceSplitter.pieces(in: evidence.text, range: range.clamped(to: evidence.range)).filter {
            $0.count <= SentenceSplitter.bytesMax
        }.map { ReadingUnit(range: $0, text: above + " " + evidence.words($0)) }
    }

    /// "Medicine: Meropenem; Highest daily dose: 6 g".
    private static func rows(
        of table: DocumentLayout.Table, in block: DocumentLayout.Block, _ evidence: Evidence
    ) -> [ReadingUnit] {
        let heads = table.headerRows > 0 ? table.rows.first?.map(evidence.words) ?? [] : []
        let above = evidence.path(block.headings)
        return table.rows.dropFirst(table.headerRows).compactMap { row in
            guard let first = row.first, let last = row.last, first.lowerBound < last.upperBound,
                evidence.range.overlaps(first.lowerBound..<last.upperBound),
                last.upperBound - first.lowerBound <= SentenceSplitter.bytesMax
            else { return nil }
            let cells = row.enumerated().compactMap { column, cell -> String? in
                let text = evidence.words(cell)
                if text.isEmpty || text == "-" { return nil }
                return column < heads.count && !heads[column].isEmpty ? "\(heads[column]): \(text)" : text
            }
            guard !cells.isEmpty else { return nil }
            return ReadingUnit(
                range: first.lowerBound..<last.upperBound, text: above + " " + cells.joined(separator: "; "))
        }
    }
}

extension Evidence {
    fileprivate func words(_ range: Range<Int>) -> String {
        String(decoding: text[range], as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// "Formulary > Antibiotics:".
    fileprivate func path(_ headings: [String]) -> String {
        let title = title.utf8.count <= Self.titleBytesMax ? [title] : []
        return (title + headings.filter { $0 != self.title }).joined(separator: " > ") + ":"
    }

    private static let titleBytesMax = 120

    /// The last sentence of what ends with a colon: it belongs to each item of the list below.
    fileprivate func lead(of range: Range<Int>) -> String? {
        let end = range.reversed().first { !StatementWord.isSpace(text[$0]) }
        guard let end, text[end] == UInt8(ascii: ":") else { return nil }
        let start = max(range.lowerBound, end - SentenceSplitter.bytesMax)
        return SentenceSplitter.pieces(in: text, range: start..<end + 1).last.map(words)
    }
}
