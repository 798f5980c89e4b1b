import Testing

@testable import Documents

@Suite struct JSONParserTests {
    private func parse(_ source: String, name: String = "a.json") throws -> ParsedDocument {
        try DocumentParser.parse(Array(source.utf8), name: name)
    }

    private static let source = """
        {
          "name": "Clinic",
          "beds": 30,
          "address": {"city": "Köln", "zip": "50667"},
          "tags": ["public", "teaching"],
          "staff": [
            {"name": "Anna", "role": "nurse"},
            {"name": "Bert", "role": "cook"}
          ],
          "rota": {
            "week": 1,
            "days": [{"day": "Mon", "shifts": [{"from": 6, "who": ["Anna", "Bert"]}, {"from": 14, "who": []}]}]
          },
          "open": true
        }
        """

    private static let golden = """
        paragraph [] name: Clinic
        beds: 30
        address.city: Köln
        address.zip: 50667
        tags: public, teaching
        open: true
        heading(level: 1) [] staff
        table [staff] name | role
        Anna | nurse
        Bert | cook
        heading(level: 1) [] rota
        paragraph [rota] week: 1
        heading(level: 2) [rota] days
        paragraph [rota / days] day: Mon
        shifts[0].from: 6
        shifts[0].who: Anna, Bert
        shifts[1].from: 14
        """

    @Test func `an object is lines, sections and tables`() throws {
        let parsed = try parse(Self.source)
        #expect(parsed.outline == Self.golden)
        #expect(parsed.notes.isEmpty && parsed.title == "a.json")
        #expect(parsed.blocks[2].table?.headerRows == 1)
    }

