import TestKit
import Testing

@testable import Documents

@Suite struct DocumentWriterTests {
    private func document(_ limits: ParseLimits = ParseLimits(), _ write: (inout DocumentWriter) -> Void) throws
        -> ParsedDocument
    {
        var writer = DocumentWriter(limits: limits)
        write(&writer)
        let (text, layout) = try writer.finished()
        return ParsedDocument(title: "", text: text, layout: layout, parser: "")
    }

    @Test func `invisible characters and controls are gone, spaces are one`() throws {
        let parsed = try document {
            $0.paragraph("  a\u{0}\u{1b}\u{ad}b \u{a0}\t\n c\u{200b}\u{202e}d \u{3000} e\u{feff}\u{85}f\u{e0041} ")
            $0.code([Inline("  x\u{a0}y\r\n\tz\n\n")])
            $0.lines([Inline("a  b \n  c\n\n\n\nd")])
        }
        #expect(String(decoding: parsed.text, as: UTF8.self) == "ab cd e f\n\n  x y \n\tz\n\na b\nc\n\nd")
    }

    @Test func `words keep their boxes through cleaning`() throws {
        let box = DocumentLayout.Box(left: 1, top: 2, right: 3, bottom: 4)
        let parsed = try document {
            $0.beginPage(1, width: 595, height: 842)
            $0.paragraph([
                Inline(Array(" \u{ad}one ".utf8), box: box), Inline(" "), Inline(Array("t\u{200b}wo".utf8), box: box),
            ])
            $0.paragraph([Inline(Array(" \u{200b}".utf8), box: box)])
        }
        let words = parsed.layout.words.map {
            String(decoding: parsed.text[Int($0.start)..<Int($0.end)], as: UTF8.self)
        }
        #expect(words == ["one", "two"])
        #expect(parsed.layout.pages == [DocumentLayout.Page(number: 1, width: 595, height: 842, range: 0..<7)])
    }

    @Test func `a table keeps its cells and loses empty rows`() throws {
        let parsed = try document {
            $0.paragraph("before")
            $0.table([[[Inline("a")], []], [[], []], [[Inline("b\nc")], [Inline("d")]]], headerRows: 1)
            $0.table([[[]], []], headerRows: 1)
            $0.paragraph("after")
        }
        #expect(String(decoding: parsed.text, as: UTF8.self) == "before\n\na | \nb c | d\n\nafter")
        let table = try #require(parsed.blocks[1].table)
        #expect(table.headerRows == 1)
        #expect(
            table.rows.map { $0.map { String(decoding: parsed.text[$0], as: UTF8.self) } } == [
                ["a", ""], ["b c", "d"],
            ])
    }

    @Test func `limits end the writing with their reason`() {
        var limits = ParseLimits()
        (limits.textBytesMax, limits.blocksMax, limits.pagesMax) = (100, 3, 2)
        #expect(throws: ParseFailure.textTooLong) {
            try document(limits) { $0.paragraph(String(repeating: "x", count: 101)) }
        }
        #expect(throws: ParseFailure.tooManyBlocks) {
            try document(limits) { writer in (0..<4).forEach { _ in writer.paragraph("x") } }
        }
        #expect(throws: ParseFailure.tooManyPages) {
            try document(limits) { writer in (1...4).forEach { writer.beginPage($0, width: 1, height: 1) } }
        }
        #expect(throws: ParseFailure.noText) { try document { $0.paragraph(" ") } }
    }

    @Test(arguments: 0..<20)
    func `a layout comes back from its bytes, and damaged bytes do no harm`(round: UInt64) throws {
        var generator = SeededGenerator(seed: round)
        let parsed = try document { writer in
            for number in 1...Int.random(in: 1...30, using: &generator) {
                switch Int.random(in: 0..<6, using: &generator) {
                case 0: writer.heading("Höhe \(number)", level: .random(in: -1...12, using: &generator))
                case 1: writer.listItem([Inline("item")])
                case 2: writer.code([Inline("code\n code")])
                case 3: writer.table([[[Inline("a")], [Inline("é")]], [[], [Inline("c")]]], headerRows: 1)
                case 4: writer.beginPage(number, width: 100, height: .nan)
                default:
                    let box = DocumentLayout.Box(left: .infinity, top: -5, right: 7, bottom: 1e9)
                    writer.paragraph([Inline(Array("wörd".utf8), box: box)])
                }
            }
            writer.paragraph("end")
        }
        let bytes = LayoutCodec.encode(parsed.layout)
        #expect(try LayoutCodec.decode(bytes, of: parsed.text) == parsed.layout)
        for _ in 0..<200 {
            var damaged = bytes
            damaged[.random(in: 0..<damaged.count, using: &generator)] = .random(in: 0...255, using: &generator)
            guard let layout = try? LayoutCodec.decode(damaged, of: parsed.text) else { continue }
            #expect(layout.blocks.allSatisfy { $0.range.upperBound <= parsed.text.count })
        }
        #expect(throws: LayoutCodec.Failure.self) { try LayoutCodec.decode(Array(bytes.dropLast()), of: parsed.text) }
    }

    @Test func `a layout carries the language; one of before languages were known still comes back`() throws {
        var layout = try document { $0.paragraph("word") }.layout
        let text = Array("word".utf8)
        for language in ["de", "yue", nil] {
            layout.language = language
            #expect(try LayoutCodec.decode(LayoutCodec.encode(layout), of: text) == layout)
        }
        let bytes = LayoutCodec.encode(layout)
        #expect(bytes[0] == 2 && bytes[1] == 0)
        #expect(try LayoutCodec.decode([1] + bytes.dropFirst(2), of: text) == layout)
        for letters in ["d", "DE", "d\u{e9}", "long"] {
            let forged = [2, UInt8(letters.utf8.count)] + Array(letters.utf8) + bytes.dropFirst(2)
            #expect(throws: LayoutCodec.Failure.self) { try LayoutCodec.decode(forged, of: text) }
        }
    }
}
