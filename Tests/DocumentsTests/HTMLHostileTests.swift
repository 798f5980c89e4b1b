import TestKit
import Testing

@testable import Documents

/// Pages made to do harm: they end soon, with text or a reason.
@Suite struct HTMLHostileTests {
    private func parse(_ source: String) throws -> ParsedDocument {
        try DocumentParser.parse(SourceFile(bytes: Array(source.utf8), name: "x.html", format: .html))
    }

    /// Each grows with the square of its size in libxml2 2.9, or did in some browser.
    private static let shapes: [@Sendable (Int) -> String] = [
        { String(repeating: "<b>", count: $0) + String(repeating: "</i>", count: $0) + "word" },
        { String(repeating: "<b>x</i>", count: $0) + "word" }, { String(repeating: "<x-y>", count: $0) + "word" },
        { "<p " + (0..<$0).map { "a\($0) " }.joined() + ">word" },
        { String(repeating: "<p style=''", count: $0) + ">word" },
        { String(repeating: "<table>", count: $0) + "word" },
        { String(repeating: "<table><tr><td>", count: $0) + "word" },
        { String(repeating: "<ul><li>", count: $0) + "word" },
        { "word" + String(repeating: "<script></scrip>", count: $0) },
        { String(repeating: "<div>", count: $0) + "word" + String(repeating: "</p></li></td>", count: $0) },
        { "word" + String(repeating: "<!--", count: $0) }, { "word" + String(repeating: "<![CDATA[", count: $0) },
        { "word" + String(repeating: "<title>", count: $0) }, { "word" + String(repeating: "&amp", count: $0) },
        { "word<style>" + String(repeating: ".a{", count: $0) }, { "word<style>" + String(repeating: "/*", count: $0) },
        { String(repeating: "<a href=x><div>", count: $0) + "word" }, { "word" + String(repeating: "<br>", count: $0) },
        { "<p style='" + String(repeating: "a:b;", count: $0) + "'>word" },
        { "word" + String(repeating: "</", count: $0) },
        { "<p class='" + String(repeating: "a ", count: $0) + "'>word" },
        { "word" + String(repeating: "<", count: $0) },
        { "<style>.a{display:block}</style>" + String(repeating: "<p class='a a a'>", count: $0) + "word" },
        { "<textarea>" + String(repeating: "</textare", count: $0) + "word" },
        { "word&#" + String(repeating: "9", count: $0) },
        { String(repeating: "<h1>", count: $0) + "word" }, { String(repeating: "<form><button>", count: $0) + "word" },
    ]

    @Test(arguments: 0..<27)
    func `nesting and repetition of every kind are read in one pass`(shape: Int) throws {
        #expect(Self.shapes.count == 27)
        let parsed = try parse(Self.shapes[shape](60_000))
        #expect(parsed.blocks.contains { parsed.words(of: $0).contains("word") })
    }

    @Test func `what is nested without end is refused`() {
        #expect(throws: ParseFailure.damaged) { try parse(String(repeating: "<b>", count: 300_000) + "word") }
    }

    @Test(arguments: [
        "<table><tr>"
            + String(repeating: "<td colspan=1000 rowspan=65534>" + String(repeating: "x", count: 190), count: 9)
            + String(repeating: "<tr>", count: 50_000),
        "<table>" + String(repeating: "<tr><td colspan=1000>x", count: 50_000),
        "<table>" + String(repeating: "<tr><td rowspan=65534>x<td rowspan=0>y", count: 5_000),
        "<table><tr><td colspan=99999999999999999999>x<td rowspan=-5>y<td colspan=0>z<tr><td>a<td>b",
    ])
    func `cells that span without end do not multiply the text`(source: String) throws {
        let parsed = try parse(source)
        #expect(parsed.text.count < 4 * source.utf8.count + 1 << 17)
        let cells = parsed.blocks.compactMap(\.table).reduce(0) { $0 + $1.rows.reduce(0) { $0 + $1.count } }
        #expect(cells < source.utf8.count / 4 + 1 << 14)
    }

    @Test func `blocks and cells are bounded`() {
        var limits = ParseLimits()
        limits.blocksMax = 100
        let source = SourceFile(bytes: Array(String(repeating: "<p>x", count: 200).utf8), name: "", format: .html)
        #expect(throws: ParseFailure.tooManyBlocks) { try DocumentParser.parse(source, limits: limits) }
        let cells = "<table>" + String(repeating: "<td>", count: 2_600_000)
        #expect(throws: ParseFailure.tooManyBlocks) { try parse(cells) }
    }

    /// The work, counted in tokens, blocks and bytes, doubles with the size.
    @Test func `the work grows with the size and no faster`() throws {
        let page = HTMLParserTests.source
        func tokens(_ copies: Int) -> Int {
            var tokens = HTMLTokenizer(Array(String(repeating: page, count: copies).utf8), isXHTML: false)
            var count = 0
            while tokens.next() != nil { count += 1 }
            return count
        }
        #expect(tokens(64) == 64 * tokens(1) + (tokens(2) - 2 * tokens(1)) * 63)
        let (one, two) = (try parse(String(repeating: page, count: 32)), try parse(String(repeating: page, count: 64)))
        #expect(two.blocks.count == 2 * one.blocks.count)
        #expect(two.text.count == 2 * one.text.count + 2)
    }

    @Test(arguments: 0..<30)
    func `random damage does no harm`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let source = Array((HTMLParserTests.source + HTMLParserTests.unseen.joined()).utf8)
        for _ in 0..<100 {
            let damaged = Damage.random(source, using: &generator)
            let file = SourceFile(bytes: damaged, name: "", format: .html)
            guard let parsed = try? DocumentParser.parse(file) else { continue }
            #expect(String(validating: parsed.text, as: UTF8.self) != nil, "seed \(seed)")
            let layout = LayoutCodec.encode(parsed.layout)
            #expect((try? LayoutCodec.decode(layout, of: parsed.text)) == parsed.layout, "seed \(seed)")
            #expect(try DocumentParser.parse(file) == parsed, "seed \(seed)")
        }
    }

    /// Tags in any order, which no editor would write.
    @Test(arguments: 0..<30)
    func `a soup of tags keeps every word that no tag hides`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let names = HTMLTag.allCases.filter { $0.kind != .skipped && !$0.isRawText && $0 != .dialog && $0 != .search }
        for _ in 0..<50 {
            var source = ""
            var words: [String] = []
            for number in 0..<60 {
                guard let tag = names.randomElement(using: &generator) else { continue }
                source += Bool.random(using: &generator) ? "<\(tag)>" : "</\(tag)>"
                if Int.random(in: 0..<3, using: &generator) == 0 {
                    words.append("word\(number)")
                    source += " word\(number) "
                }
            }
            guard !words.isEmpty else { continue }
            var session = ParseSession(limits: ParseLimits(), originalBytes: 1) { _, _ throws(ParseFailure) in [] }
            try HTMLParser.write(Array(source.utf8), into: &session, keepsBoilerplate: true)
            let found = Set(String(decoding: session.writer.text, as: UTF8.self).split { !$0.isLetter && !$0.isNumber })
            #expect(words.allSatisfy { found.contains($0[...]) }, "seed \(seed): \(source)")
        }
    }
}