    static let rows: [(source: String, outline: String)] = [
        ("\"only words\"", "paragraph [] only words"), ("[1, 2, 3]", "paragraph [] 1, 2, 3"),
        ("[[1, 2], [3, 4]]", "table [] 1 | 2\n3 | 4"),
        (#"[{"a": {"b": 1}}, {"a": {"b": 2}}]"#, "paragraph [] a.b: 1\nparagraph [] a.b: 2"),
        (#"[{"a": 1}, {"a": 2, "b": null}]"#, "table [] a | b\n1 | \n2 | null"),
        (#"{"a\nb": "c\u00e9\ud83d\ude00\ud83d \"q\" \\ \/"}"#, "paragraph [] a\nb: cé😀\u{fffd} \"q\" \\ /"),
        (#"{"a": 1} {"a": 2}"#, "table [] a\n1\n2"),
        ("{\"a\": 1}\n\n{\"b\": [1]}", "paragraph [] a: 1\nparagraph [] b: 1"),
        ("[[[1.5, 2], [3, -4e5]], 7]", "paragraph [] [0]: 1.5, 2\n[1]: 3, -4e5\nparagraph [] 7"),
    ]

    @Test(arguments: rows)
    func `any value becomes blocks`(row: (source: String, outline: String)) throws {
        let parsed = try parse(row.source)
        #expect(parsed.outline == row.outline)
        #expect(parsed.notes.isEmpty)
    }

    @Test func `lines of JSON are one table, or a block each`() throws {
        let flat = try parse("{\"id\": 1, \"t\": \"a\"}\n{\"id\": 2, \"t\": \"b\"}\n", name: "a.jsonl")
        #expect(flat.outline == "table [] id | t\n1 | a\n2 | b")
        let long = String(repeating: "word ", count: 100)
        let texts = try parse("{\"t\": \"\(long)1\"}\n{\"t\": \"\(long)2\"}\n", name: "a.jsonl")
        #expect(texts.blocks.map(\.kind) == [.paragraph, .paragraph])
    }

    @Test func `a broken line of JSON Lines is given as it stands, and the next are read`() throws {
        let parsed = try parse("{\"a\": 1}\n{oops}\n{\"a\": {\"b\": 2}}\n", name: "a.jsonl")
        let text = String(decoding: parsed.text, as: UTF8.self)
        #expect(text.contains("a\n1") && text.contains("oops}") && text.contains("a.b: 2"))
        #expect(parsed.notes == [.repaired])
    }

    static let broken: [(source: String, parts: [String])] = [
        ("{\"a\": 1, \"b\": \"cut off he", ["a: 1", "b: cut off he"]),
        ("{\"a\": 1, \"b\": [1, 2", ["a: 1", "b: 1, 2"]), ("{\"a\": 1, \"b\"", ["a: 1", "\"b\""]),
        ("{\"a\": 1} trailing words", ["a: 1", "words"]), ("{\"a\": 1]\nrest", ["a: 1", "]\nrest"]),
        ("not JSON, but words", ["not", "JSON, but words"]), ("// note\n{'a': 1}", ["'a': 1"]), ("]", ["]"]),
        ("{\"a\": [{\"b\": 1}, {\"b\": 2}, {\"b\": ", ["b\n1\n2"]), ("{\"a\": 1 \"b\": 2,}", ["a: 1\nb: 2"]),
        ("{\"a\": NaN, b: 2} // end", ["a: NaN\nb: 2"]), ("[1,,2]", ["1, 2"]), ("{\"a\": \"x\\", ["a: x"]),
    ]

    @Test(arguments: broken)
    func `of broken text nothing is lost`(row: (source: String, parts: [String])) throws {
        let parsed = try parse(row.source)
        let text = String(decoding: parsed.text, as: UTF8.self)
        for part in row.parts { #expect(text.contains(part), "\(text)") }
        #expect(parsed.notes == [.repaired])
    }

    @Test(arguments: ["[", "{\"a\":", "[{\"a\":", "[[1],"])
    func `depth is bounded`(opening: String) throws {
        let source = String(repeating: opening, count: 100_000)
        let parsed = try parse(source + "1")
        #expect(parsed.notes == [.repaired])
        #expect(JSONReader(Array(source.utf8)).depthReached <= JSONReader.depthMax)
    }

    @Test func `long names and deep paths do not grow without end`() throws {
        let name = String(repeating: "n", count: 5_000)
        let deep = String(repeating: "{\"\(name)\":", count: 50) + "[" + String(repeating: "{\"a\":1},", count: 1_000)
        let parsed = try parse(deep)
        #expect(parsed.text.count < 2_000_000)
    }

    @Test func `very many elements, columns and members are read in time`() throws {
        let elements = try parse("[" + String(repeating: "1,", count: 500_000) + "1]")
        #expect(elements.blocks.count > 100)
        let wide = (0..<50_000).map { "\"k\($0)\": {\"x\": [{}]}" }.joined(separator: ",")
        #expect(try parse("{\(wide), \"y\": 1}").blocks.count > 10_000)
        let table = try parse("[" + (0..<5_000).map { "{\"a\": \($0)}" }.joined(separator: ",") + "]")
        #expect(table.blocks.count == 100)
    }

    @Test(arguments: [UInt64](0..<10))
    func `damage does no harm`(seed: UInt64) {
        for bytes in damaged(Array(Self.source.utf8), seed: seed, count: 200) {
            for name in ["a.json", "a.jsonl"] { _ = try? DocumentParser.parse(bytes, name: name) }
        }
    }
}

extension JSONReader {
    /// The deepest that a walk over everything gets.
    fileprivate var depthReached: Int {
        var (copy, depth, deepest) = (self, 0, 0)
        while let event = copy.next() {
            if case .begin = event { depth += 1 }
            if event == .end { depth -= 1 }
            deepest = max(deepest, depth)
        }
        return deepest
    }
}

@Suite struct SourceCodeParserTests {
    private func parse(_ source: String) throws -> ParsedDocument {
        try DocumentParser.parse(Array(source.utf8), name: "a.py")
    }

    @Test func `a block is a declaration with what stands in it`() throws {
        let parsed = try parse(
            "# Comment\nimport os\n\n\ndef one():\n    x = 1\n\n    return x\n\ndef two():\n\treturn 2\n")
        #expect(
            parsed.blocks.map { parsed.words(of: $0) } == [
                "# Comment\nimport os", "def one():\n    x = 1\n\n    return x", "def two():\n\treturn 2",
            ])
        #expect(parsed.blocks.allSatisfy { $0.kind == .code })
        #expect(parsed.title == "a.py")
    }

    @Test func `letters that turn the direction of reading are gone`() throws {
        let parsed = try parse("if admin: \u{202e}# tnemmoc\u{2066}\n    go()")
        #expect(parsed.words(of: parsed.blocks[0]) == "if admin: # tnemmoc\n    go()")
    }

    @Test func `long code is cut`() throws {
        let lines = (0..<5_000).map { "    line \($0)" }.joined(separator: "\n")
        #expect(try parse(lines).blocks.count == 25)
        let spaced = (0..<5_000).map { "    line \($0)" }.joined(separator: "\n\n")
        #expect(try parse(spaced).blocks.count > 20)
        #expect(throws: ParseFailure.noText) { try parse(String(repeating: "\n \n", count: 200_000)) }
    }
}
