import Testing

@testable import Library

@Suite struct NormalisedTextTests {
    private static let mark: [UInt8] = [0xef, 0xbb, 0xbf]

    static let rows: [(bytes: [UInt8], text: String)] = [
        ([], ""), (mark, ""), (mark + Array("a".utf8), "a"), (mark + mark + Array("a".utf8), "\u{feff}a"),
        (Array("a\r\nb".utf8), "a\nb"), (Array("a\rb".utf8), "a\nb"), (Array("a\nb".utf8), "a\nb"),
        (Array("a\r\r\nb".utf8), "a\n\nb"), (Array("a\n\rb".utf8), "a\n\nb"), (Array("\r\n\r\n".utf8), "\n\n"),
        (Array("\r".utf8), "\n"), (Array("a\r".utf8), "a\n"), (Array("\u{e9}\r\n\u{1f600}".utf8), "\u{e9}\n\u{1f600}"),
    ]

    @Test(arguments: rows)
    func `one kind of line end and no byte order mark`(row: (bytes: [UInt8], text: String)) throws {
        #expect(try NormalisedText.from(row.bytes) == Array(row.text.utf8))
    }

    @Test(arguments: [[0], [0x61, 0, 0x62], mark + [0], [0x50, 0x4b, 3, 4, 0, 0], [0xff, 0xfe, 0x61, 0]])
    func `a zero byte means binary`(bytes: [UInt8]) {
        #expect(throws: IngestFailure.binaryContent) { try NormalisedText.from(bytes) }
    }

    @Test(
        arguments: [
            [0xff], [0x80], [0xc3], [0x61, 0xe9, 0x62], [0xc0, 0xaf], [0xe0, 0x80, 0xaf], [0xed, 0xa0, 0x80],
            [0xf4, 0x90, 0x80, 0x80], [0xf0, 0x9f, 0x98], [0xfe, 0xff],
        ] as [[UInt8]])
    func `what is not UTF-8 is refused, never repaired`(bytes: [UInt8]) {
        #expect(throws: IngestFailure.notUTF8) { try NormalisedText.from(bytes) }
    }

    @Test(arguments: ["", " \n\t\n ", "\u{feff}", "\n\n\n"])
    func `a document without text is refused`(text: String) {
        for type in [MediaType.markdown, .plain] {
            #expect(throws: IngestFailure.noText) {
                try DocumentParser.parse(Array(text.utf8), as: type, name: "x")
            }
        }
    }

    @Test func `a paragraph of plain text is a run of lines`() throws {
        let source = "First line\nsecond line\n\n  \t\nNext one\r\n\r\nLast, without an end"
        let parsed = try DocumentParser.parse(Array(source.utf8), as: .plain, name: "notes.txt")
        #expect(parsed.title == "First line")
        #expect(
            parsed.blocks.map { parsed.words(of: $0) } == [
                "First line\nsecond line", "Next one", "Last, without an end",
            ])
        #expect(parsed.blocks.allSatisfy { $0.kind == .paragraph && $0.headings.isEmpty })
        #expect(parsed.parser == "plain-text/1")
    }

    @Test func `a long first line is no title`() throws {
        let line = String(repeating: "word ", count: 40)
        let parsed = try DocumentParser.parse(Array(line.utf8), as: .plain, name: "notes.txt")
        #expect(parsed.title == "notes.txt")
    }

    @Test func `markup is only text in plain text`() throws {
        let parsed = try DocumentParser.parse(Array("# not <b>a</b> heading".utf8), as: .plain, name: "x")
        #expect(parsed.words(of: parsed.blocks[0]) == "# not <b>a</b> heading")
    }
}

extension ParsedDocument {
    func words(of block: Block) -> String { String(decoding: text[block.range], as: UTF8.self) }

    /// One line a block: kind, heading path, text.
    var outline: String {
        blocks.map { "\($0.kind) [\($0.headings.joined(separator: " / "))] \(words(of: $0))" }.joined(separator: "\n")
    }
}
