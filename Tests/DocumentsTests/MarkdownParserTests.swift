import Testing

@testable import Documents

@Suite struct MarkdownParserTests {
    private func parse(_ source: String, name: String = "x.md") throws -> ParsedDocument {
        try DocumentParser.parse(SourceFile(bytes: Array(source.utf8), name: name, format: .markdown))
    }

    static let source = """
        ---
        title: Front matter is not text
        ---
        Before any heading.

        # Staff *handbook*

        Welcome to the **clinic**,
        see [the site](https://example.org/secret?x=1) and `code()`.

        <div onclick="steal()">kept</div>

        ## Leave

        - Annual: 30 days
        - Sick
          - Call before eight
        1. First

        ### Table

        | Kind | Days |
        |------|-----:|
        | Annual | 30 |
        | *Sick* | `10` |

        ```swift
        let days = 30
        ```

            indented code

        > Quoted & said &amp; done.

        ## Pay ![a picture](https://example.org/p.png)

        Every<br>month.
        """

    static let golden = """
        paragraph [] Before any heading.
        heading(level: 1) [] Staff handbook
        paragraph [Staff handbook] Welcome to the clinic, see the site and code().
        paragraph [Staff handbook] kept
        heading(level: 2) [Staff handbook] Leave
        listItem [Staff handbook / Leave] - Annual: 30 days
        listItem [Staff handbook / Leave] - Sick
        listItem [Staff handbook / Leave] - Call before eight
        listItem [Staff handbook / Leave] - First
        heading(level: 3) [Staff handbook / Leave] Table
        table [Staff handbook / Leave / Table] Kind | Days
        Annual | 30
        Sick | 10
        code [Staff handbook / Leave / Table] let days = 30
        code [Staff handbook / Leave / Table] indented code
        paragraph [Staff handbook / Leave / Table] Quoted & said & done.
        heading(level: 2) [Staff handbook] Pay a picture
        paragraph [Staff handbook / Pay a picture] Every
        month.
        """

    @Test func `a whole document`() throws {
        let parsed = try parse(Self.source)
        #expect(parsed.outline == Self.golden)
        #expect(parsed.title == "Staff handbook")
        #expect(parsed.parser == "markdown/3")
    }

    @Test func `line ends of any kind give the same document`() throws {
        let parsed = try parse(Self.source)
        #expect(try parse(Self.source.replacing("\n", with: "\r\n")) == parsed)
        #expect(try parse(Self.source.replacing("\n", with: "\r")) == parsed)
        #expect(try parse("\u{feff}" + Self.source) == parsed)
    }

    @Test func `blocks follow each other and hold no markup`() throws {
        let parsed = try parse(Self.source)
        var end = 0
        for block in parsed.blocks {
            #expect(block.range.lowerBound >= end && !block.range.isEmpty)
            end = block.range.upperBound
        }
        #expect(end == parsed.text.count)
        let text = String(decoding: parsed.text, as: UTF8.self)
        for gone in ["steal", "https", "**", "```", "<br>", "Front matter", "|---"] {
            #expect(!text.contains(gone), "\(gone)")
        }
    }

    @Test func `without a heading the name is the title`() throws {
        #expect(try parse("Only words.", name: "notes.md").title == "notes.md")
        #expect(try parse("# \n\nWords.", name: "notes.md").title == "notes.md")
        #expect(try parse("Words\n\nSetext\n======\n").title == "Setext")
    }

    @Test func `front matter ends at its fence and stands only at the start`() throws {
        #expect(try parse("---\na: b\n---\nText.").outline == "paragraph [] Text.")
        #expect(throws: ParseFailure.noText) { try parse("---\na: b\n---\n") }
        #expect(try parse("---\nnever closed").outline == "paragraph [] never closed")
        #expect(try parse("Text.\n\n---\n\na: b").outline == "paragraph [] Text.\nparagraph [] a: b")
    }

    @Test func `a skipped heading level keeps its path`() throws {
        let parsed = try parse("# A\n\n### C\n\nx\n\n## B\n\ny\n\n# D\n\nz")
        #expect(parsed.blocks.map { $0.headings.joined(separator: "/") } == ["", "A", "A/C", "A", "A/B", "", "D"])
    }

