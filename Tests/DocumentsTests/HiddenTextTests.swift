import Testing

@testable import Documents

/// Words that a person does not see are how instructions are slipped to machines: no format lets them through, and each
/// tells that there were some.
@Suite struct HiddenTextTests {
    private func expectHidden(_ parsed: ParsedDocument, _ note: Comment) {
        let text = String(decoding: parsed.text, as: UTF8.self)
        #expect(text.contains("seen") && !text.contains("CANARY"), note)
        #expect(parsed.notes == [.hiddenText], note)
    }

    private func expectShown(_ parsed: ParsedDocument, _ note: Comment) {
        #expect(String(decoding: parsed.text, as: UTF8.self).contains("WORD"), note)
        #expect(parsed.notes.isEmpty, note)
    }

    // MARK: Word

    private static let styles = (
        path: "word/styles.xml",
        content: """
        <w:styles xmlns:w="w"><w:style w:type="character" w:styleId="Ghost"><w:name w:val="Ghost"/>
        <w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style>
        <w:style w:type="paragraph" w:styleId="Dust"><w:name w:val="Dust"/><w:rPr><w:sz w:val="1"/></w:rPr></w:style>
        <w:style w:type="paragraph" w:styleId="Banner"><w:name w:val="Banner"/>
        <w:pPr><w:shd w:val="clear" w:fill="003366"/></w:pPr></w:style>
        <w:style w:type="table" w:styleId="Grid"><w:name w:val="Grid"/><w:tblStylePr w:type="firstRow">
        <w:tcPr><w:shd w:val="clear" w:fill="4472C4"/></w:tcPr></w:tblStylePr></w:style></w:styles>
        """
    )

    private func word(_ body: String) throws -> ParsedDocument {
        try OfficeFiles.parse(OfficeFiles.word("<w:p><w:r><w:t>seen</w:t></w:r></w:p>" + body, extra: [Self.styles]))
    }

    private static func run(_ properties: String, _ words: String) -> String {
        "<w:r><w:rPr>\(properties)</w:rPr><w:t>\(words)</w:t></w:r>"
    }

    private static let white = "<w:color w:val=\"FFFFFF\"/>"

    private static func table(_ cell: String, _ properties: String, style: String = "") -> String {
        let cells = "<w:tc><w:tcPr>\(properties)</w:tcPr><w:p>\(cell)</w:p></w:tc><w:tc><w:p/></w:tc>"
        return "<w:tbl><w:tblPr>\(style)</w:tblPr><w:tr>\(cells)</w:tr></w:tbl>"
    }

    @Test(arguments: [
        "<w:vanish/>", white, "<w:color w:val=\"fefefd\"/>", "<w:sz w:val=\"2\"/>", "<w:rStyle w:val=\"Ghost\"/>",
        white + "<w:shd w:val=\"clear\" w:fill=\"auto\"/>", white + "<w:shd w:val=\"clear\" w:fill=\"FFFFFF\"/>",
        white + "<w:highlight w:val=\"none\"/>",
    ])
    func `a run that nobody sees`(properties: String) throws {
        let run = Self.run(properties, "CANARY")
        expectHidden(try word("<w:p>\(run)</w:p>"), "\(properties)")
        expectHidden(try word(Self.table(run, "")), "\(properties) in a table")
    }

    @Test func `a paragraph or a row that nobody sees`() throws {
        expectHidden(try word("<w:p><w:pPr><w:pStyle w:val=\"Dust\"/></w:pPr>\(Self.run("", "CANARY"))</w:p>"), "style")
        let row = "<w:tr><w:trPr><w:hidden/></w:trPr><w:tc><w:p>\(Self.run("", "CANARY"))</w:p></w:tc></w:tr>"
        expectHidden(try word("<w:tbl>\(row)</w:tbl>"), "row")
        let split = "CANARY".map { Self.run("<w:vanish/>", String($0)) }.joined()
        expectHidden(try word("<w:p>\(split)</w:p>"), "letter by letter")
    }

