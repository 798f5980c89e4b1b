import Testing

@testable import Documents

@Suite struct PresentationParserTests {
    private func shape(
        _ words: [String], type: String? = nil, at place: (x: Int, y: Int)? = nil, properties: String = "",
        attributes: String = ""
    ) -> String {
        let mark = type.map { "<p:ph \($0.isEmpty ? "idx=\"1\"" : "type=\"\($0)\"")/>" } ?? ""
        let position = place.map {
            "<a:xfrm><a:off x=\"\($0.x)\" y=\"\($0.y)\"/><a:ext cx=\"100\" cy=\"100\"/></a:xfrm>"
        }
        let text = words.map { "<a:p>\(properties)<a:r><a:t>\($0)</a:t></a:r></a:p>" }.joined()
        return
            "<p:sp><p:nvSpPr><p:cNvPr id=\"1\" name=\"n\" \(attributes)/><p:cNvSpPr/><p:nvPr>\(mark)</p:nvPr>"
            + "</p:nvSpPr>"
            + "<p:spPr>\(position ?? "")</p:spPr><p:txBody>\(text)</p:txBody></p:sp>"
    }

    private func outline(_ slides: [String], extra: OfficeFiles.Members = []) throws -> String {
        try OfficeFiles.parse(OfficeFiles.presentation(slides, extra: extra)).outline
    }

    @Test func `each shown slide is a page with title, shapes in reading order and notes`() throws {
        let first =
            shape(["footer"], type: "ftr") + shape(["right"], at: (5_000_000, 1_010_000))
            + shape(["left"], at: (100, 1_000_000)) + shape(["low"], at: (100, 3_000_000))
            + shape(["Opening"], type: "ctrTitle", at: (100, 5_000_000))
        let second =
            shape(["one", "two"], type: "") + shape(["Agenda"], type: "title")
            + shape(["a plain line"], at: (100, 6_000_000), properties: "<a:pPr><a:buNone/></a:pPr>")
            + shape(["HIDDEN"], attributes: "hidden=\"1\"") + shape(["HIDDEN"], at: (-5000, 0))
            + shape(["x"], type: "sldNum")
        let notes =
            "<p:notes xmlns:p=\"p\" xmlns:a=\"a\"><p:cSld><p:spTree>\(shape(["say this"], type: "body"))"
            + "\(shape(["7"], type: "sldNum"))</p:spTree></p:cSld></p:notes>"
        let hidden = "<p:sld ROOT show=\"0\"><p:cSld><p:spTree>\(shape(["HIDDEN"]))</p:spTree></p:cSld></p:sld>"
        let parsed = try OfficeFiles.parse(
            OfficeFiles.presentation(
                [first, hidden, second, shape(["no title"])],
                extra: [
                    ("ppt/slides/_rels/slide2.xml.rels", OfficeFiles.rels(["../notes/n.xml:notesSlide"])),
                    ("ppt/notes/n.xml", notes),
                ]))
        #expect(
            parsed.outline == """
                heading(level: 1) [] Opening
                paragraph [Opening] left
                paragraph [Opening] right
                paragraph [Opening] low
                heading(level: 2) [Opening] Agenda
                listItem [Opening / Agenda] - one
                listItem [Opening / Agenda] - two
                paragraph [Opening / Agenda] a plain line
                paragraph [Opening / Agenda] say this
                heading(level: 2) [Opening] Slide 4
                paragraph [Opening / Slide 4] no title
                """)
        #expect(parsed.layout.pages.map(\.number) == [1, 3, 4])
        #expect(parsed.layout.pages[0].width == 720 && parsed.layout.pages[0].height == 540)
    }

    @Test func `a placeholder without a place stands where its layout has it`() throws {
        let slide = shape(["second"], at: (0, 2_000_000)) + shape(["first"], type: "")
        let layout =
            "<p:sldLayout xmlns:p=\"p\" xmlns:a=\"a\"><p:cSld><p:spTree>\(shape([], type: "", at: (0, 5)))"
            + "</p:spTree></p:cSld></p:sldLayout>"
        let extra = [
            ("ppt/slides/_rels/slide0.xml.rels", OfficeFiles.rels(["/ppt/slideLayouts/l.xml:slideLayout"])),
            ("ppt/slideLayouts/l.xml", layout),
        ]
        #expect(try outline([slide], extra: extra) == "listItem [] - first\nparagraph [] second")
    }

    @Test func `groups, tables and line breaks are read`() throws {
        let group =
            "<p:grpSp><p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"g\"/></p:nvGrpSpPr><p:grpSpPr/>"
            + "\(shape(["in a group"]))</p:grpSp>"
        func cell(_ words: String, _ attributes: String = "") -> String {
            "<a:tc \(attributes)><a:txBody><a:p><a:r><a:t>\(words)</a:t></a:r></a:p></a:txBody></a:tc>"
        }
        let table =
            "<p:graphicFrame><a:graphic><a:graphicData><a:tbl>"
            + "<a:tr>\(cell("a", "gridSpan=\"2\""))\(cell("", "hMerge=\"1\""))"
            + "\(cell("b", "rowSpan=\"2\""))</a:tr><a:tr>\(cell("1"))\(cell("2"))\(cell("", "vMerge=\"1\""))</a:tr>"
            + "</a:tbl>"
            + "</a:graphicData></a:graphic></p:graphicFrame>"
        let broken =
            "<p:sp><p:txBody><a:p><a:r><a:t>up</a:t></a:r><a:br/><a:r><a:t>down_x000B_end</a:t></a:r></a:p></p:txBody>"
            + "</p:sp>"
        #expect(
            try outline([group + table + broken]) == """
                paragraph [] in a group
                table [] a |  | b
                1 | 2 | b
                paragraph [] up down end
                """)
    }

    @Test func `a slide that is missing or broken is a note`() throws {
        let parsed = try OfficeFiles.parse(OfficeFiles.presentation([shape(["fine"]), "<p:sld <broken"]))
        #expect(parsed.outline == "paragraph [] fine" && parsed.notes == [.partUnreadable])
    }

    @Test(arguments: 0..<20)
    func `damage does no harm`(seed: UInt64) {
        let slide =
            shape(["Title"], type: "title") + shape(["a", "b"], type: "", at: (100, 200)) + shape(["c"], at: (5, 6))
        OfficeFiles.surviveDamage(OfficeFiles.presentation([slide, slide]), seed: seed)
    }
}
