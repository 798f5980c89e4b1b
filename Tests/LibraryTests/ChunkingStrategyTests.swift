import Documents
import Encoder
import Kit
import TestKit
import TestLibrary
import Testing

@testable import Library

/// The rules that hold whatever the strategy, and what each is for.
@Suite struct ChunkingStrategyTests {
    private struct Cut {
        let parsed: ParsedDocument
        let tokens: [Token]
        let chunks: [Chunk]
        let note: Comment

        func count(_ range: Range<Int>) -> Int { tokens.count { range.contains($0.start) } }
        func words(_ number: Int) -> String { String(decoding: parsed.text[chunks[number].range], as: UTF8.self) }
    }

    /// Vectors by the words in a window: sentences with the same words have the same.
    private static let embed: WindowEmbedding = { windows in
        windows.map { ids in
            var vector = [Float](repeating: 0, count: 16)
            for id in ids { vector[Int(id) % 16] += 1 }
            let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return vector.map { $0 / max(length, 1) }
        }
    }

    private func cut(
        _ source: String, _ format: DocumentFormat, _ strategy: ChunkingStrategy, _ note: String = "",
        embed: WindowEmbedding = embed
    ) async throws -> Cut {
        let parsed = try DocumentParser.parse(SourceFile(bytes: Array(source.utf8), name: "x", format: format))
        let tokens = try LibraryWorld.encoder().tokens(of: parsed.text)
        var chunker = Chunker()
        chunker.strategy = strategy
        let chunks = try await chunker.chunks(of: parsed, tokens: tokens, embed: embed)
        return Cut(parsed: parsed, tokens: tokens, chunks: chunks, note: "\(strategy) \(note)")
    }

    @Test(arguments: ChunkingStrategy.allCases)
    func `random documents are cut by the rules`(strategy: ChunkingStrategy) async throws {
        let seed = Randomness.system.bytes(8).reduce(0) { $0 << 8 | UInt64($1) }
        print("chunking seed \(seed)")
        var writer = RandomDocument(seed: seed)
        for round in 0..<40 {
            let format: DocumentFormat = round.isMultiple(of: 4) ? .plain : .markdown
            let cut = try await cut(writer.markdown(), format, strategy, "seed \(seed), round \(round)")
            expectNothingLost(cut)
            expectBounded(cut)
            expectHeadingRule(cut)
            expectTableRule(cut)
            expectOverlap(cut, strategy)
        }
    }

    private func expectNothingLost(_ cut: Cut) {
        var covered = [Bool](repeating: false, count: cut.parsed.text.count)
        for chunk in cut.chunks { for place in chunk.range { covered[place] = true } }
        let lost = cut.parsed.text.indices.filter { !covered[$0] && cut.parsed.text[$0] > 0x20 }
        #expect(lost.isEmpty, cut.note)
        #expect(cut.chunks.map(\.ordinal) == Array(0..<cut.chunks.count), cut.note)
    }

    private func expectBounded(_ cut: Cut) {
        let text = cut.parsed.text
        for chunk in cut.chunks {
            #expect(!chunk.range.isEmpty && cut.count(chunk.range) <= 512, cut.note)
            let isWhole = [chunk.range.lowerBound, chunk.range.upperBound].allSatisfy {
                $0 == text.count || text[$0] & 0xc0 != 0x80
            }
            #expect(isWhole, "\(cut.note): inside a character")
        }
        for (left, right) in zip(cut.chunks, cut.chunks.dropFirst()) {
            #expect(left.range.lowerBound < right.range.lowerBound, cut.note)
            #expect(left.range.upperBound < right.range.upperBound, cut.note)
        }
    }

    /// Before a heading in a chunk stand only headings, and a chunk's path is that of the block that it begins in.
    private func expectHeadingRule(_ cut: Cut) {
        for chunk in cut.chunks {
            let blocks = cut.parsed.blocks.filter { $0.range.overlaps(chunk.range) }
            #expect(chunk.headings == blocks.first?.headings, cut.note)
            let isHeading = blocks.map { if case .heading = $0.kind { true } else { false } }
            #expect(!isHeading.drop { $0 }.contains(true), cut.note)
        }
    }

    /// A chunk begins and ends between rows, unless a row is too long for any; a later part knows the header.
    private func expectTableRule(_ cut: Cut) {
        for block in cut.parsed.blocks {
            guard let table = block.table else { continue }
            let rows = table.rows.map { $0[0].lowerBound..<$0[$0.count - 1].upperBound }
            let header = rows.prefix(table.headerRows).reduce(0) { $0 + cut.count($1) }
            for chunk in cut.chunks where chunk.range.overlaps(block.range) {
                for row in rows where row.overlaps(chunk.range) && cut.count(row) + header <= 512 {
                    #expect(row.clamped(to: chunk.range) == row, "\(cut.note): a row is cut")
                }
                guard chunk.range.lowerBound > block.range.lowerBound, header > 0, header <= 256 else { continue }
                guard chunk.range.lowerBound >= rows[table.headerRows - 1].upperBound else { continue }
                #expect(chunk.tableHeader == rows[0].lowerBound..<rows[table.headerRows - 1].upperBound, cut.note)
                #expect(cut.count(chunk.range.clamped(to: block.range)) + header <= 512, cut.note)
            }
        }
    }

