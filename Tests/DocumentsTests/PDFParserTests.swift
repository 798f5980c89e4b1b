import TestKit
import Testing

@testable import Documents

@Suite struct PDFParserTests {
    private static let prose = "these words run over the page from its left side to the right side of it and on"

    private func parse(_ pages: [PageMaker], information: String = "", fonts: String = "") throws -> ParsedDocument {
        let layout = PageMaker.document(pages)
        return try CannedConverter(layout: layout, fonts: fonts, information: information).parse()
    }

    private static var letter: PageMaker {
        var page = PageMaker()
        page.line("Annual report", y: 40, size: 20)
        page.line("The clinic treated more people than in the year before, and self-", y: 80)
        page.line("help groups met each week in the new house. Its roof is new. An impor-", y: 92)
        page.line("tant step.", y: 104)
        page.line("• First item that is", y: 130)
        page.line("longer than a line", x: 68, y: 142)
        page.line("• Second item", y: 154)
        for (row, text) in ["Year Patients", "2022 1,204", "2023 1,377", "2024 1,502"].enumerated() {
            let cells = text.split(separator: " ").map(String.init)
            page.line(cells[0], y: 200 + Double(row) * 14)
            page.line(cells[1], x: 160, y: 200 + Double(row) * 14)
        }
        return page
    }

    static let golden = """
        heading(level: 1) [] Annual report
        paragraph [Annual report] The clinic treated more people than in the year before, and self-help groups met \
        each week in the new house. Its roof is new. An important step.
        listItem [Annual report] - First item that is longer than a line
        listItem [Annual report] - Second item
        table [Annual report] Year | Patients
        2022 | 1,204
        2023 | 1,377
        2024 | 1,502
        """

    @Test func `a whole page`() throws {
        let parsed = try parse([Self.letter])
        #expect(parsed.outline == Self.golden)
        #expect(parsed.title == "Annual report")
        #expect(parsed.blocks.last?.table?.headerRows == 1)
        #expect(parsed.parser == "pdf/1")
        #expect(parsed.notes.isEmpty)
    }

    @Test func `every word keeps its box, those of cells too`() throws {
        let parsed = try parse([Self.letter])
        let words = parsed.layout.words.map { word in
            (String(decoding: parsed.text[Int(word.start)..<Int(word.end)], as: UTF8.self), word.box)
        }
        let figure = try #require(words.first { $0.0 == "1,377" })
        #expect(figure.1 == DocumentLayout.Box(left: 160, top: 228, right: 185, bottom: 238))
        // Both halves of a word that was cut keep their places.
        #expect(words.contains { $0.0 == "impor" } && words.contains { $0.0 == "tant" })
        #expect(parsed.layout.pages.map(\.width) == [600])
    }

    @Test func `what no reader sees is dropped`() throws {
        var page = PageMaker()
        page.line("Visible words", y: 100)
        page.line("outside", x: 700, y: 100)
        page.line("above", y: -50)
        page.line("tiny", y: 120, size: 1.5)
        page.line("flat", y: 140, size: 0)
        #expect(try parse([page]).outline == "paragraph [] Visible words")
    }

    @Test func `headers, footers and page numbers are left out`() throws {
        let pages = (1...4).map { number in
            var page = PageMaker()
            page.line("Clinic of Examples, report \(number)", y: 20)
            page.line("Chapter \(number) says \(String(repeating: "a", count: number))", y: 300)
            page.line("\(number)", x: 300, y: 780)
            return page
        }
        let text = String(decoding: try parse(pages).text, as: UTF8.self)
        #expect(text == "Chapter 1 says a\n\nChapter 2 says aa\n\nChapter 3 says aaa\n\nChapter 4 says aaaa")
    }

    @Test func `bold lines are headings and the outline gives their depth`() throws {
        var page = PageMaker()
        page.line("Leave", y: 100)
        page.line(Self.prose, y: 120)
        page.line("Sick leave", y: 150)
        page.line(Self.prose, y: 170)
        let fonts = """
            <page number="1"><fontspec id="0" family="AB+Sans-Bold"/><fontspec id="1" family="Sans"/>
            <text top="100" left="60" width="25" height="10" font="0">Leave</text>
            <text top="150" left="60" width="60" height="10" font="1"><b>Sick leave</b></text></page>
            <outline><item page="1">1 Leave</item><outline><item page="1">1.1 Sick leave</item></outline></outline>
            """
        let kinds = try parse([page], fonts: fonts).blocks.map(\.kind)
        #expect(kinds == [.heading(level: 1), .paragraph, .heading(level: 2), .paragraph])
        let flat = try parse([page], fonts: fonts.replacing("item", with: "other")).blocks.map(\.kind)
        #expect(flat == [.heading(level: 1), .paragraph, .heading(level: 1), .paragraph])
        #expect(try parse([page]).blocks.allSatisfy { $0.kind == .paragraph })
    }

    @Test func `a bold label beside its value is no heading`() throws {
        var page = PageMaker()
        page.line("Name", y: 100)
        page.line("Ada", x: 200, y: 100, block: 1)
        page.line(Self.prose, y: 130, block: 2)
        let fonts =
            "<page number=\"1\"><text top=\"100\" left=\"60\" width=\"20\" height=\"10\"><b>Name</b></text></page>"
        #expect(try parse([page], fonts: fonts).blocks.allSatisfy { $0.kind == .paragraph })
    }

