import Testing

@testable import Documents

@Suite struct WordParserTests {
    private func outline(_ body: String, extra: OfficeFiles.Members = []) throws -> String {
        try OfficeFiles.parse(OfficeFiles.word(body, extra: extra)).outline
    }

    private func text(_ content: String) -> String { "<w:p><w:r>\(content)</w:r></w:p>" }

    static let styles = (
        path: "word/styles.xml",
        content: """
        <w:styles xmlns:w="w"><w:style w:type="paragraph" w:styleId="Ttulo1"><w:name w:val="heading 1"/>
        <w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
        <w:style w:styleId="Mine"><w:name w:val="My own"/><w:basedOn w:val="Ttulo1"/></w:style>
        <w:style w:styleId="Haupt2"><w:name w:val="Überschrift 2"/></w:style>
        <w:style w:styleId="T"><w:name w:val="Title"/></w:style>
        <w:style w:styleId="Quiet"><w:name w:val="Quiet"/><w:rPr><w:vanish/></w:rPr></w:style>
        <w:style w:styleId="Bullet"><w:name w:val="List Bullet"/><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr>\
        </w:pPr></w:style>
        <w:style w:styleId="A"><w:name w:val="a"/><w:basedOn w:val="B"/></w:style>
        <w:style w:styleId="B"><w:name w:val="b"/><w:basedOn w:val="A"/></w:style></w:styles>
        """
    )

    static let numbering = (
        path: "word/numbering.xml",
        content: """
        <w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="7">
        <w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>
        <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1%2)"/></w:lvl>
        </w:abstractNum><w:abstractNum w:abstractNumId="8"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/>
        <w:lvlText w:val="x"/></w:lvl></w:abstractNum>
        <w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>
        <w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num></w:numbering>
        """
    )

    private func styled(_ style: String, _ words: String) -> String {
        "<w:p><w:pPr><w:pStyle w:val=\"\(style)\"/></w:pPr><w:r><w:t>\(words)</w:t></w:r></w:p>"
    }

