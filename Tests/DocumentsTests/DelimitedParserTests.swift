import Testing

@testable import Documents

@Suite struct DelimitedParserTests {
    private func parse(_ source: String, name: String = "a.csv") throws -> ParsedDocument {
        try DocumentParser.parse(Array(source.utf8), name: name)
    }

    private func cells(_ parsed: ParsedDocument) -> [[String]] {
        parsed.blocks.compactMap(\.table).flatMap(\.rows).map { row in
            row.map { String(decoding: parsed.text[$0], as: UTF8.self) }
        }
    }

    static let rows: [(source: String, cells: [[String]])] = [
        ("a,b\n1,2", [["a", "b"], ["1", "2"]]), ("a;b\r\n1,5;2,5\r\n", [["a", "b"], ["1,5", "2,5"]]),
        ("a\tb\n1\t2\n", [["a", "b"], ["1", "2"]]), ("a|b\n1|2\n", [["a", "b"], ["1", "2"]]),
        ("sep=;\na,x;b\n1;2", [["a,x", "b"], ["1", "2"]]),
        ("a,b\n\"x, y\",\"he said \"\"no\"\"\"\n", [["a", "b"], ["x, y", "he said \"no\""]]),
        ("a,b\n\"two\nlines\",2\n", [["a", "b"], ["two lines", "2"]]), ("a, \"b\"\n1,2", [["a", "b"], ["1", "2"]]),
        ("a,b,c\n1\n\n1,2,3,4\n,,\n", [["a", "b", "c"], ["1"], ["1", "2", "3", "4"]]),
        ("a,b\n\"never closed,1\nx,y\n", [["a", "b"], ["\"never closed", "1"], ["x", "y"]]),
        ("name\nAnna\nBert", [["name"], ["Anna"], ["Bert"]]), ("a,,c\n,,\n1,,3", [["a", "", "c"], ["1", "", "3"]]),
        ("a,b\n=1+2,@SUM(A1)", [["a", "b"], ["=1+2", "@SUM(A1)"]]), ("\u{feff}a,b\r1,2", [["a", "b"], ["1", "2"]]),
    ]

    @Test(arguments: rows)
    func `cells are what RFC 4180 says, and words when nothing else`(row: (source: String, cells: [[String]])) throws {
        #expect(cells(try parse(row.source)) == row.cells)
    }

    static let headers: [(source: String, rows: Int)] = [
        ("name,age\nAnna,5", 1), ("1,2\n3,4", 0), ("Region,2019,2020\nNorth,1,2", 1), ("2019,2020\n1,2", 0),
        ("name,age", 0), ("Anna,5\nBert,6", 0), ("Date,-\nx,1", 1), ("12.50 €,a\nb,c", 0),
    ]

    @Test(arguments: headers)
    func `the first row names the columns when it has names`(row: (source: String, rows: Int)) throws {
        #expect(try parse(row.source).blocks[0].table?.headerRows == row.rows)
    }

    @Test func `lines above the table are paragraphs`() throws {
        let parsed = try parse("Sales report,,\nNorth only,,\n\nName,Q1,Q2\nAnna,1,2\n")
        #expect(
            parsed.outline == """
                paragraph [] Sales report
                paragraph [] North only
                table [] Name | Q1 | Q2
                Anna | 1 | 2
                """)
        #expect(parsed.blocks[2].table?.headerRows == 1)
    }

    @Test func `a long file becomes several tables, of which the first has the header`() throws {
        let source = "id,word\n" + (1...500).map { "\($0),word\($0)\n" }.joined()
        let parsed = try parse(source)
        #expect(parsed.blocks.count == 11)
        #expect(parsed.blocks.map { $0.table?.headerRows } == [1] + Array(repeating: 0, count: 10))
        #expect(cells(parsed).count == 501)
        #expect(parsed.blocks.allSatisfy { $0.table.map { $0.rows.count <= 51 } ?? false })
    }

    @Test func `a quote that is never closed costs no time and no text`() throws {
        let parsed = try parse(String(repeating: "\"a,\"\"\n", count: 100_000) + "\"last")
        #expect(parsed.notes == [.repaired])
        #expect(String(decoding: parsed.text, as: UTF8.self).hasSuffix("last"))
    }

    @Test func `endless rows and columns are bounded`() throws {
        let wide = try parse("a,b\n" + String(repeating: "x,", count: 300_000))
        #expect(wide.blocks.compactMap(\.table).flatMap(\.rows).allSatisfy { $0.count <= DelimitedReader.cellsMax })
        #expect(throws: ParseFailure.noText) { try parse(String(repeating: ",", count: 1_000_000)) }
        #expect(throws: ParseFailure.noText) { try parse(String(repeating: "\n,\n", count: 300_000)) }
    }

    @Test(arguments: [UInt64](0..<10))
    func `damage does no harm`(seed: UInt64) {
        let source = "name;note\n" + (1...40).map { "A\($0);\"x \"\"\($0)\"\"; y\"\n" }.joined()
        for bytes in damaged(Array(source.utf8), seed: seed, count: 100) {
            _ = try? DocumentParser.parse(bytes, name: "a.csv")
        }
    }

    @Test(.enabled(if: RealFiles.exist("docparse-docling")), arguments: ["comma", "pipe", "semicolon", "tab"])
    func `real files of every delimiter have the same cells`(kind: String) throws {
        let bytes = try #require(RealFiles.bytes("docparse-docling/csv/sources/csv-\(kind).csv"))
        let found = cells(try DocumentParser.parse(bytes, name: "x.csv"))
        #expect(found.count == 6 && found.allSatisfy { $0.count == 12 })
        #expect(found[1][2] == "Sheryl")
    }
}
