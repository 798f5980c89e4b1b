/// What a paragraph is.
struct RTFStyle {
    var number: Int?
    var outlineLevel: Int?
    var isItem = false
    var isInTable = false
}

/// The rows since the last paragraph outside a table.
struct RTFTable {
    private enum Merge { case none, first, down, across }

    private static let cellsMax = 1024

    private var grid = SpannedGrid()
    private var cells: [[UInt8]] = []
    private var merges: [Merge] = []
    private var merge = Merge.none
    private var isHeader = false

    mutating func take(_ name: String, _ number: Int?) {
        switch name {
        case "trowd":
            merges = []
            (merge, isHeader) = (.none, false)
        case "trhdr": isHeader = true
        case "clvmgf": merge = .first
        case "clvmrg": merge = .down
        case "clmrg": merge = .across
        case "cellx":
            if merges.count < Self.cellsMax { merges.append(merge) }
            merge = .none
        default: break
        }
    }

    mutating func endCell(_ text: inout [UInt8]) {
        if cells.count < Self.cellsMax { cells.append(text) } else { cells[cells.count - 1] += [0x20] + text }
    }

    mutating func endRow() {
        guard !cells.isEmpty else { return }
        grid.beginRow(isHeader: isHeader)
        for (index, text) in cells.enumerated() {
            let merge = index < merges.count ? merges[index] : .none
            grid.add(
                merge == .across ? [] : text, rows: merge == .first ? .max : 1, isContinuation: merge == .down)
        }
        cells = []
    }

    /// What is there, and begins anew.
    mutating func write(into writer: inout DocumentWriter) {
        endRow()
        guard grid.bytes > 0 else { return }
        writer.table(grid.content, headerRows: grid.headerRows)
        grid = SpannedGrid()
    }
}
