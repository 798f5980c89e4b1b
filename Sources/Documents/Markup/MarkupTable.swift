/// A table of HTML, JATS or DocBook while it is read.
struct MarkupTable {
    struct Cell {
        var blocks: [MarkupBlock] = []
        var columns = 1
        var rows = 1
        var isHeader = false
    }

    static let columnsMax = 1000
    static let rowSpanMax = 65_534
    /// Longer text is not repeated in the cells that it spans.
    private static let repeatedBytesMax = 200

    /// A page is laid out with it, whatever it holds.
    var isLayout = false
    /// It has a caption, or a section for its head.
    var isMarked = false
    private(set) var rows: [(cells: [Cell], isHead: Bool)] = []
    private var isRowOpen = false

    mutating func beginRow(isHead: Bool) {
        rows.append(([], isHead))
        isRowOpen = true
        if isHead { isMarked = true }
    }

    mutating func endRow() { isRowOpen = false }

    mutating func add(_ cell: Cell) {
        if !isRowOpen { beginRow(isHead: false) }
        rows[rows.count - 1].cells.append(cell)
        if cell.isHeader { isMarked = true }
    }

    /// As a table, or as the blocks in its cells when it only lays out a page. `budget` is what all tables of a
    /// file may still repeat.
    func blocks(budget: inout Int, isBoilerplate: Bool) -> [MarkupBlock] {
        let cells = rows.flatMap(\.cells)
        guard isData else { return cells.flatMap(\.blocks) }
        let grid = grid(budget: &budget)
        let size = cells.reduce(0) { $0 + $1.blocks.reduce(0) { $0 + $1.size } }
        guard size > 0 else { return [] }
        let linked = cells.reduce(0) { $0 + $1.blocks.reduce(0) { $0 + $1.linkSize } }
        let kind = MarkupBlock.Kind.table(rows: grid.rows, headerRows: grid.headerRows)
        return [MarkupBlock(kind: kind, text: [], size: size, linkSize: linked, isBoilerplate: isBoilerplate)]
    }

    /// Without header cells: at least two rows and columns, and no cell that is a page of its own.
    private var isData: Bool {
        guard !isLayout else { return false }
        let filled = rows.flatMap(\.cells).filter { !$0.blocks.isEmpty }
        if isMarked { return !filled.isEmpty }
        guard rows.count(where: { !$0.cells.isEmpty }) > 1, rows.contains(where: { $0.cells.count > 1 }) else {
            return false
        }
        let size = filled.reduce(0) { $0 + $1.blocks.reduce(0) { $0 + $1.size } }
        let pages = filled.count { $0.blocks.count > 4 || $0.blocks.contains(where: \.isLarge) }
        let cells = rows.reduce(0) { $0 + $1.cells.count }
        return size <= 150 * filled.count && pages * 4 <= filled.count && filled.count * 3 >= cells
    }
}

extension MarkupBlock {
    fileprivate var isLarge: Bool {
        switch kind {
        case .table, .code: true
        default: size > 500
        }
    }
}

extension MarkupTable {
    private struct Span {
        let text: ArraySlice<UInt8>
        let isHeader: Bool
        var rowsLeft: Int
    }

    /// Each row with as many cells as columns: what spans columns or rows is said in each of them.
    private func grid(budget: inout Int) -> (rows: [[ArraySlice<UInt8>]], headerRows: Int) {
        var lines: [(cells: [(text: ArraySlice<UInt8>, isHeader: Bool)], isHead: Bool)] = []
        var spans: [Int: Span] = [:]
        let width = naturalWidth
        for row in rows {
            let line = Self.line(of: row.cells, width: width, spans: &spans, budget: &budget)
            // A row that only begins a span says nothing that the next rows do not say.
            let isOpening = row.cells.allSatisfy { $0.rows > 1 } && row.cells.count < 2
            if !isOpening || spans.isEmpty { lines.append((line, row.isHead)) }
        }
        let header = lines.prefix { line in
            line.isHead || (line.cells.count == lines[0].cells.count && line.cells.allSatisfy(\.isHeader))
        }
        return (lines.map { $0.cells.map(\.text) }, header.count == lines.count ? min(1, lines.count) : header.count)
    }

    /// Without the cells that reach over more columns than a table has, to mean all of them.
    private var naturalWidth: Int {
        rows.reduce(1) { max($0, $1.cells.reduce(0) { $0 + ($1.columns > 50 ? 1 : $1.columns) }) }
    }

    private static func line(
        of cells: [Cell], width: Int, spans: inout [Int: Span], budget: inout Int
    ) -> [(text: ArraySlice<UInt8>, isHeader: Bool)] {
        var line: [(text: ArraySlice<UInt8>, isHeader: Bool)] = []
        for cell in cells {
            fill(&line, from: &spans, budget: &budget)
            let text = text(of: cell)
            let again: ArraySlice<UInt8> = text.count <= repeatedBytesMax ? text : []
            for number in 0..<min(cell.columns, columnsMax) {
                if number > 0 {
                    budget -= again.count + 8
                    guard budget >= 0, line.count < min(width, columnsMax) else { break }
                }
                if cell.rows > 1 {
                    spans[line.count] = Span(text: again, isHeader: cell.isHeader, rowsLeft: cell.rows - 1)
                }
                line.append((number == 0 ? text : again, cell.isHeader))
            }
        }
        fill(&line, from: &spans, budget: &budget)
        return line
    }

    /// Cells that rows above reach down to.
    private static func fill(
        _ line: inout [(text: ArraySlice<UInt8>, isHeader: Bool)], from spans: inout [Int: Span], budget: inout Int
    ) {
        while let span = spans[line.count] {
            budget -= span.text.count + 8
            guard budget >= 0 else { return spans.removeAll() }
            spans[line.count] =
                span.rowsLeft > 1
                ? Span(text: span.text, isHeader: span.isHeader, rowsLeft: span.rowsLeft - 1) : nil
            line.append((span.text, span.isHeader))
        }
    }

    private static func text(of cell: Cell) -> ArraySlice<UInt8> {
        var line: [UInt8] = []
        for block in cell.blocks { block.flatten(into: &line) }
        return line[...]
    }
}
