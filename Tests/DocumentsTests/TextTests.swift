import Testing

@testable import Documents

@Suite struct TextDecodingTests {
    private static let mark: [UInt8] = [0xef, 0xbb, 0xbf]

    static let rows: [(bytes: [UInt8], text: String)] = [
        ([], ""), (mark, ""), (mark + Array("a".utf8), "a"), (mark + mark + Array("a".utf8), "\u{feff}a"),
        (Array("a\r\nb".utf8), "a\nb"), (Array("a\rb".utf8), "a\nb"), (Array("a\nb".utf8), "a\nb"),
        (Array("a\r\r\nb".utf8), "a\n\nb"), (Array("a\n\rb".utf8), "a\n\nb"), (Array("\r\n\r\n".utf8), "\n\n"),
        (Array("\r".utf8), "\n"), (Array("a\r".utf8), "a\n"), (Array("\u{e9}\r\n\u{1f600}".utf8), "\u{e9}\n\u{1f600}"),
        ([0xff, 0xfe, 0x61, 0, 0xac, 0x20], "a\u{20ac}"), ([0xfe, 0xff, 0, 0x61, 0x20, 0xac], "a\u{20ac}"),
    ]

    @Test(arguments: rows)
    func `one kind of line end and no byte order mark`(row: (bytes: [UInt8], text: String)) throws {
        #expect(try TextDecoding.decode(row.bytes) == TextDecoding.Decoded(text: Array(row.text.utf8), isGuess: false))
    }

    @Test(arguments: [[0], [0x61, 0, 0x62], mark + [0], [0xff, 0xfe, 0, 0], [0xe9, 0]])
    func `a zero byte means binary`(bytes: [UInt8]) {
        #expect(throws: ParseFailure.notText) { try TextDecoding.decode(bytes) }
    }

    @Test func `what is not UTF-8 is taken for Windows-1252, with a note`() throws {
        let bytes: [UInt8] = [0x93, 0x63, 0x61, 0x66, 0xe9, 0x94, 0x20, 0x80]
        let parsed = try DocumentParser.parse(bytes, name: "x.txt")
        #expect(String(decoding: parsed.text, as: UTF8.self) == "\u{201c}caf\u{e9}\u{201d} \u{20ac}")
        #expect(parsed.notes == [.guessedCharacterSet])
    }

    static let charsets: [(name: String, bytes: [UInt8], text: String)] = [
        ("iso-8859-2", [0xb1, 0xe6], "ąć"), ("KOI8-R", [0xd0, 0xd2], "пр"), ("shift_jis", [0x93, 0xfa], "日"),
        ("\"windows-1251\"", [0xcf], "П"), ("ISO-8859-1", [0xe9], "é"),
        ("iso-2022-jp", [0x1b, 0x24, 0x42, 0x46, 0x7c], "日"),
    ]

    @Test(arguments: charsets)
    func `a declared character set is used`(row: (name: String, bytes: [UInt8], text: String)) throws {
        let decoded = try TextDecoding.decode(row.bytes, charset: row.name)
        #expect(String(decoding: decoded.text, as: UTF8.self) == row.text && !decoded.isGuess)
    }

    @Test(arguments: ["no-such-set", "../../etc/passwd", String(repeating: "x", count: 200), "UTF-8//TRANSLIT", "ü"])
    func `an unknown character set is said to be one`(name: String) {
        #expect(throws: ParseFailure.unknownCharacterSet) { try TextDecoding.decode([0xff], charset: name) }
    }

    @Test(arguments: [" \n\t\n ", "\u{feff}", "\n\n\n", "\u{200b}\u{ad}\u{202e}"])
    func `a document without text is refused`(text: String) {
        for name in ["x.md", "x.txt", "x"] {
            #expect(throws: ParseFailure.noText) { try DocumentParser.parse(Array(text.utf8), name: name) }
        }
    }
}

@Suite struct PlainTextParserTests {
    @Test func `a paragraph of plain text is a run of lines`() throws {
        let source = "First line\nsecond line\n\n  \t\nNext one\r\n\r\nLast, without an end"
        let parsed = try DocumentParser.parse(Array(source.utf8), name: "notes.txt")
        #expect(parsed.title == "First line")
        #expect(
            parsed.blocks.map { parsed.words(of: $0) } == [
                "First line\nsecond line", "Next one", "Last, without an end",
            ])
        #expect(parsed.blocks.allSatisfy { $0.kind == .paragraph && $0.headings.isEmpty })
        #expect(parsed.parser == "plain-text/2")
    }

    @Test func `a long first line is no title`() throws {
        let line = String(repeating: "word ", count: 40)
        let parsed = try DocumentParser.parse(Array(line.utf8), name: "notes.txt")
        #expect(parsed.title == "notes.txt")
    }

    @Test func `markup is only text in plain text`() throws {
        let parsed = try DocumentParser.parse(Array("# not <b>a</b> heading".utf8), name: "x.txt")
        #expect(parsed.words(of: parsed.blocks[0]) == "# not <b>a</b> heading")
    }
}

extension ParsedDocument {
    func words(of block: DocumentLayout.Block) -> String { String(decoding: text[block.range], as: UTF8.self) }

    /// One line a block: kind, heading path, text.
    var outline: String {
        blocks.map { "\($0.kind) [\($0.headings.joined(separator: " / "))] \(words(of: $0))" }.joined(separator: "\n")
    }
}
