import TestKit
import Testing

@testable import Documents

@Suite struct RTFParserTests {
    private func parse(_ body: String) throws -> ParsedDocument {
        try DocumentParser.parse(Array("{\\rtf1\\ansi\\ansicpg1252 \(body)}".utf8), name: "x.rtf")
    }

    private func outline(_ body: String) throws -> String { try parse(body).outline }

    static let fonts =
        #"{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Times;}{\f2\fcharset134 SimSun;}{\f3\fcharset2 Symbol;}}"#

    @Test func `paragraphs, headings, lists and tables are read in order`() throws {
        let body = #"""
            {\stylesheet{\s1\outlinelevel0 heading 1;}{\s2 heading 2;}{\*\cs10 Font;}}{\info{\title The {\b \#
            ti}tle}{\author NO}}
            {\header NO}{\footer NO}\pard\s1 First\par\pard\outlinelevel1 Second\par\pard text\line more\tab end\par
            {\listtext 2.\tab}\ls1 item\par{\pntext\'b7\tab}bullet\par\pard\trowd\trhdr\cellx1\cellx2\intbl A\cell \#
            B\cell\row
            \trowd\clvmgf\cellx1\cellx2\intbl C\cell 1\par 2\cell\row\trowd\clvmrg\cellx1\cellx2\intbl \cell 3\cell\row
            \pard\s2 Third\par\pard last
            """#
        let parsed = try parse(body)
        #expect(
            parsed.outline == """
                heading(level: 1) [] First
                heading(level: 2) [First] Second
                paragraph [First / Second] text more end
                listItem [First / Second] - 2. item
                listItem [First / Second] - bullet
                table [First / Second] A | B
                C | 1 2
                C | 3
                heading(level: 2) [First] Third
                paragraph [First / Third] last
                """)
        #expect(parsed.title == "The title" && parsed.notes.isEmpty)
    }

    static let characters: [(source: String, text: String)] = [
        (#"caf\'e9 \'80"#, "café €"), (#"\u8364?x"#, "€x"), (#"\u8364 ?x"#, "€x"), (#"\uc0\u8364x"#, "€x"),
        (#"\uc2\u8364\'80\'81x"#, "€x"), (#"\u-10179?\u-8704?"#, "😀"), (#"\u-10179?x"#, "x"), (#"\u-8704?x"#, "x"),
        (#"{\f1 \'cf\'f0}"#, "Пр"), (#"{\f2\'c4\'a3}\f0 x"#, "模x"), (#"{\f3 a\'a3}"#, "α≤"), (#"a\~b\_c\-d"#, "a b-cd"),
        (#"\ldblquote a\rdblquote\emdash b"#, "“a”—b"), (#"\{\\\}"#, "{\\}"), (#"a\u0?b\'00c"#, "abc"),
        ("a\r\nb", "ab"),
        (#"{\field{\*\fldinst HYPERLINK x}{\fldrslt link}}"#, "link"), (#"a{\v HIDDEN}b{\deleted HIDDEN}c"#, "abc"),
        (#"{\v\u8364?}{\fs1 HIDDEN}{\v HIDDEN\v0 shown}"#, "shown"), (#"a{\*\unknown HIDDEN{\b HIDDEN}}b"#, "ab"),
        (#"a{\pict 00ff{\b HIDDEN}}b"#, "ab"), (#"a\bin3 }}}b"#, "ab"), (#"{\upr{a}{\*\ud{b}}}"#, "a"),
        (#"a\par1 b"#, "a"),
        (#"\'zz\'4 a"#, "zz a"), (#"{\*\shppict{\pict x}}{\nonshppict x}a"#, "a"), (#"\ansicpg1251 \'cf"#, "П"),
    ]

    @Test(arguments: characters)
    func `characters are what they stand for`(row: (source: String, text: String)) throws {
        let parsed = try parse(Self.fonts + row.source)
        #expect(parsed.words(of: parsed.blocks[0]).replacing("\u{4}", with: "") == row.text)
    }

    @Test func `notes and text boxes follow their paragraph`() throws {
        let body =
            #"Said{\footnote\pard noted\par twice} on.{\shp{\*\shpinst{\sp{\sn NO}{\sv NO}}{\shptxt boxed\par}}}"#
            + #"\par Next"#
        #expect(
            try outline(body)
                == "paragraph [] Said on.\nparagraph [] noted\nparagraph [] twice\nparagraph [] boxed\n"
                + "paragraph [] Next"
        )
    }

    @Test func `a file that is cut off is read as far as it goes`() throws {
        let parsed = try DocumentParser.parse(Array(#"{\rtf1 {\b one\par two"#.utf8), name: "x.rtf")
        #expect(parsed.outline == "paragraph [] one\nparagraph [] two" && parsed.notes == [.repaired])
        #expect(try outline(#"a\bin999999999999 b"#) == "paragraph [] a")
    }

    @Test func `groups of any depth do no harm`() throws {
        let deep = String(repeating: "{", count: 300_000)
        #expect(try outline("a" + deep + "b" + String(repeating: "}", count: 300_000) + "c") == "paragraph [] ac")
        #expect(try parse("a" + deep).notes == [.repaired])
        #expect(try outline("a" + String(repeating: "}", count: 1000)) == "paragraph [] a")
    }

    @Test func `counts that lie are bounded`() throws {
        let huge = "99999999999999999999"
        let cells = String(repeating: "\\cellx\(huge)\\clvmgf", count: 3000)
        let body =
            "\\trowd\(cells)\\intbl " + String(repeating: "a\\cell ", count: 3000) + "\\row\\uc\(huge)\\u\(huge) "
        #expect(try outline(body).contains("a | a"))
        let fonts = (0..<9000).map { "{\\f\($0)\\fcharset\(huge) x;}" }.joined()
        #expect(try outline("{\\fonttbl\(fonts)}\\f8999 a\\s-\(huge)\\outlinelevel-\(huge)\\fs-\(huge)").count > 0)
    }

    @Test(arguments: 0..<20)
    func `damage does no harm`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let source = Array(
            (#"{\rtf1\ansi"# + Self.fonts
                + #"{\stylesheet{\s1\outlinelevel0 h;}}\s1 a\u8364?\'e9{\footnote b}\par\trowd\clvmgf\cellx9"#
                + #"\intbl x\cell y\cell\row{\listtext 1.}{\field{\*\fldinst z}{\fldrslt q}}"#
                + #"\bin4 abcd{\f2\'c4\'a3}\par}"#)
                .utf8)
        for _ in 0..<200 {
            let bytes = OfficeFiles.damaged(source, using: &generator)
            _ = try? DocumentParser.parse(SourceFile(bytes: bytes, name: "x", format: .rtf))
        }
    }
}
