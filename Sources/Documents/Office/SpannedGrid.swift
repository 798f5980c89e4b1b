/// The cells of one table with spans resolved: a cell over several columns leaves the others empty, a short cell over
/// several rows is said in each, because a row is read alone.
struct SpannedGrid {
    private var rows: [[[UInt8]]] = []
    /// About what the table takes in the text.
    private(set) var bytes = 0
    private var namedHeaderRows = 0
    /// What goes on downwards, by column.
    private var merged: [Int: (text: [UInt8], rowsLeft: Int)] = [:]

    private static let columnsMax = 1024
    private static let repeatedBytesMax = 100

    /// Those that the table names, else the first of several.
    var headerRows: Int { namedHeaderRows > 0 ? namedHeaderRows : rows.count > 1 ? 1 : 0 }

    /// For the writer, without the columns at the end that are empty in all rows.
    var content: [[[Inline]]] {
        let width = rows.map { ($0.lastIndex { !$0.isEmpty } ?? -1) + 1 }.max() ?? 0
        return rows.map { $0.prefix(width).map { [Inline($0)] } }
    }

    private var column: Int { rows.last?.count ?? 0 }

    /// `before`: columns that the row leaves empty at its start.
    mutating func beginRow(isHeader: Bool = false, before: Int = 0) {
        if isHeader, namedHeaderRows == rows.count { namedHeaderRows += 1 }
        rows.append([])
        addEmpty(before)
    }

    /// `rows`: more than one where the cell goes on downwards; `isContinuation`: it is such a cell's next row.
    mutating func add(_ text: [UInt8], columns: Int = 1, rows rowSpan: Int = 1, isContinuation: Bool = false) {
        guard !rows.isEmpty, column < Self.columnsMax else { return }
        if isContinuation {
            append(continuation())
        } else {
            merged[column] = rowSpan > 1 && text.count <= Self.repeatedBytesMax ? (text, rowSpan - 1) : nil
            append(text)
        }
        addEmpty(min(max(columns, 1), Self.columnsMax) - 1)
    }

    mutating func addEmpty(_ count: Int) {
        guard !rows.isEmpty, count > 0 else { return }
        for _ in 0..<min(count, Self.columnsMax - column) { append([]) }
    }

    private mutating func continuation() -> [UInt8] {
        guard let above = merged[column] else { return [] }
        merged[column] = above.rowsLeft > 1 ? (above.text, above.rowsLeft - 1) : nil
        return above.text
    }

    private mutating func append(_ text: [UInt8]) {
        bytes += text.count + 3
        rows[rows.count - 1].append(text)
    }
}
