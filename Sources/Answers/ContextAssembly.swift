import Documents
import Encoder
import Kit
import Library
import Search

/// Passages as found -> numbered evidence as read: neighbours of one text are one piece, tables are whole, and all
/// of it fits a budget of tokens.
///
/// What says nearly the same was folded before, but never where numbers differ: what contradicts stays side by side.
struct ContextAssembly: Sendable {
    let encoder: Encoder
    let tokensMax: Int

    func evidence(from passages: [Passage]) -> [Evidence] {
        var pieces: [Piece] = []
        for passage in passages {
            let range = Self.whole(passage.hit.start..<passage.hit.end, in: passage.source)
            let neighbour = pieces.firstIndex { $0.touches(range, of: passage.source) }
            if let neighbour { pieces[neighbour].join(range) } else { pieces.append(Piece(passage, range)) }
        }
        return fitting(pieces).enumerated().map { $1.evidence(number: $0 + 1) }
    }

    /// Grown to the ends of the tables that it cuts.
    private static func whole(_ range: Range<Int>, in source: DocumentText) -> Range<Int> {
        source.layout.blocks.filter { $0.kind == .table && $0.range.overlaps(range) && $0.range.count <= tableBytesMax }
            .reduce(range) { min($0.lowerBound, $1.range.lowerBound)..<max($0.upperBound, $1.range.upperBound) }
    }

    private static let tableBytesMax = 16_384

    /// The first piece always; then as many as the budget allows, in their order.
    private func fitting(_ pieces: [Piece]) -> [Piece] {
        var left = tokensMax
        return pieces.enumerated().filter { index, piece in
            let tokens = encoder.tokenCount(of: Array(piece.passage.source.text[piece.range]))
            guard index == 0 || tokens <= left else { return false }
            left -= tokens
            return true
        }.map(\.element)
    }

    private struct Piece {
        let passage: Passage
        var range: Range<Int>

        init(_ passage: Passage, _ range: Range<Int>) { (self.passage, self.range) = (passage, range) }

        /// Overlaps, or only white space is between.
        func touches(_ other: Range<Int>, of source: DocumentText) -> Bool {
            guard source.version == passage.source.version else { return false }
            if range.overlaps(other) { return true }
            let gap = min(range.upperBound, other.upperBound)..<max(range.lowerBound, other.lowerBound)
            return gap.count <= 8 && source.text[gap].allSatisfy(StatementWord.isSpace)
        }

        mutating func join(_ other: Range<Int>) {
            range = min(range.lowerBound, other.lowerBound)..<max(range.upperBound, other.upperBound)
        }

        func evidence(number: Int) -> Evidence {
            let source = passage.source
            return Evidence(
                number: number, collection: source.document.collection, document: source.document.id,
                version: source.version, title: source.document.title ?? source.document.path,
                headings: source.layout.headings(at: range.lowerBound), text: source.text, range: range,
                blocks: source.layout.blocks.filter { $0.range.overlaps(range) })
        }
    }
}
