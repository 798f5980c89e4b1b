import Testing

@testable import Documents

@Suite struct RecognisedWordsTests {
    static let tsv = """
        level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext
        1\t1\t0\t0\t0\t0\t0\t0\t1000\t2000\t-1\t
        2\t1\t1\t0\t0\t0\t100\t100\t300\t90\t-1\t
        5\t1\t1\t1\t1\t1\t100\t100\t100\t40\t96.1\tPatient
        5\t1\t1\t1\t1\t2\t220\t100\t80\t40\t91.5\tname
        5\t1\t1\t1\t1\t3\t320\t100\t20\t40\t12.0\tgarble
        5\t1\t1\t1\t2\t1\t100\t150\t100\t40\t88.0\tunknown
        5\t1\t2\t1\t1\t1\t100\t400\t100\t40\t60.0\t|
        5\t1\t2\t1\t1\t2\t220\t400\t100\t40\t95.0\tEnd
        """

    @Test func `words of enough confidence become lines in points`() throws {
        let page = try #require(RecognisedWords.pages(Array(Self.tsv.utf8), scale: 0.5).first)
        #expect(page.width == 500 && page.height == 1000)
        #expect(page.lines.map(\.text) == ["Patient name", "unknown", "End"])
        #expect(page.lines[0].box == Rectangle(left: 50, top: 50, right: 150, bottom: 70))
        #expect(page.lines[0].block == page.lines[1].block && page.lines[1].block != page.lines[2].block)
    }

    private var empty: [UInt8] { PageMaker.document([PageMaker()]) }

    @Test func `a page without words is recognised and its boxes are points`() throws {
        let parsed = try CannedConverter(layout: empty, words: Self.tsv).parse()
        #expect(parsed.notes == [.recognisedText])
        #expect(String(decoding: parsed.text, as: UTF8.self) == "Patient name unknown\n\nEnd")
        // 100 pixels at 200 dots per inch are 36 points.
        #expect(parsed.layout.words.first?.box.left == 360)
        #expect(parsed.layout.pages.map(\.width) == [600])
    }

    @Test func `without a recogniser other pages are still read`() throws {
        var page = PageMaker()
        page.line("Words", y: 100)
        let mixed = try CannedConverter(layout: PageMaker.document([PageMaker(), page])).parse()
        #expect(mixed.notes == [.recogniserMissing])
        #expect(String(decoding: mixed.text, as: UTF8.self) == "Words")
        #expect(throws: ParseFailure.converterMissing) { try CannedConverter(layout: empty).parse() }
    }

    @Test func `no more pages are recognised than allowed`() throws {
        var limits = ParseLimits()
        limits.recognisedPagesMax = 2
        let layout = PageMaker.document(Array(repeating: PageMaker(), count: 5))
        let parsed = try CannedConverter(layout: layout, words: Self.tsv).parse(limits: limits)
        #expect(parsed.layout.pages.count == 5)
        #expect(String(decoding: parsed.text, as: UTF8.self).ranges(of: "Patient").count == 2)
    }
}