    private func expectOverlap(_ cut: Cut, _ strategy: ChunkingStrategy) {
        for (left, right) in zip(cut.chunks, cut.chunks.dropFirst())
        where right.range.lowerBound < left.range.upperBound {
            #expect(strategy != .semantic, cut.note)
            #expect(cut.count(right.range.lowerBound..<left.range.upperBound) <= 50, cut.note)
        }
    }

    // MARK: What each is for

    private static let sentence = "The nurse on duty keeps the keys of the ward and hands them over at six. "

    @Test func `fixed windows are full and overlap by fifty`() async throws {
        let words = Array(repeating: "word", count: 1200).joined(separator: " ")
        let cut = try await cut(words, .plain, .fixed)
        #expect(cut.chunks.map { cut.count($0.range) } == [512, 512, 276])
        let paragraphs = (0..<20).map { _ in String(repeating: Self.sentence, count: 5) }.joined(separator: "\n\n")
        let prose = try await self.cut(paragraphs, .plain, .fixed)
        #expect(prose.chunks.dropLast().allSatisfy { prose.count($0.range) == 512 })
    }

    @Test func `recursive chunks end with a paragraph, else with a sentence, else with a word`() async throws {
        let paragraph = String(repeating: Self.sentence, count: 8).dropLast()
        let paragraphs = try await cut(
            Array(repeating: paragraph, count: 9).joined(separator: "\n\n"), .plain, .recursive)
        #expect(paragraphs.chunks.count > 1)
        let ends = Set(paragraphs.parsed.blocks.map(\.range.upperBound))
        #expect(paragraphs.chunks.allSatisfy { ends.contains($0.range.upperBound) })

        let long = try await cut(String(repeating: Self.sentence, count: 100), .plain, .recursive)
        #expect(long.chunks.count > 3)
        for number in long.chunks.indices {
            #expect(long.words(number).hasPrefix("The nurse") && long.words(number).hasSuffix("at six."))
        }
        let endless = try await cut(
            Array(repeating: "antidisestablishmentarianism", count: 600).joined(separator: " "), .plain, .recursive)
        for number in endless.chunks.indices {
            #expect(endless.words(number).hasPrefix("antidis") && endless.words(number).hasSuffix("arianism"))
        }
        let unspaced = try await cut(String(repeating: "\u{65e5}", count: 2000), .plain, .recursive)
        #expect(unspaced.chunks.count == 5)
    }

    @Test func `semantic chunks part where the subject changes`() async throws {
        let keys = Array(repeating: "Keys of the ward are kept by the nurse.", count: 20)
        let wine = Array(repeating: "Grapes ripen slowly under autumn sun.", count: 20)
        let source = (keys + wine + keys).joined(separator: " ")
        let cut = try await cut(source, .plain, .semantic)
        #expect(cut.chunks.count == 3)
        #expect(cut.words(0).hasSuffix("nurse.") && cut.words(1).hasPrefix("Grapes") && cut.words(2).hasPrefix("Keys"))
    }

    @Test func `with the encoder the subjects part too, and sections are never joined`() async throws {
        let leave = [
            "Annual leave is thirty days.", "Leave is requested from the head of the ward.",
            "Sick leave needs a certificate after three days.", "Unused leave expires in March.",
            "Parental leave is granted for up to three years.",
        ]
        let kitchen = [
            "The kitchen boils potatoes in salted water.", "Soup is served hot at noon.",
            "Vegetables are washed before they are cut.", "Bread is baked every morning.",
            "The cook tastes every dish before it leaves the stove.",
        ]
        let text = [leave + leave + leave + leave, kitchen + kitchen + kitchen + kitchen].joined()
        let cut = try await cut(
            text.joined(separator: " ") + "\n", .plain, .semantic, embed: try LibraryWorld.encoder().embed)
        #expect(
            cut.chunks.contains { chunk in
                String(decoding: cut.parsed.text[chunk.range.lowerBound...], as: UTF8.self).hasPrefix(
                    "The kitchen boils")
            })
        let sections = try await self.cut("# A\n\nOne.\n\n# B\n\nTwo.", .markdown, .semantic)
        #expect(sections.chunks.map(\.headings) == [[], []] && sections.chunks.count == 2)
    }

    @Test(arguments: ChunkingStrategy.allCases)
    func `a short document is one chunk`(strategy: ChunkingStrategy) async throws {
        let cut = try await cut("# A\n\n## B\n\nword\n\n| a |\n|-|\n| b |", .markdown, strategy)
        #expect(cut.chunks == [Chunk(ordinal: 0, range: 0..<cut.parsed.text.count, headings: [])])
    }

    @Test func `an encoder that fails ends the cutting`() async throws {
        await #expect(throws: EncoderFailure.closed) {
            _ = try await cut(Self.sentence, .plain, .semantic) { _ in throw EncoderFailure.closed }
        }
    }

    @Test(arguments: [
        ("One. Two! Three? Four", 4), ("Mr. J. Smith came. He left.", 3), ("It costs 1.50 euro e.g. here. So", 2),
        ("He said \"no.\" Then (he left.) End", 3), ("a\nb", 2), ("\u{65e5}\u{3002}\u{672c}\u{ff01}", 2), ("", 0),
        ("approx. ten. Done", 2), ("...", 1),
    ])
    func `sentences begin where one would say so`(text: String, count: Int) {
        let bytes = Array(text.utf8)
        let starts = SentenceStarts.inside(0..<bytes.count, of: bytes)
        #expect(starts.count + (bytes.isEmpty ? 0 : 1) == count, "\(text): \(starts)")
    }
}