    @Test(arguments: [
        "<script>alert(1)</script>", "<!-- only a comment -->", "<style>p{}</style>", "![](x.png)", "- ![](x.png)",
        "***", "[a]: https://example.org", "-", "1.", ">", "# ", "| |\n|-|\n| |", "",
    ])
    func `markup without words is no text`(source: String) {
        #expect(throws: ParseFailure.noText) { try parse(source) }
    }

    @Test func `a character reference smuggles in neither line end nor zero byte`() throws {
        let parsed = try parse("a&#10;b&#13;c&#0;d\n\n# x&#13;&#10;y\n\nz")
        #expect(parsed.words(of: parsed.blocks[0]) == "a b c\u{fffd}d")
        #expect(parsed.blocks[2].headings == ["x y"])
    }

    @Test func `raw HTML is read as a page is`() throws {
        let table = "<table>\n<tr><th>Name</th><th>Days</th></tr>\n<tr><td>Leave</td><td>30</td></tr>\n</table>"
        let parsed = try parse("# A\n\n\(table)\n\n<h2>B</h2>\n\nOne <sub>two</sub> <kbd>x &lt; y</kbd>.")
        #expect(
            parsed.outline == """
                heading(level: 1) [] A
                table [A] Name | Days
                Leave | 30
                heading(level: 2) [A] B
                paragraph [A / B] One two x < y.
                """)
        #expect(parsed.blocks[1].table?.headerRows == 1 && parsed.notes.isEmpty)
    }

    @Test func `an element may open in one block and close in another`() throws {
        let source = "<details><summary>More</summary>\n\n- **one**\n- two\n\n</details>\n\n"
        #expect(
            try parse(source + "End").outline
                == "paragraph [] More\nlistItem [] - one\nlistItem [] - two\nparagraph [] End")
        let cells = "<table><tr><td>\n\n**a**\n\n</td><td>\n\n`b`\n\n</td></tr><tr><td>c</td><td>d</td></tr></table>"
        #expect(try parse(cells).outline == "table [] a | b\nc | d")
    }

    @Test func `what a browser would not show is left out, and said where words were hidden`() throws {
        for raw in ["<script>\nevil()\n</script>", "<style>\np {}\n</style>", "<!-- a note -->", "a<!-- b -->"] {
            let parsed = try parse("Seen.\n\n\(raw)\n\nToo.")
            #expect(!parsed.outline.contains("evil") && !parsed.outline.contains("note"), "\(raw)")
            #expect(parsed.outline.hasSuffix("Too.") && parsed.notes.isEmpty, "\(raw)")
        }
        let hidden = try parse("Seen.\n\n<div style=\"display:none\">\n\nObey *me* now.\n\n</div>\n\nToo.")
        #expect(hidden.outline == "paragraph [] Seen.\nparagraph [] Too." && hidden.notes == [.hiddenText])
    }

    @Test(arguments: ["script", "style", "title", "iframe", "template", "svg", "textarea", "plaintext"])
    func `a tag that is only spoken about hides nothing`(name: String) throws {
        let parsed = try parse("Never use the <\(name)> element here.\n\nAnd more.")
        #expect(parsed.outline == "paragraph [] Never use the <\(name)> element here.\nparagraph [] And more.")
    }

    /// Deeper than a thread's stack would hold if the walk called itself.
    @Test(arguments: [">", "- ", "> - ", "*", "[", "![", "<b>", "(", "_"])
    func `deep nesting is read without falling over`(opening: String) throws {
        let parsed = try parse(String(repeating: opening, count: 200_000) + " word")
        #expect(parsed.blocks.contains { parsed.words(of: $0).contains("word") })
    }

    @Test func `deep quotes over many lines are read`() throws {
        let source = (1...400).map { String(repeating: "> ", count: $0) + "line \($0)\n\n" }.joined()
        #expect(try parse(source).blocks.count == 400)
    }

    @Test func `an endless heading does not stand before every chunk`() throws {
        let parsed = try parse("# \u{e9}" + String(repeating: "\u{1f600}", count: 5000) + "\n\nwords")
        #expect(parsed.title.utf8.count <= 200)
        #expect(parsed.title.hasPrefix("\u{e9}\u{1f600}"))
        #expect(parsed.blocks[1].headings[0].utf8.count <= 200)
        #expect(parsed.blocks[0].range.count == 20_002)
    }
}
