import Foundation
import TestKit
import Testing

@testable import Documents

@Suite struct XMLParserTests {
    private func parse(_ source: String) throws -> ParsedDocument {
        try DocumentParser.parse(SourceFile(bytes: Array(source.utf8), name: "x.xml", format: .xml))
    }

    static let article = """
        <!DOCTYPE article PUBLIC "-//NLM//DTD JATS" "JATS.dtd">
        <article xmlns:mml="m"><front><journal-meta><journal-id>GONE</journal-id></journal-meta><article-meta>
        <article-id>GONE</article-id><title-group><article-title>On <italic>lamps</italic></article-title></title-group>
        <contrib-group><contrib><name><surname>Wolf</surname>
        <given-names>Ann</given-names></name></contrib></contrib-group>
        <volume>GONE</volume><abstract><title>Abstract</title><p>Short.</p></abstract></article-meta></front>
        <body><sec><label>1.</label><title>Start</title><p>Water is H<sub>2</sub>O <xref>[1]</xref>.</p>
        <sec><title>Deeper</title><list list-type="order"><list-item><p>One</p></list-item><list-item><p>Two</p>
        </list-item></list><p>Where <inline-formula><alternatives>
        <tex-math>\\begin{document}$x$\\end{document}</tex-math>
        <mml:math><mml:mi>x</mml:mi></mml:math></alternatives></inline-formula> is.</p></sec>
        <table-wrap><caption><p>Days</p></caption><table><thead><tr><th>Kind</th><th>Days</th></tr></thead>
        <tbody><tr><td rowspan="2">Leave</td><td>30</td></tr><tr><td>31</td></tr></tbody></table></table-wrap></sec>
        </body><back><ref-list><title>References</title><ref><element-citation><name><surname>Cook</surname>
        <given-names>B</given-names></name><year>2020</year></element-citation></ref></ref-list></back></article>
        """