    @Test func `headings are known by outline level, inheritance, translated name and title`() throws {
        let body =
            styled("T", "The title") + styled("Ttulo1", "One") + styled("Haupt2", "Two") + styled("Mine", "Three")
            + styled("A", "circle") + styled("none", "plain")
            + "<w:p><w:pPr><w:outlineLvl w:val=\"2\"/></w:pPr><w:r><w:t>Direct</w:t></w:r></w:p>"
        let parsed = try OfficeFiles.parse(OfficeFiles.word(body, extra: [Self.styles]))
        #expect(
            parsed.outline == """
                heading(level: 1) [] The title
                heading(level: 1) [] One
                heading(level: 2) [One] Two
                heading(level: 1) [] Three
                paragraph [Three] circle
                paragraph [Three] plain
                heading(level: 3) [Three] Direct
                """)
        #expect(parsed.title == "The title")
    }

    @Test func `list items carry the number that they have on paper`() throws {
        func item(_ list: Int, _ level: Int, _ words: String) -> String {
            "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"\(level)\"/><w:numId w:val=\"\(list)\"/></w:numPr></w:pPr>"
                + "<w:r><w:t>\(words)</w:t></w:r></w:p>"
        }
        let body =
            item(1, 0, "a") + item(1, 1, "b") + item(1, 1, "c") + item(1, 0, "d") + item(1, 1, "e") + item(2, 0, "f")
            + styled("Bullet", "g") + item(0, 0, "h")
        #expect(
            try outline(body, extra: [Self.styles, Self.numbering]) == """
                listItem [] - III. a
                listItem [] - IIIa) b
                listItem [] - IIIb) c
                listItem [] - IV. d
                listItem [] - IVa) e
                listItem [] - f
                listItem [] - g
                paragraph [] h
                """)
    }

    @Test func `what nobody sees is not read`() throws {
        let body = """
            <w:p><w:r><w:t>seen </w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>HIDDEN</w:t></w:r>
            <w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>shown </w:t></w:r>
            <w:r><w:rPr><w:rStyle w:val="Quiet"/></w:rPr><w:t>HIDDEN</w:t></w:r>
            <w:r><w:rPr><w:sz w:val="1"/></w:rPr><w:t>HIDDEN</w:t></w:r>
            <w:del><w:r><w:delText>HIDDEN</w:delText></w:r></w:del><w:ins><w:r><w:t>new </w:t></w:r></w:ins>
            <w:moveFrom><w:r><w:t>HIDDEN</w:t></w:r></w:moveFrom>
            <w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>HIDDEN</w:instrText></w:r>
            <w:r><w:t>HIDDEN</w:t></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>result</w:t></w:r>
            <w:r><w:fldChar w:fldCharType="end"/></w:r><w:hyperlink><w:r><w:t> link</w:t></w:r></w:hyperlink></w:p>
            """
        let parsed = try OfficeFiles.parse(
            OfficeFiles.word(
                body + styled("Quiet", "HIDDEN"),
                extra: [
                    Self.styles, ("word/header1.xml", text("<w:t>HIDDEN</w:t>")),
                    ("word/comments.xml", text("<w:t>HIDDEN</w:t>")),
                ]))
        #expect(parsed.outline == "paragraph [] seen shown new result link")
    }

    @Test func `an unclosed field takes no later paragraph with it`() throws {
        let body = text("<w:fldChar w:fldCharType=\"begin\"/><w:t>x</w:t>") + text("<w:t>after</w:t>")
        #expect(try outline(body) == "paragraph [] after")
    }

    @Test func `characters that are elements become text`() throws {
        let body = text(
            "<w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t><w:softHyphen/>"
                + "<w:sym w:font=\"Symbol\" w:char=\"F061\"/><w:sym w:font=\"Wingdings\" w:char=\"F0FE\"/>"
                + "<w:sym w:font=\"x\" w:char=\"zz\"/>")
        #expect(try outline(body) == "paragraph [] a b c-dα☑")
    }

    @Test func `a table keeps its grid`() throws {
        func cell(_ words: String, _ properties: String = "") -> String {
            "<w:tc><w:tcPr>\(properties)</w:tcPr><w:p><w:r><w:t>\(words)</w:t></w:r></w:p></w:tc>"
        }
        let nested = "<w:tc><w:tbl><w:tr>\(cell("in"))\(cell("side"))</w:tr></w:tbl><w:p/></w:tc>"
        let body = """
            <w:tbl><w:tr><w:trPr><w:tblHeader/>\
            </w:trPr>\(cell("Region"))\(cell("Both", "<w:gridSpan w:val=\"2\"/>"))</w:tr>
            <w:tr><w:trPr><w:tblHeader/></w:trPr>\(cell(""))\(cell("Q1"))\(cell("Q2"))</w:tr>
            <w:tr>\(cell("North", "<w:vMerge w:val=\"restart\"/>"))\(cell("1"))\(cell("2"))</w:tr>
            <w:tr>\(cell("", "<w:vMerge/>"))\(cell("3"))\(nested)</w:tr>
            <w:tr><w:trPr><w:del/></w:trPr>\(cell("gone"))</w:tr></w:tbl>
            <w:tbl><w:tr><w:tc>\(text("<w:t>framed</w:t>"))\(text("<w:t>words</w:t>"))</w:tc></w:tr></w:tbl>
            """
        let parsed = try OfficeFiles.parse(OfficeFiles.word(body))
        #expect(
            parsed.outline == """
                table [] Region | Both |\u{20}
                 | Q1 | Q2
                North | 1 | 2
                North | 3 | in side
                paragraph [] framed
                paragraph [] words
                """)
        #expect(parsed.blocks[0].table?.headerRows == 2)
    }

    @Test func `notes, text boxes, formulas, charts and diagrams follow their paragraph`() throws {
        let box = "<w:txbxContent>\(text("<w:t>boxed</w:t>"))</w:txbxContent>"
        let body = """
            <w:p><w:r><w:t>Said</w:t><w:footnoteReference w:id="2"/></w:r><w:r><mc:AlternateContent xmlns:mc="m">\
            <mc:Choice>
            <w:drawing>\(box)</w:drawing></mc:Choice><mc:Fallback><w:pict>\(box)</w:pict></mc:Fallback>\
            </mc:AlternateContent>
            </w:r><m:oMath xmlns:m="m"><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>c</m:t></m:r>\
            </m:den></m:f>
            </m:oMath><w:r><w:drawing><c:chart xmlns:c="c" r:id="charts/chart1.xml"/>
            <d:relIds xmlns:d="d" r:dm="diagrams/data1.xml"/></w:drawing></w:r></w:p>
            """
        let extra: OfficeFiles.Members = [
            (
                "word/footnotes.xml",
                "<w:footnotes xmlns:w=\"w\">"
                    + "<w:footnote w:type=\"separator\" w:id=\"0\">\(text("<w:t>NO</w:t>"))</w:footnote>"
                    + "<w:footnote w:id=\"2\">\(text("<w:t>noted</w:t>"))</w:footnote></w:footnotes>"
            ),
            (
                "word/charts/chart1.xml",
                """
                <c:chartSpace xmlns:c="c" xmlns:a="a"><c:chart><c:title><a:p><a:r><a:t>Sales</a:t></a:r></a:p>\
                </c:title><c:plotArea>
                <c:barChart><c:ser><c:tx><c:pt idx="0"><c:v>Units</c:v></c:pt></c:tx><c:cat><c:pt idx="0">\
                <c:v>May</c:v></c:pt>
                </c:cat><c:val><c:pt idx="0"><c:v>0.30000000000000004</c:v></c:pt><c:pt idx="-5"/></c:val></c:ser>\
                </c:barChart>
                </c:plotArea></c:chart></c:chartSpace>
                """
            ),
            (
                "word/diagrams/data1.xml",
                "<d:dataModel xmlns:d=\"d\" xmlns:a=\"a\"><d:ptLst><d:pt><d:t><a:p><a:r><a:t>Step</a:t></a:r></a:p>"
                    + "</d:t></d:pt>"
                    + "<d:pt type=\"pres\"><d:t><a:p><a:r><a:t>NO</a:t></a:r></a:p></d:t></d:pt></d:ptLst>"
                    + "</d:dataModel>"
            ),
        ]
        #expect(
            try outline(body, extra: extra) == """
                paragraph [] Said(a+b)/c
                paragraph [] boxed
                paragraph [] Sales
                table []  | Units
                May | 0.3
                listItem [] - Step
                paragraph [] noted
                """)
    }

    @Test func `a foreign part is noted, a missing or broken body is damage`() throws {
        let parsed = try OfficeFiles.parse(OfficeFiles.word("<w:altChunk r:id=\"x\"/>" + text("<w:t>a</w:t>")))
        #expect(parsed.notes == [.partSkipped] && parsed.outline == "paragraph [] a")
        #expect(throws: ParseFailure.damaged) { try outline("<w:p><w:r><w:t>a</w:p>") }
        #expect(throws: ParseFailure.noText) { try outline("<w:p/>") }
    }

    @Test func `the title comes from the properties, unless a program wrote it`() throws {
        for (words, title) in [("Annual report", "Annual report"), ("Microsoft Word - a.doc", "x"), (" ", "x")] {
            let core = "<cp xmlns:dc=\"dc\"><dc:title>\(words)</dc:title></cp>"
            let parsed = try OfficeFiles.parse(
                OfficeFiles.word(text("<w:t>a</w:t>"), extra: [("docProps/core.xml", core)]))
            #expect(parsed.title == title)
        }
    }

    @Test func `notes that refer to themselves end`() throws {
        let body = text("<w:t>a</w:t><w:footnoteReference w:id=\"1\"/>")
        let note = text("<w:t>b</w:t><w:footnoteReference w:id=\"1\"/>")
        let extra = [("word/footnotes.xml", "<w:n xmlns:w=\"w\"><w:footnote w:id=\"1\">\(note)</w:footnote></w:n>")]
        #expect(try outline(body, extra: extra) == "paragraph [] a\nparagraph [] b")
    }

    @Test func `tables in tables end at the depth that XML may have`() throws {
        let open = String(repeating: "<w:tbl><w:tr><w:tc>", count: 70)
        let close = String(repeating: "</w:tc></w:tr></w:tbl>", count: 70)
        #expect(try outline(open + text("<w:t>deep</w:t>") + close) == "paragraph [] deep")
        let tooDeep = String(repeating: "<w:tbl>", count: 5000)
        #expect(throws: ParseFailure.damaged) { try outline(tooDeep) }
    }

    @Test func `spans and numbers that lie are bounded`() throws {
        let huge = "9223372036854775807"
        let cell = "<w:tc><w:tcPr><w:gridSpan w:val=\"\(huge)\"/></w:tcPr>\(text("<w:t>a</w:t>"))</w:tc>"
        let row = "<w:tr><w:trPr><w:gridBefore w:val=\"\(huge)\"/></w:trPr>\(cell)\(cell)</w:tr>"
        let item =
            "<w:p><w:pPr><w:outlineLvl w:val=\"-\(huge)\"/><w:numPr><w:ilvl w:val=\"\(huge)\"/><w:numId w:val=\"1\"/>"
            + "</w:numPr></w:pPr><w:r><w:t>b</w:t></w:r></w:p>"
        #expect(
            try outline("<w:tbl>\(row)</w:tbl>" + item, extra: [Self.numbering]).contains("b"))
    }

    @Test(arguments: 0..<20)
    func `damage does no harm`(seed: UInt64) {
        let item = "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr></w:p>"
        let table =
            "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"2\"/><w:vMerge/></w:tcPr>\(item)</w:tc></w:tr></w:tbl>"
        OfficeFiles.surviveDamage(
            OfficeFiles.word(
                item + table + styled("Mine", "x") + text("<w:t>y</w:t><w:footnoteReference w:id=\"2\"/>"),
                extra: [Self.styles, Self.numbering]), seed: seed)
    }
}
