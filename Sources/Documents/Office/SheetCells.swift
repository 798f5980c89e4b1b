/// The cells of one sheet that hold anything, wherever they stand: a sheet may claim a billion cells and hold two.
///
/// Rows without content end a table; a line above a table with a single cell is a paragraph; columns without content
/// are left out. Tables are cut after some rows, so that a block stays small, and each piece has the header again.
struct SheetCells {
    private struct Cell {
        private let storedRow: UInt32
        private let storedColumn: UInt16
        let isText: Bool
        private let start: UInt32
        private let end: UInt32

        var row: Int { Int(storedRow) }
        var column: Int { Int(storedColumn) }
        var text: Range<Int> { Int(start)..<Int(end) }

        /// Small, because a sheet may have millions; the caller knows that the numbers fit.
        init(row: Int, column: Int, text: Range<Int>, isText: Bool) {
            (storedRow, storedColumn, self.isText) = (UInt32(row), UInt16(column), isText)
            (start, end) = (UInt32(text.lowerBound), UInt32(text.upperBound))
        }
    }

    /// The last row and column that programs have (ECMA-376 part 1, 18.3.1.73).
    static let rowsMax = 1 << 20
    static let columnsMax = 1 << 14
    private static let tableRowsMax = 50
    private static let repeatedBytesMax = 100
    private static let headerBytesMax = 4096
    /// Cells that merged ranges may fill; more are left empty.
    private static let filledMax = 100_000

    private var bytes: [UInt8] = []
    private var cells: [Cell] = []
    private var isSorted = true

    /// About what the sheet takes in the document's text.
    var size: Int { bytes.count + 3 * cells.count }

    mutating func add(_ text: [UInt8], row: Int, column: Int, isText: Bool) {
        guard text.contains(where: { $0 > 0x20 }), (0..<Self.rowsMax).contains(row),
            (0..<Self.columnsMax).contains(column), bytes.count + text.count <= UInt32.max
        else { return }
        if let last = cells.last, (last.row, last.column) >= (row, column) { isSorted = false }
        cells.append(Cell(row: row, column: column, text: bytes.count..<bytes.count + text.count, isText: isText))
        bytes += text
    }

    /// Says a short cell that spans rows in each of those that hold something.
    mutating func fill(_ merges: [(rows: ClosedRange<Int>, column: Int)]) {
        sort()
        var filled: [Cell] = []
        var steps = 0
        for merge in merges where merge.rows.count > 1 {
            guard let first = index(ofRow: merge.rows.lowerBound, merge.column), first < cells.count,
                (cells[first].row, cells[first].column) == (merge.rows.lowerBound, merge.column),
                cells[first].text.count <= Self.repeatedBytesMax
            else { continue }
            var row = merge.rows.lowerBound
            for cell in cells[first...] {
                steps += 1
                guard cell.row <= merge.rows.upperBound, steps < Self.filledMax else { break }
                guard cell.row != row else { continue }
                row = cell.row
                filled.append(
                    Cell(row: row, column: merge.column, text: cells[first].text, isText: cells[first].isText))
            }
        }
        guard !filled.isEmpty else { return }
        cells += filled
        isSorted = false
    }

    /// The first cell that stands at or after a place.
    private func index(ofRow row: Int, _ column: Int) -> Int? {
        var (low, high) = (0, cells.count)
        while low < high {
            let middle = (low + high) / 2
            if (cells[middle].row, cells[middle].column) < (row, column) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Of two cells in one place the first counts.
    private mutating func sort() {
        guard !isSorted else { return }
        isSorted = true
        let order = cells.indices.sorted { first, second in
            (cells[first].row, cells[first].column, first) < (cells[second].row, cells[second].column, second)
        }
        var sorted: [Cell] = []
        sorted.reserveCapacity(cells.count)
        for index in order {
            let cell = cells[index]
            if let last = sorted.last, (last.row, last.column) == (cell.row, cell.column) { continue }
            sorted.append(cell)
        }
        cells = sorted
    }

    mutating func write(into writer: inout DocumentWriter) {
        sort()
        var region: [Range<Int>] = []
        var start = 0
        while start < cells.count, !writer.isFull {
            let row = cells[start].row
            let end = cells[start...].firstIndex { $0.row != row } ?? cells.count
            if let last = region.last, row > cells[last.lowerBound].row + 1 {
                write(region, into: &writer)
                region = []
            }
            region.append(start..<end)
            start = end
        }
        write(region, into: &writer)
    }

    /// `region`: rows that follow each other.
    private func write(_ region: [Range<Int>], into writer: inout DocumentWriter) {
        var rows = region[...]
        while let first = rows.first, first.count == 1, rows.count == 1 || rows.dropFirst().contains(where: isWide) {
            writer.paragraph([content(cells[first.lowerBound])])
            rows = rows.dropFirst()
        }
        guard let first = rows.first else { return }
        let header = isHeader(first) && rows.count > 1 ? first : nil
        if header != nil { rows = rows.dropFirst() }
        while !rows.isEmpty, !writer.isFull {
            let piece = rows.prefix(Self.tableRowsMax - (header == nil ? 0 : 1))
            rows = rows.dropFirst(piece.count)
            writeTable((header.map { [$0] } ?? []) + piece, headerRows: header == nil ? 0 : 1, into: &writer)
        }
    }

    private func isWide(_ row: Range<Int>) -> Bool { row.count > 1 }

    private func isHeader(_ row: Range<Int>) -> Bool {
        cells[row].allSatisfy(\.isText) && cells[row].reduce(0) { $0 + $1.text.count } <= Self.headerBytesMax
    }

    private func writeTable(_ rows: [Range<Int>], headerRows: Int, into writer: inout DocumentWriter) {
        let columns = Set(rows.lazy.joined().map { cells[$0].column }).sorted()
        let place = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($0.element, $0.offset) })
        let table = rows.map { row in
            var line = [[Inline]](repeating: [], count: columns.count)
            for cell in cells[row] { line[place[cell.column] ?? 0] = [content(cell)] }
            return line
        }
        writer.table(table, headerRows: headerRows)
    }

    private func content(_ cell: Cell) -> Inline { Inline(Array(bytes[cell.text])) }
}
