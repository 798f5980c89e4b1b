import Testing

@testable import Documents

@Suite struct WorkbookParserTests {
    private func parse(_ rows: String, extra: OfficeFiles.Members = [], properties: String = "") throws
        -> ParsedDocument
    {
        try OfficeFiles.parse(
            OfficeFiles.workbook([("S", "", rows)], properties: properties, extra: extra))
    }

    private func outline(_ rows: String, extra: OfficeFiles.Members = [], properties: String = "") throws -> String {
        try parse("<sheetData>\(rows)</sheetData>", extra: extra, properties: properties).outline
    }

    private func text(_ place: String, _ words: String) -> String {
        "<c r=\"\(place)\" t=\"inlineStr\"><is><t>\(words)</t></is></c>"
    }

    static let styles = (
        path: "xl/styles.xml",
        content: """
        <styleSheet><numFmts><numFmt numFmtId="170" formatCode="&quot;EUR&quot;\\ #,##0.00;[Red]\\-#,##0.00"/>
        <numFmt numFmtId="171" formatCode="d/m/yyyy\\ hh:mm"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>
        <xf numFmtId="10"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs></styleSheet>
        """
    )

    @Test func `cells read as they were last shown`() throws {
        let strings = (
            path: "xl/sharedStrings.xml",
            content: "<sst><si><t>Name</t></si><si><r><t>Ri</t></r><r><t>ch</t></r><rPh><t>NO</t></rPh></si></sst>"
        )
        let rows = """
            <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>\(text("C1", "a_x000D_b"))</row>
            <row r="2"><c r="A2"><v>0.30000000000000004</v></c><c r="B2" s="1"><v>45322</v></c><c r="C2" s="2">\
            <v>0.1256</v></c></row>
            <row r="3"><c r="A3" s="3"><v>1234567.891</v></c><c r="B3" s="3"><v>-5</v></c><c r="C3" s="4">\
            <v>45322.5</v></c></row>
            <row r="4"><c r="A4" t="b"><v>1</v></c><c r="B4" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="C4" t="str">\
            <f>A1</f><v>kept</v></c></row>
            <row r="5"><c r="A5" t="s"><v>99</v></c><c r="B5"><f>SUM(A1)</f></c><c r="C5"><v>1E+30</v></c></row>
            """
        #expect(
            try outline(rows, extra: [Self.styles, strings]) == """
                heading(level: 1) [] S
                table [S] Name | Rich | a b
                0.3 | 2024-01-31 | 12.56%
                EUR 1,234,567.89 | -5.00 | 2024-01-31 12:00
                TRUE | #DIV/0! | kept
                 |  | 1E+30
                """)
    }

    @Test func `the other epoch is used where the workbook says so`() throws {
        let row = "<row><c s=\"1\"><v>0</v></c><c s=\"1\"><v>1</v></c></row>"
        #expect(try outline(row, extra: [Self.styles]).hasSuffix("1899-12-31 | 1900-01-01"))
        #expect(
            try outline(row, extra: [Self.styles], properties: "<workbookPr date1904=\"1\"/>")
                .hasSuffix("1904-01-01 | 1904-01-02"))
    }

    @Test func `hidden sheets are not read, broken ones are noted`() throws {
        let row = "<sheetData><row>\(text("A1", "words"))</row></sheetData>"
        let parsed = try OfficeFiles.parse(
            OfficeFiles.workbook([
                ("A", "", row), ("B", "state=\"hidden\"", row), ("C", "state=\"veryHidden\"", row),
                ("D", "", "<broken"),
            ]))
        #expect(parsed.outline == "heading(level: 1) [] A\nparagraph [A] words\nheading(level: 1) [] D")
        #expect(parsed.notes == [.hiddenText, .partUnreadable])
    }

    @Test func `empty rows part tables, a line above one is a paragraph, long ones are cut with their header`() throws {
        let title = "<row r=\"1\">\(text("A1", "Title"))</row><row r=\"2\">\(text("A2", "k"))\(text("C2", "v"))</row>"
        let body = (3...102).map {
            "<row r=\"\($0)\"><c r=\"A\($0)\"><v>\($0)</v></c><c r=\"C\($0)\"><v>1</v></c></row>"
        }
        let other = "<row r=\"200\"><c r=\"A200\"><v>1</v></c><c r=\"B200\"><v>2</v></c></row>"
        let parsed = try parse("<sheetData>\(title)\(body.joined())\(other)</sheetData>")
        #expect(parsed.blocks.map(\.kind) == [.heading(level: 1), .paragraph, .table, .table, .table, .table])
        #expect(parsed.blocks.compactMap { $0.table?.rows.count } == [50, 50, 3, 1])
        #expect(parsed.blocks.compactMap { $0.table?.headerRows } == [1, 1, 1, 0])
        #expect(parsed.words(of: parsed.blocks[4]) == "k | v\n101 | 1\n102 | 1")
    }

    @Test func `a merged cell is said in each of its rows`() throws {
        let rows =
            "<row r=\"1\">\(text("A1", "k"))\(text("B1", "v"))</row><row r=\"2\">\(text("A2", "North"))<c r=\"B2\">"
            + "<v>1</v></c>"
            + "</row><row r=\"3\"><c r=\"B3\"><v>2</v></c></row>"
        let merges =
            "<mergeCells><mergeCell ref=\"A2:A1048576\"/><mergeCell ref=\"B9:B1\"/><mergeCell ref=\"x\"/></mergeCells>"
        let parsed = try parse("<sheetData>\(rows)</sheetData>\(merges)")
        #expect(parsed.words(of: parsed.blocks[1]) == "k | v\nNorth | 1\nNorth | 2")
    }

    @Test func `a sheet that claims a billion cells takes what it holds`() throws {
        let rows =
            "<dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"XFD1\"><v>2</v>"
            + "</c></row>"
            + "<row r=\"1048576\"><c r=\"XFD1048576\"><v>3</v></c></row><row r=\"99999999\"><c r=\"XFE1\"><v>4</v></c>"
            + "</row></sheetData>"
        let parsed = try parse(rows)
        #expect(parsed.blocks.count < 5 && parsed.text.count < 50)
    }

    @Test func `one long string in many cells ends at the limit`() {
        var limits = ParseLimits()
        limits.textBytesMax = 100_000
        let strings = [("xl/sharedStrings.xml", "<sst><si><t>\(String(repeating: "x", count: 10_000))</t></si></sst>")]
        let row = "<row>" + String(repeating: "<c t=\"s\"><v>0</v></c>", count: 5000) + "</row>"
        #expect(throws: ParseFailure.textTooLong) {
            try OfficeFiles.parse(
                OfficeFiles.workbook([("S", "", "<sheetData>\(row)</sheetData>")], extra: strings), limits: limits)
        }
    }

    @Test func `merges over everything end soon`() throws {
        let rows = (1...2000).map { "<row r=\"\($0)\"><c r=\"A\($0)\"><v>1</v></c><c r=\"B\($0)\"><v>1</v></c></row>" }
        let merges = (0..<3000).map { "<mergeCell ref=\"\($0 % 2 == 0 ? "A" : "B")\($0 % 1000 + 1):A1048576\"/>" }
        let parsed = try parse("<sheetData>\(rows.joined())</sheetData><mergeCells>\(merges.joined())</mergeCells>")
        #expect(parsed.blocks.count > 10)
    }

    static let formats: [(code: String, value: Double, text: String)] = [
        ("General", 1e21, "1E+21"), ("General", 123456789012345680, "123456789012346000"), ("General", 0.1, "0.1"),
        ("General", 1e-12, "1E-12"), ("General", -0.000001, "-0.000001"), ("General", 100, "100"), ("0", 2.5, "3"),
        ("0.00", 1.005, "1.01"), ("0.00", 9.999, "10.00"), ("0.0#", 1, "1.0"), ("#,##0", 1_234_567.5, "1,234,568"),
        ("#,##0", -999.5, "-1,000"), ("0%", 0.285, "29%"), ("0.0%", 1, "100.0%"), ("[$€-407] #,##0.00", 5, "€ 5.00"),
        ("#,##0.00\\ \"kg\"", 3, "3.00 kg"), ("$#,##0;($#,##0)", -7, "($7)"), ("yyyy", 45322, "2024"),
        ("mmm-yy", 45322, "2024-01"), ("d. mmmm yyyy", 45322, "2024-01-31"), ("h:mm AM/PM", 0.75, "18:00"),
        ("mm:ss", 0.001, "01:26"), ("[h]:mm:ss", 2.5, "60:00:00"), ("yyyy-mm-dd", 59, "1900-02-28"),
        ("yyyy-mm-dd", 61, "1900-03-01"), ("yyyy-mm-dd", -1, "-1"), ("yyyy-mm-dd", 1e300, "1E+300"),
        ("yyyy-mm-dd hh:mm:ss", 45322.999999, "2024-02-01 00:00:00"), ("0.00E+00", 12345, "12345"),
        ("# ?/?", 0.5, "0.5"),
        ("0.0,,\"M\"", 5_000_000, "5000000"), ("[<100]0.0;0", 5.25, "5.25"), ("@", 5, "5"), ("\"", 5, "5"),
        ("[", 5, "5"),
        ("", 5, "5"), ("0\\", 5, "5"), (";;;", 5, "5"),
        ("0.000000000000000000000000000000000000000", 1, "1." + String(repeating: "0", count: 30)),
    ]

    @Test(arguments: formats)
    func `a number is shown by its format`(row: (code: String, value: Double, text: String)) {
        #expect(NumberFormat(row.code).text(of: row.value, is1904: false) == row.text)
    }

    @Test func `cell references`() {
        #expect(CellReference("A1").map { [$0.row, $0.column] } == [0, 0])
        #expect(CellReference("$XFD$1048576").map { [$0.row, $0.column] } == [1_048_575, 16_383])
        for wrong in ["", "A", "1", "A0", "XFE1", "A1048577", "1A", "a1", "A99999999999999999999", "ZZZZZZZZZZZZZZZZ1"]
        {
            #expect(CellReference(wrong) == nil, "\(wrong)")
        }
    }

    @Test(arguments: 0..<20)
    func `damage does no harm`(seed: UInt64) {
        let rows =
            "<sheetData><row r=\"1\">\(text("A1", "k"))<c r=\"B1\" s=\"3\"><v>12.5</v></c></row><row r=\"2\">"
            + "<c r=\"A2\" s=\"4\">"
            + "<v>45322.5</v></c><c r=\"B2\" t=\"s\"><v>0</v></c></row></sheetData><mergeCells>"
            + "<mergeCell ref=\"A1:B2\"/></mergeCells>"
        OfficeFiles.surviveDamage(
            OfficeFiles.workbook(
                [("S", "", rows)], extra: [Self.styles, ("xl/sharedStrings.xml", "<sst><si><t>x</t></si></sst>")]),
            seed: seed)
    }
}
