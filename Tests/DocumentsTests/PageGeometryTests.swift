import TestKit
import Testing

@testable import Documents

@Suite struct PageGeometryTests {
    static let seams: [(String, String, LineJoining.Seam)] = [
        ("impor-", "tant", .cut), ("word", "next", .apart), ("well-", "known,", .close), ("GPT-", "4", .close),
        ("-", "item", .apart), ("5-", "6", .apart), ("self-", "help", .close), ("Anglo-", "Saxon", .close),
        ("日本", "語です", .close), ("soft\u{ad}", "ware", .cut), ("end-", "", .apart),
    ]

    @Test(arguments: seams)
    func `lines are joined as a reader would`(row: (last: String, next: String, seam: LineJoining.Seam)) {
        #expect(LineJoining.seam(row.last, row.next, ["well-known"]) == row.seam)
    }

    static let markers: [(String, ListMarker?)] = [
        ("•", .bullet), ("-", .bullet), ("\u{f0b7}", .bullet), ("\u{84}", .bullet), ("1.", .number), ("12)", .number),
        ("(3)", .number), ("a)", .number), ("(iv)", .number), ("J.", nil), ("5.1", nil), ("2024.", nil), ("", nil),
        (".", nil), ("()", nil), ("word", nil), ("I", nil),
    ]

    @Test(arguments: markers)
    func `markers of lists are told from words`(row: (word: String, marker: ListMarker?)) {
        #expect(ListMarker(row.word) == row.marker)
    }

    /// Rows and columns of cells of one or two words, aligned left or right.
    private func table(_ generator: inout SeededGenerator) -> (cells: [[String]], maker: PageMaker) {
        let (rows, columns) = (Int.random(in: 3...12, using: &generator), Int.random(in: 2...6, using: &generator))
        var maker = PageMaker()
        var cells: [[String]] = []
        let isRight = (0..<columns).map { _ in Bool.random(using: &generator) }
        for row in 0..<rows {
            cells.append([])
            for column in 0..<columns {
                let cell = "\(Int.random(in: 0...9999, using: &generator))"
                let shift = isRight[column] ? Double(5 - cell.count) * 5 : 0
                maker.line(cell, x: 40 + Double(column) * 90 + shift, y: 100 + Double(row) * 15, block: column)
                cells[row].append(cell)
            }
        }
        return (cells, maker)
    }

    @Test(arguments: 0..<100)
    func `any grid of aligned cells is found as it is`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let (cells, maker) = table(&generator)
        let found = TableDetection.tables(in: maker.lines.shuffled(using: &generator))
        try #require(found.count == 1, "seed \(seed)")
        #expect(found[0].grid.rows.map { $0.map { $0.map(\.text).joined() } } == cells, "seed \(seed)")
        #expect(found[0].lines.count == maker.lines.count)
    }

    /// Words of random length up to the column's width.
    private func prose(
        _ x: Double, _ width: Int, block: Int, _ maker: inout PageMaker, _ generator: inout SeededGenerator
    ) {
        for row in 0..<20 {
            var text = ""
            while text.count < width - 8 {
                text += String(repeating: "w", count: .random(in: 1...8, using: &generator)) + " "
            }
            maker.line(text, x: x, y: 100 + Double(row) * 12, block: block)
        }
    }

    @Test(arguments: 0..<100)
    func `running text in one, two or three columns is no table`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let columns = Int(seed % 3) + 1
        var maker = PageMaker()
        for column in 0..<columns {
            prose(30 + Double(column * 560 / columns), 100 / columns, block: column, &maker, &generator)
        }
        #expect(TableDetection.tables(in: maker.lines).isEmpty, "seed \(seed)")
    }

    @Test(arguments: 0..<100)
    func `two columns mixed in any way are read one after the other`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var (left, right) = (PageMaker(), PageMaker())
        prose(30, 50, block: 0, &left, &generator)
        prose(320, 50, block: 1, &right, &generator)
        let (first, second) = (left.lines[...], right.lines[...])
        var mixed: [TextLine] = []
        var rest = (first, second)
        while !rest.0.isEmpty || !rest.1.isEmpty {
            let isLeft = rest.1.isEmpty || (!rest.0.isEmpty && Bool.random(using: &generator))
            mixed.append(isLeft ? rest.0.removeFirst() : rest.1.removeFirst())
        }
        #expect(ReadingOrder.ordered(mixed) == left.lines + right.lines, "seed \(seed)")
    }

    @Test func `a list of markers beside its items is a list`() {
        var maker = PageMaker()
        for row in 0..<6 { maker.line("\(row + 1).", x: 60, y: 100 + Double(row) * 14) }
        for row in 0..<6 { maker.line("item number \(row + 1)", x: 85, y: 100 + Double(row) * 14) }
        let page = maker.page.inReadingOrder
        #expect(page.lines.map(\.text) == (1...6).map { "\($0). item number \($0)" })
        #expect(TableDetection.tables(in: page.lines).isEmpty)
    }

    @Test func `cells that go on below belong to their row`() throws {
        var maker = PageMaker()
        for (row, name) in ["Item", "Bandage", "Syringe"].enumerated() {
            maker.line(name, y: 100 + Double(row) * 40, block: row)
            maker.line("Text of two", x: 160, y: 100 + Double(row) * 40, block: row)
            maker.line("lines here", x: 160, y: 112 + Double(row) * 40, block: row)
        }
        let grid = try #require(TableDetection.tables(in: maker.lines).first?.grid)
        #expect(
            grid.rows.map { $0.map { LineJoining.text($0) } }.map { $0[1] }
                == Array(repeating: "Text of two lines here", count: 3))
    }
}
