import Documents
import Encoder

/// A piece of a document: the unit of context and of citation (DESIGN 7.6).
package struct Chunk: Equatable, Sendable {
    package let ordinal: Int
    /// UTF-8 byte offsets in the normalised text.
    package let range: Range<Int>
    /// Heading path at the chunk's start.
    package let headings: [String]
    /// Where the header of the table stands in whose middle the chunk begins.
    package var tableHeader: Range<Int>?

    package init(ordinal: Int, range: Range<Int>, headings: [String], tableHeader: Range<Int>? = nil) {
        self.ordinal = ordinal
        self.range = range
        self.headings = headings
        self.tableHeader = tableHeader
    }
}

/// Structure-aware chunking: whole blocks are packed up to the target and never across a heading; a long table is cut
/// between its rows, and each piece knows the header; another block over the target is cut between tokens, with
/// overlap.
package struct Chunker: Hashable, Sendable {
    /// WordPiece tokens.
    package var tokensTarget = 512
    package var tokensOverlap = 50
    package var strategy = ChunkingStrategy.structure

    package init() {}

    /// `tokens` are of the whole text, in order. Every token lies in at least one chunk: nothing is dropped.
    package func chunks(of document: ParsedDocument, tokens: [Token]) -> [Chunk] {
        var packer = Packer(tokensTarget: tokensTarget)
        var cursor = TokenCursor(tokens)
        for block in document.blocks {
            let own = cursor.tokens(in: block.range)
            if own.count <= tokensTarget {
                packer.add(Piece(range: block.range, tokens: own.count), of: block)
                continue
            }
            packer.close()
            let pieces = block.table.map { rowPieces(of: $0, tokens: own) } ?? pieces(of: block.range, tokens: own)
            for piece in pieces { packer.add(piece, of: block) }
        }
        return packer.finish()
    }

    /// Cuts at token starts: `tokensTarget` tokens each, `tokensOverlap` of them repeated from the piece before.
    private func pieces(of range: Range<Int>, tokens: ArraySlice<Token>, tableHeader: Range<Int>? = nil) -> [Piece] {
        guard tokens.count > tokensTarget else {
            return [Piece(range: range, tokens: tokens.count, tableHeader: tableHeader)]
        }
        let starts = stride(
            from: tokens.startIndex, to: tokens.endIndex - tokensOverlap, by: tokensTarget - tokensOverlap)
        return starts.map { first in
            let end = min(first + tokensTarget, tokens.endIndex)
            let lower = first == tokens.startIndex ? range.lowerBound : tokens[first].start
            let upper = end == tokens.endIndex ? range.upperBound : tokens[end].start
            return Piece(range: lower..<upper, tokens: end - first, tableHeader: tableHeader)
        }
    }

    /// Whole rows, as many as fit beside the header. Only a row over the target is itself cut.
    private func rowPieces(of table: DocumentLayout.Table, tokens: ArraySlice<Token>) -> [Piece] {
        var cursor = TokenCursor(tokens)
        let rows = table.rows.map { row in
            let range = (row.first?.lowerBound ?? 0)..<(row.last?.upperBound ?? 0)
            return (range: range, tokens: cursor.tokens(in: range))
        }
        let header = rows.prefix(table.headerRows)
        let headerSize = header.reduce(0) { $0 + $1.tokens.count }
        // A header that leaves no room for rows is no header.
        let headerTokens = headerSize <= tokensTarget / 2 ? headerSize : 0
        let headerRange = rowsRange(header.map(\.range), isKept: headerTokens > 0)
        var done: [Piece] = []
        for (number, row) in rows.enumerated() {
            if let last = done.last, last.tokens + row.tokens.count + headerTokens <= tokensTarget {
                done[done.count - 1].extend(to: row.range.upperBound, tokens: row.tokens.count)
            } else {
                let known = number < table.headerRows ? nil : headerRange
                done += pieces(of: row.range, tokens: row.tokens, tableHeader: number == 0 ? nil : known)
            }
        }
        return done
    }
}

private func rowsRange(_ rows: [Range<Int>], isKept: Bool) -> Range<Int>? {
    guard isKept, let first = rows.first, let last = rows.last else { return nil }
    return first.lowerBound..<last.upperBound
}

/// Tokens in order, taken range by range.
private struct TokenCursor {
    private let tokens: ArraySlice<Token>
    private var next: Int

    init(_ tokens: [Token]) { self.init(tokens[...]) }

    init(_ tokens: ArraySlice<Token>) {
        self.tokens = tokens
        next = tokens.startIndex
    }

    /// Those that start in `range`. Ranges are asked for in order.
    mutating func tokens(in range: Range<Int>) -> ArraySlice<Token> {
        while next < tokens.endIndex, tokens[next].start < range.lowerBound { next += 1 }
        let first = next
        while next < tokens.endIndex, tokens[next].start < range.upperBound { next += 1 }
        return tokens[first..<next]
    }
}

private struct Piece {
    var range: Range<Int>
    var tokens: Int
    var tableHeader: Range<Int>?

    mutating func extend(to end: Int, tokens more: Int) {
        range = range.lowerBound..<end
        tokens += more
    }
}

/// Collects pieces into chunks.
private struct Packer {
    let tokensTarget: Int
    private var done: [Chunk] = []
    private var open: (piece: Piece, headings: [String], hasBody: Bool)?

    init(tokensTarget: Int) { self.tokensTarget = tokensTarget }

    mutating func add(_ piece: Piece, of block: DocumentLayout.Block) {
        let isHeading = if case .heading = block.kind { true } else { false }
        if let current = open, mustClose(current.piece, current.hasBody, before: piece, isHeading: isHeading) {
            close()
        }
        if var current = open {
            current.piece.extend(to: piece.range.upperBound, tokens: piece.tokens)
            open = (current.piece, current.headings, current.hasBody || !isHeading)
        } else {
            open = (piece, block.headings, !isHeading)
        }
    }

    /// A heading that follows a heading stays with it: what is above without words of its own says where it belongs.
    private func mustClose(_ current: Piece, _ hasBody: Bool, before piece: Piece, isHeading: Bool) -> Bool {
        current.tokens + piece.tokens > tokensTarget || piece.tableHeader != nil || (isHeading && hasBody)
    }

    mutating func close() {
        guard let current = open else { return }
        done.append(
            Chunk(
                ordinal: done.count, range: current.piece.range, headings: current.headings,
                tableHeader: current.piece.tableHeader))
        open = nil
    }

    mutating func finish() -> [Chunk] {
        close()
        return done
    }
}
