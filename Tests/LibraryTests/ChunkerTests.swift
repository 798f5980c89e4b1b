import Documents
import Encoder
import Kit
import TestKit
import TestLibrary
import Testing

@testable import Library

/// With the tokenizer of the product, since chunks are measured in its tokens.
@Suite struct ChunkerTests {
    /// What is read off a document and its chunks.
    private struct Cut {
        let parsed: ParsedDocument
        let tokens: [Token]
        let chunks: [Chunk]
        let note: Comment

        func tokens(in range: Range<Int>) -> [Token] { tokens.filter { range.contains($0.start) } }
    }

    private func chunked(_ source: String, as format: DocumentFormat, _ note: Comment) throws -> Cut {
        let parsed = try DocumentParser.parse(SourceFile(bytes: Array(source.utf8), name: "x", format: format))
        let tokens = try LibraryWorld.encoder().tokens(of: parsed.text)
        return Cut(parsed: parsed, tokens: tokens, chunks: Chunker().chunks(of: parsed, tokens: tokens), note: note)
    }

    @Test func `random documents are cut by the rules`() throws {
        let seed = Randomness.system.bytes(8).reduce(0) { $0 << 8 | UInt64($1) }
        print("chunker seed \(seed)")
        var writer = RandomDocument(seed: seed)
        for round in 0..<60 {
            let source = writer.markdown()
            let format: DocumentFormat = round.isMultiple(of: 3) ? .plain : .markdown
            let cut = try chunked(source, as: format, "seed \(seed), round \(round)")
            expectCovered(cut)
            expectBounded(cut)
            expectOverlapOnlyInCutBlocks(cut)
            expectHeadingsFirst(cut)
        }
    }

    /// Nothing that the encoder could read is left out.
    private func expectCovered(_ cut: Cut) {
        let ordinals = cut.chunks.map(\.ordinal)
        #expect(ordinals == Array(0..<cut.chunks.count), cut.note)
        for block in cut.parsed.blocks {
            let lost = cut.tokens(in: block.range).filter { token in
                !cut.chunks.contains { $0.range.lowerBound <= token.start && token.end <= $0.range.upperBound }
            }
            #expect(lost.isEmpty, cut.note)
        }
    }

    private func expectBounded(_ cut: Cut) {
        for chunk in cut.chunks {
            #expect(cut.tokens(in: chunk.range).count <= 512, cut.note)
            #expect(!chunk.range.isEmpty && chunk.range.upperBound <= cut.parsed.text.count, cut.note)
            #expect(cut.parsed.text[chunk.range.lowerBound] & 0xc0 != 0x80, "\(cut.note): inside a character")
        }
    }

    private func expectOverlapOnlyInCutBlocks(_ cut: Cut) {
        for (left, right) in zip(cut.chunks, cut.chunks.dropFirst()) {
            #expect(left.range.lowerBound < right.range.lowerBound, cut.note)
            #expect(left.range.upperBound <= right.range.upperBound, cut.note)
            guard right.range.lowerBound < left.range.upperBound else { continue }
            let shared = right.range.lowerBound..<left.range.upperBound
            let block = cut.parsed.blocks.first { $0.range.contains(shared.lowerBound) }
            #expect(block.map { shared.upperBound <= $0.range.upperBound } == true, cut.note)
            #expect(block.map { cut.tokens(in: $0.range).count > 512 } == true, cut.note)
            #expect(cut.tokens(in: shared).count == 50, cut.note)
        }
    }

    /// Before a heading inside a chunk stand only headings; a chunk's path is that of its first block.
    private func expectHeadingsFirst(_ cut: Cut) {
        for chunk in cut.chunks {
            let first = cut.parsed.blocks.first { $0.range.overlaps(chunk.range) }
            #expect(chunk.headings == first?.headings, cut.note)
            for block in cut.parsed.blocks where chunk.range.contains(block.range.lowerBound) {
                guard case .heading = block.kind, block.range.lowerBound > chunk.range.lowerBound else { continue }
                let before = chunk.range.lowerBound..<block.range.lowerBound
                let above = cut.parsed.blocks.filter { $0.range.overlaps(before) }
                #expect(above.allSatisfy { if case .heading = $0.kind { true } else { false } }, cut.note)
            }
        }
    }

    @Test func `a short document is one chunk, and a section never runs into the next`() throws {
        let short = try chunked("# A\n\n## B\n\nword\n\nword", as: .markdown, "short")
        #expect(short.chunks == [Chunk(ordinal: 0, range: 0..<short.parsed.text.count, headings: [])])
        let sections = try chunked("# A\n\nword\n\n## B\n\nword", as: .markdown, "sections")
        #expect(sections.chunks.map(\.headings) == [[], ["A"]])
    }

    @Test func `a long table is cut between rows, and each piece knows the header`() throws {
        let rows = (1...200).map { "| item \($0) | costs \($0) euro |" }.joined(separator: "\n")
        let cut = try chunked("# Prices\n\n| Name | Price |\n|---|---|\n\(rows)\n\nAfter.", as: .markdown, "table")
        expectCovered(cut)
        expectBounded(cut)
        let table = try #require(cut.parsed.blocks.first { $0.table != nil })
        let pieces = cut.chunks.filter { table.range.overlaps($0.range) }
        #expect(pieces.count == 3)
        for piece in pieces.dropFirst() {
            let header = try #require(piece.tableHeader)
            #expect(String(decoding: cut.parsed.text[header], as: UTF8.self) == "Name | Price")
            #expect(table.table?.rows.contains { $0.first?.lowerBound == piece.range.lowerBound } == true)
            #expect(cut.tokens(in: header).count + cut.tokens(in: piece.range.clamped(to: table.range)).count <= 512)
            let context = String(decoding: cut.parsed.context(of: piece), as: UTF8.self)
            #expect(context == "Prices\nName | Price\n")
        }
    }

    @Test func `a header as long as the table is no header`() throws {
        let name = Array(repeating: "word", count: 400).joined(separator: " ")
        let cut = try chunked("| \(name) |\n|---|\n| \(name) |\n| b |", as: .markdown, "wide")
        expectCovered(cut)
        expectBounded(cut)
        #expect(cut.chunks.allSatisfy { $0.tableHeader == nil })
    }

    @Test func `a block at the target is whole and one over it is cut`() throws {
        let whole = try chunked(Array(repeating: "word", count: 512).joined(separator: " "), as: .plain, "whole")
        #expect(whole.chunks.count == 1)
        let over = try chunked(Array(repeating: "word", count: 513).joined(separator: " "), as: .plain, "over")
        #expect(over.chunks.map { over.tokens(in: $0.range).count } == [512, 51])
    }

    @Test func `text without a space is cut too`() throws {
        let cut = try chunked(String(repeating: "\u{65e5}", count: 2000), as: .plain, "no space")
        expectCovered(cut)
        expectBounded(cut)
        #expect(cut.chunks.count == 5)
    }
}