    @Test func `an article of JATS`() throws {
        let parsed = try parse(Self.article)
        #expect(
            parsed.outline == """
                heading(level: 1) [] On lamps
                paragraph [On lamps] Wolf Ann
                heading(level: 2) [On lamps] Abstract
                paragraph [On lamps / Abstract] Short.
                heading(level: 2) [On lamps] 1. Start
                paragraph [On lamps / 1. Start] Water is H2O [1].
                heading(level: 3) [On lamps / 1. Start] Deeper
                listItem [On lamps / 1. Start / Deeper] 1. One
                listItem [On lamps / 1. Start / Deeper] 2. Two
                paragraph [On lamps / 1. Start / Deeper] Where $x$ is.
                paragraph [On lamps / 1. Start / Deeper] Days
                table [On lamps / 1. Start / Deeper] Kind | Days
                Leave | 30
                Leave | 31
                heading(level: 2) [On lamps] References
                listItem [On lamps / References] - Cook B 2020
                """)
        #expect(parsed.title == "On lamps" && parsed.notes.isEmpty && parsed.parser == "xml/1")
        #expect(parsed.blocks.compactMap(\.table).map(\.headerRows) == [1])
    }

    @Test func `DocBook, and XML of no known kind`() throws {
        let book = """
            <book><title>Guide</title><chapter><title>First</title><para>See <command>make</command>.</para>
            <itemizedlist><listitem><para>a</para></listitem></itemizedlist><programlisting>let a
              b</programlisting><informaltable><tgroup><thead><row><entry>x</entry></row></thead>
            <tbody><row><entry>y</entry></row></tbody></tgroup></informaltable></chapter></book>
            """
        let outline = try parse(book).outline
        #expect(outline.contains("heading(level: 2) [Guide] First\nparagraph [Guide / First] See make."))
        #expect(outline.contains("listItem [Guide / First] - a\ncode [Guide / First] let a\n  b"))
        #expect(
            try parse(
                "<staff><person id='7'><name>Ann</name><town>Bern</town></person><note>a <x>b</x> c</note></staff>"
            )
            .outline == "paragraph [] Ann\nparagraph [] Bern\nparagraph [] a b c")
    }

    @Test func `feeds`() throws {
        let rss = """
            <?xml version="1.0"?><rss><channel><title>News</title><link>GONE</link><description>All of it</description>
            <item><title>One</title><guid>GONE</guid>
            <description>&lt;p&gt;Words &amp;amp; more&lt;/p&gt;&lt;script&gt;GONE
            &lt;/script&gt;</description></item></channel></rss>
            """
        #expect(
            try parse(rss).outline == """
                heading(level: 1) [] News
                paragraph [News] All of it
                heading(level: 2) [News] One
                paragraph [News / One] Words & more
                """)
        let atom = """
            <feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><id>GONE</id><entry><title>One</title>
            <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>A <b>bold</b> word</p></div></content>
            </entry></feed>
            """
        #expect(try parse(atom).outline.hasSuffix("heading(level: 2) [News] One\nparagraph [News / One] A bold word"))
    }

    @Test func `XHTML is read as HTML`() throws {
        let parsed = try parse("<html xmlns='x'><body><h1>T</h1><p hidden=''>GONE</p><p>a</p></body></html>")
        #expect(parsed.outline == "heading(level: 1) [] T\nparagraph [T] a")
    }

    @Test func `an external entity opens no file`() throws {
        let canary = FileManager.default.temporaryDirectory.appendingPathComponent("canary-\(UUID().uuidString)")
        try Data("CANARY".utf8).write(to: canary)
        defer { try? FileManager.default.removeItem(at: canary) }
        for declaration in [
            "<!ENTITY x SYSTEM '\(canary.absoluteString)'>", "<!ENTITY x SYSTEM '\(canary.path)'>",
            "<!ENTITY % p SYSTEM '\(canary.absoluteString)'> %p;", "<!ENTITY x PUBLIC 'a' '\(canary.path)'>",
        ] {
            let text = String(
                decoding: try parse("<!DOCTYPE a [\(declaration)]><a>word &x; %p;</a>").text, as: UTF8.self)
            #expect(text.contains("word") && !text.contains("CANARY"))
        }
        let outside =
            "<!DOCTYPE a SYSTEM '\(canary.absoluteString)'><a xmlns:xi='http://www.w3.org/2001/XInclude'>word"
            + "<xi:include href='\(canary.absoluteString)' parse='text'/></a>"
        #expect(try parse(outside).outline == "paragraph [] word")
    }

    @Test func `a thousand laughs stay one`() throws {
        let laughs = (1...30).map { "<!ENTITY l\($0) '\(String(repeating: "&l\($0 - 1);", count: 10))'>" }.joined()
        let parsed = try parse("<!DOCTYPE a [<!ENTITY l0 'ha'>\(laughs)]><a>&l30;</a>")
        #expect(String(decoding: parsed.text, as: UTF8.self) == "&l30;")
    }

    @Test func `damaged XML is read with a note, and what is none is refused`() throws {
        let cut = try parse(String(Self.article.prefix(1200)))
        #expect(cut.notes == [.repaired] && cut.outline.contains("Start"))
        #expect(throws: ParseFailure.damaged) { try parse("only words") }
        #expect(throws: ParseFailure.noText) { try parse("<a><b/></a>") }
        #expect(throws: ParseFailure.damaged) { try parse(String(repeating: "<a>", count: 100_000)) }
    }

    @Test(arguments: 0..<20)
    func `random damage does no harm`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let damaged = Damage.random(Array(Self.article.utf8), using: &generator)
            let file = SourceFile(bytes: damaged, name: "", format: .xml)
            guard let parsed = try? DocumentParser.parse(file) else { continue }
            let layout = LayoutCodec.encode(parsed.layout)
            #expect((try? LayoutCodec.decode(layout, of: parsed.text)) == parsed.layout, "seed \(seed)")
        }
    }
}
