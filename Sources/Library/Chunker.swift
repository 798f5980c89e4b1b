import Encoder

/// A piece of a document: the unit of context and of citation (DESIGN 7.6).
package struct Chunk: Equatable, Sendable {
    package let ordinal: Int
    /// UTF-8 byte offsets in the normalised text.
    package let range: Range<Int>
    /// Heading path at the chunk's start.
    package let headings: [String]
}

/// Structure-aware chunking: whole blocks are packed up to the target; a new section starts a new chunk once the
/// current one is at least a quarter full; a block over the target is cut between tokens, with overlap.
package struct Chunker: Sendable {
    /// WordPiece tokens.
    package var tokensTarget = 512
    package var tokensOverlap = 50

    package init() {}

    /// `tokens` are of the whole text, in order. Every token lies in at least one chunk: nothing is dropped.
    package func chunks(of document: ParsedDocument, tokens: [Token]) -> [Chunk] {
        var packer = Packer(tokensTarget: tokensTarget)
        var cursor = 0
        for block in document.blocks {
            let first = advance(cursor, in: tokens, to: block.range.lowerBound)
            cursor = advance(first, in: tokens, to: block.range.upperBound)
            if cursor - first > tokensTarget {
                packer.close()
                for piece in pieces(of: block.range, tokens: tokens[first..<cursor]) { packer.add(piece, of: block) }
            } else {
                packer.add(Piece(range: block.range, tokens: cursor - first), of: block)
            }
        }
        return packer.finish()
    }

    private func advance(_ cursor: Int, in tokens: [Token], to offset: Int) -> Int {
        var cursor = cursor
        while cursor < tokens.count, tokens[cursor].start < offset { cursor += 1 }
        return cursor
    }

    /// Cuts at token starts: `tokensTarget` tokens each, `tokensOverlap` of them repeated from the piece before.
    private func pieces(of range: Range<Int>, tokens: ArraySlice<Token>) -> [Piece] {
        stride(from: tokens.startIndex, to: tokens.endIndex - tokensOverlap, by: tokensTarget - tokensOverlap).map {
            first in
            let end = min(first + tokensTarget, tokens.endIndex)
            let lower = first == tokens.startIndex ? range.lowerBound : tokens[first].start
            let upper = end == tokens.endIndex ? range.upperBound : tokens[end].start
            return Piece(range: lower..<upper, tokens: end - first)
        }
    }
}

private struct Piece {
    let range: Range<Int>
    let tokens: Int
}

/// Collects pieces into chunks.
private struct Packer {
    let tokensTarget: Int
    private var done: [Chunk] = []
    private var open: (range: Range<Int>, headings: [String], tokens: Int)?

    init(tokensTarget: Int) { self.tokensTarget = tokensTarget }

    mutating func add(_ piece: Piece, of block: ParsedDocument.Block) {
        if let current = open, mustClose(current.tokens, before: piece, block) { close() }
        if let current = open {
            open = (current.range.lowerBound..<piece.range.upperBound, current.headings, current.tokens + piece.tokens)
        } else {
            open = (piece.range, block.headings, piece.tokens)
        }
    }

    private func mustClose(_ tokens: Int, before piece: Piece, _ block: ParsedDocument.Block) -> Bool {
        if tokens + piece.tokens > tokensTarget { return true }
        guard case .heading = block.kind else { return false }
        return tokens >= tokensTarget / 4
    }

    mutating func close() {
        guard let current = open else { return }
        done.append(Chunk(ordinal: done.count, range: current.range, headings: current.headings))
        open = nil
    }

    mutating func finish() -> [Chunk] {
        close()
        return done
    }
}