    @Test func `white letters on a colour are seen`() throws {
        let run = Self.run(Self.white, "WORD")
        let dark = "<w:shd w:val=\"clear\" w:fill=\"1F3864\"/>"
        let shown = [
            "run": "<w:p>\(Self.run(Self.white + dark, "WORD"))</w:p>",
            "highlight": "<w:p>\(Self.run(Self.white + "<w:highlight w:val=\"red\"/>", "WORD"))</w:p>",
            "paragraph": "<w:p><w:pPr>\(dark)</w:pPr>\(run)</w:p>",
            "style": "<w:p><w:pPr><w:pStyle w:val=\"Banner\"/></w:pPr>\(run)</w:p>",
            "pattern": "<w:p><w:pPr><w:shd w:val=\"pct50\" w:fill=\"auto\"/></w:pPr>\(run)</w:p>",
            "cell": Self.table(run, dark),
            "table": Self.table(run, "", style: dark),
            "table style": Self.table(run, "", style: "<w:tblStyle w:val=\"Grid\"/>"),
            "frame": "<w:tbl><w:tr><w:tc><w:tcPr>\(dark)</w:tcPr><w:p>\(run)</w:p></w:tc></w:tr></w:tbl>",
            "box": "<w:p><w:r><w:drawing><w:txbxContent><w:p>\(run)</w:p></w:txbxContent></w:drawing></w:r></w:p>",
            "grey": "<w:p>\(Self.run("<w:color w:val=\"EEEEEE\"/>", "WORD"))</w:p>",
            "taken back": "<w:p>\(Self.run("<w:rStyle w:val=\"Ghost\"/><w:color w:val=\"000000\"/>", "WORD"))</w:p>",
        ]
        for (name, body) in shown { expectShown(try word(body), "\(name)") }
        expectHidden(try word(Self.table(run, dark) + "<w:p>\(Self.run(Self.white, "CANARY"))</w:p>"), "after a table")
    }

    // MARK: Other formats

    @Test func `hidden slides and shapes`() throws {
        func shape(_ words: String, _ attributes: String = "", left: Int = 0) -> String {
            "<p:sp><p:nvSpPr><p:cNvPr id=\"1\" name=\"x\" \(attributes)/></p:nvSpPr><p:spPr><a:xfrm>"
                + "<a:off x=\"\(left)\" y=\"0\"/><a:ext cx=\"10\" cy=\"10\"/></a:xfrm></p:spPr><p:txBody><a:p><a:r><a:t>"
                + "\(words)</a:t></a:r></a:p></p:txBody></p:sp>"
        }
        let slide = "<p:sld ROOT show=\"0\"><p:cSld><p:spTree>\(shape("CANARY"))</p:spTree></p:cSld></p:sld>"
        let hidden = shape("CANARY", "hidden=\"1\"")
        let away = shape("CANARY", left: -5000)
        let group = "<p:grpSp><p:nvGrpSpPr><p:cNvPr id=\"2\" name=\"g\"/></p:nvGrpSpPr>\(hidden)</p:grpSp>"
        for slides in [
            [shape("seen"), slide], [shape("seen") + hidden], [shape("seen") + away], [shape("seen") + group],
        ] {
            expectHidden(try OfficeFiles.parse(OfficeFiles.presentation(slides)), "\(slides)")
        }
    }

    @Test func `hidden sheets, sections and text of OpenDocument`() throws {
        let automatic = """
            <style:style style:name="h" style:family="text"><style:text-properties text:display="none"/></style:style>
            <style:style style:name="s" style:family="text"><style:text-properties fo:font-size="1pt"/></style:style>
            <style:style style:name="t" style:family="table"><style:table-properties table:display="false"/></style:style>
            <style:style style:name="d" style:family="drawing-page">
            <style:drawing-page-properties presentation:visibility="hidden"/></style:style>
            """
        let seen = "<text:p>seen</text:p>"
        let cells = { (words: String) in
            "<table:table-row><table:table-cell><text:p>\(words)</text:p></table:table-cell></table:table-row>"
        }
        let box = { (words: String) in
            "<draw:frame><draw:text-box><text:p>\(words)</text:p></draw:text-box></draw:frame>"
        }
        let files = [
            ("text", seen + "<text:p><text:span text:style-name=\"h\">CANARY</text:span></text:p>"),
            ("text", seen + "<text:p><text:span text:style-name=\"s\">CANARY</text:span></text:p>"),
            ("text", seen + "<text:section text:display=\"none\"><text:p>CANARY</text:p></text:section>"),
            (
                "spreadsheet",
                "<table:table table:name=\"A\">\(cells("seen"))</table:table>"
                    + "<table:table table:name=\"B\" table:style-name=\"t\">\(cells("CANARY"))</table:table>"
            ),
            (
                "presentation",
                "<draw:page>\(box("seen"))</draw:page><draw:page draw:style-name=\"d\">\(box("CANARY"))</draw:page>"
            ),
        ]
        for (type, body) in files {
            expectHidden(try OfficeFiles.parse(OfficeFiles.openDocument(type, body, automatic: automatic)), "\(body)")
        }
    }

    private func parse(_ source: String, _ format: DocumentFormat) throws -> ParsedDocument {
        try DocumentParser.parse(SourceFile(bytes: Array(source.utf8), name: "x", format: format))
    }

    @Test(arguments: [
        "<p style='display:none'>CANARY</p>", "<p style='visibility:hidden'>CANARY</p>", "<p hidden>CANARY</p>",
        "<p style='font-size:0'>CANARY</p>", "<p aria-hidden=true>CANARY</p>", "<p style='opacity:0'>CANARY</p>",
        "<style>.x{display:none}</style><p class=x>CANARY</p>", "<p style='color:#fff;background:#fff'>CANARY</p>",
    ])
    func `hidden elements of a page`(element: String) throws {
        expectHidden(try parse("<p>seen</p>" + element, .html), "\(element)")
        expectHidden(try parse("seen\n\n\(element)\n\nseen", .markdown), "\(element) in Markdown")
    }

    @Test(arguments: [
        "<script>CANARY</script>", "<!-- CANARY -->", "<nav hidden>CANARY</nav>", "<template>CANARY</template>",
        "<a aria-hidden=true>¶</a>", "<i hidden> </i>", "<dialog>CANARY</dialog>",
        "<svg hidden><text>CANARY</text></svg>",
    ])
    func `what is no text, a menu or a mark is left out without a word`(element: String) throws {
        let parsed = try parse("<p>WORD</p>" + element, .html)
        expectShown(parsed, "\(element)")
        #expect(String(decoding: parsed.text, as: UTF8.self) == "WORD")
    }

    @Test func `rich text`() throws {
        expectHidden(try parse("{\\rtf1 seen{\\v CANARY}}", .rtf), "v")
        expectHidden(try parse("{\\rtf1 seen{\\fs2 CANARY}}", .rtf), "fs")
        expectShown(try parse("{\\rtf1{\\fs1 \\fs24 WORD}}", .rtf), "a size that is taken back")
        let deleted = try parse("{\\rtf1 WORD{\\deleted CANARY}}", .rtf)
        expectShown(deleted, "deleted")
        #expect(String(decoding: deleted.text, as: UTF8.self) == "WORD")
    }
}