    @Test func `columns that the tool mixes are read one after the other`() throws {
        var page = PageMaker()
        page.line("A title over both of the columns of this page which is wide enough to cross", y: 40)
        for row in 0..<12 {
            let y = 100 + Double(row) * 12
            page.line("left column of text with words l\(row)", x: 40, y: y)
            page.line("right column of text with words r\(row)", x: 320, y: y)
        }
        let text = String(decoding: try parse([page]).text, as: UTF8.self)
        let marks = text.split(whereSeparator: { $0 == " " || $0 == "\n" }).filter { $0.last?.isNumber == true }
        #expect(marks.map(String.init) == (0..<12).map { "l\($0)" } + (0..<12).map { "r\($0)" })
    }

    @Test func `text from the right is turned into reading order`() throws {
        var page = PageMaker()
        page.line("2024 ةنس R ةجمرب", y: 100)
        #expect(try parse([page]).outline == "paragraph [] برمجة R سنة 2024")
    }

    static let titles: [(String, String?)] = [
        ("Annual report", "Annual report"), ("Microsoft Word - Annual report", "Annual report"), ("report.docx", nil),
        ("Microsoft Word - report.doc", nil), ("untitled", nil), ("PowerPoint Presentation", nil), ("  ", nil),
        ("12345", nil),
    ]

    @Test(arguments: titles)
    func `titles that say nothing are not taken`(row: (title: String, usable: String?)) {
        #expect(PDFInformation(Array("Title:  \(row.title)\nPages: 3\n".utf8)).title == row.usable)
    }

    @Test func `a file with a password says so and a broken one too`() throws {
        let broken = CannedConverter(failure: .damaged)
        #expect(throws: ParseFailure.damaged) { try broken.parse() }
        #expect(throws: ParseFailure.encrypted) { try broken.parse("%PDF-1.7 trailer << /Encrypt 5 0 R >>") }
        #expect(throws: ParseFailure.converterMissing) { try CannedConverter().parse() }
        #expect(throws: ParseFailure.timedOut) { try CannedConverter(failure: .timedOut).parse() }
        #expect(throws: ParseFailure.damaged) { try CannedConverter(layout: Array("no page".utf8)).parse() }
    }

    @Test func `output that was cut off is used and noted`() throws {
        let whole = PageMaker.document([Self.letter, Self.letter])
        let parsed = try CannedConverter(layout: Array(whole.prefix(whole.count * 3 / 4))).parse()
        #expect(parsed.notes == [.repaired])
        #expect(parsed.layout.pages.count == 2)
        #expect(parsed.outline.hasPrefix(Self.golden))
    }

    @Test func `more pages than allowed are refused, whatever the file says of their number`() {
        var limits = ParseLimits()
        limits.pagesMax = 2
        var page = PageMaker()
        page.line("word", y: 100)
        let layout = PageMaker.document([page, page, page])
        for information in ["Pages: 3", "Pages: 1", "Pages: 99999999999999999999", ""] {
            let converter = CannedConverter(layout: layout, information: information)
            #expect(throws: ParseFailure.tooManyPages) { try converter.parse(limits: limits) }
        }
    }

    @Test func `absurd numbers do no harm`() throws {
        for number in ["nan", "inf", "1e308", "-1e308", "99999999999999999999", "", "x"] {
            let xhtml = String(decoding: PageMaker.document([Self.letter]), as: UTF8.self)
            for place in ["600.0", "60.0", "80.0", "160.0", "800.0"] {
                _ = try? CannedConverter(layout: Array(xhtml.replacing(place, with: number).utf8)).parse()
            }
        }
    }

    @Test(arguments: 0..<150)
    func `random damage to what the tools say is survived`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        func damaged(_ source: [UInt8]) -> [UInt8] {
            var bytes = source
            for _ in 0..<Int.random(in: 1...20, using: &generator) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.removeSubrange(place..<min(bytes.count, place + 40))
                default: bytes.insert(contentsOf: bytes[place...].prefix(200), at: place)
                }
            }
            return bytes
        }
        let layout = damaged(PageMaker.document([Self.letter, PageMaker(), Self.letter]))
        let words = String(decoding: damaged(Array(RecognisedWordsTests.tsv.utf8)), as: UTF8.self)
        let fonts = String(
            decoding: damaged(Array("<page><text font=\"1\"><b>x</b></text></page>".utf8)), as: UTF8.self)
        let converter = CannedConverter(layout: layout, fonts: fonts, information: "Pages: 3", words: words)
        do { _ = try converter.parse() } catch { #expect(error is ParseFailure, "seed \(seed)") }
    }

    @Test func `a page of a hundred thousand words is read in time`() throws {
        var pages: [PageMaker] = []
        for place: (Int) -> (Double, Double) in [
            { _ in (60, 100) }, { (Double($0 % 300) * 2, Double($0 / 300) * 2) }, { (60, 100 + Double($0) / 1000) },
        ] {
            var page = PageMaker()
            for index in 0..<30_000 { page.line("7.", x: place(index).0, y: place(index).1, block: index / 7) }
            pages.append(page)
        }
        let start = ContinuousClock.now
        _ = try? parse(pages)
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    @Test func `a page that is shown turned keeps the words beyond the width of its sheet`() throws {
        var page = PageMaker()
        (page.width, page.height) = (400, 700)
        page.line("words at the left of a slide and words at the far right of the same slide", x: 300, y: 40)
        let beyond = "the far right of the same slide"
        let fonts = { (size: String) in "<pdf2xml><page number=\"1\" \(size)></page></pdf2xml>" }
        let turned = try parse([page], fonts: fonts("height=\"400\" width=\"700\""))
        #expect(String(decoding: turned.text, as: UTF8.self).contains(beyond))
        #expect(turned.layout.pages.first.map { [$0.width, $0.height] } == [700, 400])
        // Without the turn they lie outside the page, where nobody sees them.
        let upright = try parse([page], fonts: fonts("height=\"700\" width=\"400\""))
        #expect(!String(decoding: upright.text, as: UTF8.self).contains(beyond))
    }
}
