import Testing

@testable import Documents

@Suite struct OpenDocumentParserTests {
    private func outline(_ type: String, _ body: String, automatic: String = "", extra: OfficeFiles.Members = []) throws
        -> String
    {
        try OfficeFiles.parse(OfficeFiles.openDocument(type, body, automatic: automatic, extra: extra)).outline
    }

    static let hidden = """
        <style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>
        <style:style style:name="HP" style:family="paragraph"><style:text-properties text:display="none"/></style:style>
        <style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>
        <style:style style:name="HT" style:family="table"><style:table-properties table:display="false"/></style:style>
        <style:style style:name="HD" style:family="drawing-page">\
        <style:drawing-page-properties presentation:visibility="hidden"/>
        </style:style><style:style style:name="L" style:family="text" style:parent-style-name="L"/>
        """

    @Test func `a text's headings, lists, notes, boxes and tables are read in order`() throws {
        let body = """
            <text:tracked-changes><text:deletion><text:p>HIDDEN</text:p></text:deletion></text:tracked-changes>
            <text:p text:style-name="P1">The title</text:p>\
            <text:h text:outline-level="2">Part<text:s text:c="9"/>one</text:h>
            <text:p>Said<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>noted</text:p>\
            </text:note-body>
            </text:note> and<text:tab/>done<text:line-break/>.<office:annotation><text:p>HIDDEN</text:p>\
            </office:annotation>
            <draw:frame><draw:text-box><text:p>boxed</text:p></draw:text-box><svg:title>HIDDEN</svg:title>\
            </draw:frame></text:p>
            <text:list><text:list-item><text:p>a</text:p><text:p>more</text:p><text:list><text:list-item>\
            <text:p>b</text:p>
            </text:list-item></text:list></text:list-item></text:list>
            <table:table><table:table-header-rows><table:table-row><table:table-cell table:number-columns-spanned="2">\
            <text:p>H</text:p>
            </table:table-cell><table:covered-table-cell/><table:table-cell><text:p>I</text:p></table:table-cell>\
            </table:table-row>
            </table:table-header-rows><table:table-row><table:table-cell table:number-rows-spanned="2">\
            <text:p>N</text:p></table:table-cell>
            <table:table-cell><text:p>1</text:p></table:table-cell><table:table-cell/></table:table-row>\
            <table:table-row>
            <table:covered-table-cell/><table:table-cell><text:p>2</text:p></table:table-cell></table:table-row>\
            </table:table>
            """
        #expect(
            try outline("text", body, automatic: Self.hidden)
                == """
                heading(level: 1) [] The title
                heading(level: 2) [The title] Part one
                paragraph [The title / Part one] Said and done .
                paragraph [The title / Part one] noted
                paragraph [The title / Part one] boxed
                listItem [The title / Part one] - a
                paragraph [The title / Part one] more
                listItem [The title / Part one] - b
                table [The title / Part one] H |  | I
                N | 1 |\u{20}
                N | 2 |\u{20}
                """.replacing("N | 2 |\u{20}", with: "N | 2"))
    }

    @Test func `what nobody sees is not read`() throws {
        let body = """
            <text:p>seen <text:span text:style-name="H">HIDDEN</text:span>\
            <text:hidden-text text:is-hidden="true">HIDDEN</text:hidden-text>
            <text:span text:style-name="L">loop</text:span></text:p><text:p text:style-name="HP">HIDDEN</text:p>
            <text:p><text:hidden-paragraph text:is-hidden="true"/>HIDDEN</text:p>
            <text:section text:display="none"><text:p>HIDDEN</text:p></text:section><text:section>\
            <text:p>shown</text:p></text:section>
            """
        #expect(try outline("text", body, automatic: Self.hidden) == "paragraph [] seen loop\nparagraph [] shown")
    }

    @Test func `a formula is read from its object, and an object in itself is not`() throws {
        let math = "<math><mfrac><mi>a</mi><mi>b</mi></mfrac><annotation>NO</annotation></math>"
        let loop =
            "<office:document-content ROOT><office:body><office:chart><chart><title><text:p>Chart</text:p></title>"
            + "<table:table><table:table-row><table:table-cell><draw:frame><draw:object xlink:href=\"./Object 2\"/>"
            + "</draw:frame>"
            + "<text:p>v</text:p></table:table-cell></table:table-row></table:table></chart></office:chart>"
            + "</office:body>"
            + "</office:document-content>"
        let body =
            "<text:p>is <draw:frame><draw:object xlink:href=\"./Object 1\"/></draw:frame></text:p>"
            + "<text:p><draw:frame><draw:object xlink:href=\"./Object 2\"/></draw:frame></text:p>"
        let extra = [("Object 1/content.xml", math), ("Object 2/content.xml", loop)]
        #expect(try outline("text", body, extra: extra) == "paragraph [] is a/b\nparagraph [] Chart\ntable [] v")
    }

    @Test func `sheets are read as shown, and claims of a million rows are bounded`() throws {
        let huge = "9223372036854775807"
        let body = """
            <table:table table:name="One"><table:table-row><table:table-cell office:value-type="string">\
            <text:p>k</text:p></table:table-cell>
            <table:table-cell office:value-type="string"><text:p>v</text:p></table:table-cell></table:table-row>
            <table:table-row table:number-rows-repeated="3">\
            <table:table-cell office:value-type="float" office:value="1"><text:p>1,00</text:p>
            </table:table-cell><table:table-cell office:value-type="float" office:value="2"/>\
            <table:table-cell table:number-columns-repeated="\(huge)"/>
            </table:table-row><table:table-row table:number-rows-repeated="1048576">\
            <table:table-cell table:number-columns-repeated="16384"/>
            </table:table-row></table:table><table:table table:name="No" table:style-name="HT"><table:table-row>\
            <table:table-cell>
            <text:p>HIDDEN</text:p></table:table-cell></table:table-row></table:table>
            """
        #expect(
            try outline("spreadsheet", body, automatic: Self.hidden) == """
                heading(level: 1) [] One
                table [One] k | v
                1,00 | 2
                1,00 | 2
                1,00 | 2
                """)
        let bomb =
            "<table:table table:name=\"B\">"
            + String(
                repeating: "<table:table-row table:number-rows-repeated=\"\(huge)\"><table:table-cell "
                    + "table:number-columns-repeated=\"\(huge)\"><text:p>x</text:p></table:table-cell>"
                    + "</table:table-row>",
                count: 100)
            + "</table:table>"
        #expect(try OfficeFiles.parse(OfficeFiles.openDocument("spreadsheet", bomb)).text.count < 3_000_000)
        #expect(try OfficeFiles.parse(OfficeFiles.openDocument("text", bomb)).text.count < 3_000_000)
    }

    @Test func `slides are pages in order, hidden ones left out`() throws {
        let styles = """
            <office:document-styles ROOT><office:automatic-styles><style:page-layout style:name="PM">\
            <style:page-layout-properties
            fo:page-width="25.4cm" fo:page-height="5in"/></style:page-layout></office:automatic-styles>\
            <office:master-styles>
            <style:master-page style:name="M" style:page-layout-name="PM"/></office:master-styles>\
            </office:document-styles>
            """
        func page(_ content: String, _ style: String = "x") -> String {
            "<draw:page draw:name=\"p\" draw:style-name=\"\(style)\" draw:master-page-name=\"M\">\(content)</draw:page>"
        }
        func frame(_ words: String, _ attributes: String) -> String {
            "<draw:frame \(attributes)><draw:text-box><text:p>\(words)</text:p></draw:text-box></draw:frame>"
        }
        let first = page(
            frame("low", "svg:x=\"1cm\" svg:y=\"9cm\"") + frame("high", "svg:x=\"1cm\" svg:y=\"3cm\"")
                + frame("Title", "presentation:class=\"title\"") + frame("9", "presentation:class=\"page-number\"")
                + "<presentation:notes>\(frame("say", "presentation:class=\"notes\""))</presentation:notes>")
        let parsed = try OfficeFiles.parse(
            OfficeFiles.openDocument(
                "presentation", first + page(frame("HIDDEN", ""), "HD") + page(frame("untitled", "")),
                automatic: Self.hidden,
                extra: [("styles.xml", styles)]))
        #expect(
            parsed.outline == """
                heading(level: 2) [] Title
                paragraph [Title] high
                paragraph [Title] low
                paragraph [Title] say
                heading(level: 2) [] Slide 3
                paragraph [Slide 3] untitled
                """)
        #expect(parsed.layout.pages.map(\.number) == [1, 3])
        #expect(parsed.layout.pages[0].width == 720 && parsed.layout.pages[0].height == 360)
    }

    @Test func `a password is told from damage`() {
        let manifest = "<m:manifest xmlns:m=\"m\"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>"
        let extra = [("META-INF/manifest.xml", manifest)]
        #expect(throws: ParseFailure.encrypted) { try outline("text", "<text:p>noise</text:p>", extra: extra) }
        let empty = [("mimetype", "application/vnd.oasis.opendocument.text")]
        #expect(throws: ParseFailure.damaged) { try OfficeFiles.parse(empty) }
    }

    @Test(arguments: 0..<20)
    func `damage does no harm`(seed: UInt64) {
        let cell =
            "<table:table-cell table:number-columns-repeated=\"3\" table:number-rows-spanned=\"2\"><text:p>x</text:p>"
            + "</table:table-cell>"
        let table =
            "<table:table table:name=\"T\">"
            + "<table:table-row table:number-rows-repeated=\"4\">\(cell)<table:covered-table-cell/>"
            + "</table:table-row></table:table>"
        for type in ["text", "spreadsheet", "presentation"] {
            let body =
                "<text:h text:outline-level=\"2\">h</text:h>\(table)<draw:page><draw:frame svg:x=\"1cm\" svg:y=\"2cm\">"
                + "<draw:text-box><text:p>y</text:p></draw:text-box></draw:frame></draw:page>"
            OfficeFiles.surviveDamage(OfficeFiles.openDocument(type, body, automatic: Self.hidden), seed: seed)
        }
    }
}
