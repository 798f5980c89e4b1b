/// Finds tables in the lines of a page by the white between their columns.
///
/// Lines are cut where they stand far apart, and pieces at one height make a row. A stretch of rows in which most have
/// two pieces or more, none is prose, and an upright strip of white goes through all of them, is a table when the
/// cells of its columns are aligned. Rulings are not known. A table that is missed is read as lines, as it was before;
/// so every doubt is decided against the table.
struct TableDetection {
    struct Found: Equatable {
        let grid: TableGrid
        /// Of the lines that were given: all that the table took, in part or as a whole.
        let lines: Set<Int>
    }

    /// Times the height of a line.
    private static let pieceGap = 1.5
    private static let columnGapMin = 0.5
    private static let rowGapMax = 2.0
    private static let splitRowsMin = 3
    private static let columnsMax = 60
    /// Running text is so many heights of a line wide.
    private static let proseWidthMin = 12.0

    private struct Row {
        var pieces: [(line: TextLine, source: Int)]
        var box: Rectangle
        var isSplit: Bool { pieces.count > 1 }
    }

    static func tables(in lines: [TextLine]) -> [Found] {
        let prose = proseBlocks(lines)
        let pieces = lines.enumerated().filter { $1.isUpright && !prose.contains($1.block) }.flatMap { index, line in
            line.pieces(gap: pieceGap).map { (line: $0, source: index) }
        }
        return runs(of: rows(of: pieces)).compactMap(table)
    }

    /// Blocks of three lines or more that fill their width: columns of running text.
    static func proseBlocks(_ lines: [TextLine]) -> Set<Int> {
        var blocks: [Int: [TextLine]] = [:]
        for line in lines { blocks[line.block, default: []].append(line) }
        return Set(blocks.filter { isProse($0.value) }.keys)
    }

    private static func isProse(_ lines: [TextLine]) -> Bool {
        guard lines.count >= 3 else { return false }
        let box = lines.dropFirst().reduce(lines[0].box) { $0.union($1.box) }
        let wide = lines.count { $0.box.width >= proseWidthMin * $0.size }
        let fill = lines.reduce(0) { $0 + $1.box.width } / (Double(lines.count) * max(box.width, 1))
        let heights = lines.reduce(0) { $0 + $1.box.height }
        return wide * 2 > lines.count && fill >= 0.65 && heights <= 1.5 * box.height
    }

    private static func rows(of pieces: [(line: TextLine, source: Int)]) -> [Row] {
        var rows: [Row] = []
        for piece in pieces.sorted(by: { $0.line.box.middle < $1.line.box.middle }) {
            if let first = rows.last?.pieces[0].line,
                piece.line.box.middle - first.box.middle < 0.5 * min(piece.line.size, first.size)
            {
                rows[rows.count - 1].pieces.append(piece)
                rows[rows.count - 1].box = rows[rows.count - 1].box.union(piece.line.box)
            } else {
                rows.append(Row(pieces: [piece], box: piece.line.box))
            }
        }
        return rows
    }

    /// Stretches of rows that could be tables; single lines within are cells that go on, or spanning ones.
    private static func runs(of rows: [Row]) -> [[Row]] {
        var runs: [[Row]] = []
        var run: [Row] = []
        func end() {
            while let last = run.last, !last.isSplit, !goesOn(last, in: run.dropLast()) { run.removeLast() }
            if run.count(where: \.isSplit) >= splitRowsMin { runs.append(run) }
            run = []
        }
        for row in rows {
            if let last = run.last, !follows(row, last, in: run) { end() }
            if row.isSplit || !run.isEmpty { run.append(row) }
        }
        end()
        return runs
    }

    /// A single line below the last row that goes on with a cell other than the first.
    private static func goesOn(_ row: Row, in run: ArraySlice<Row>) -> Bool {
        guard let last = run.last, let left = run.map(\.box.left).min() else { return false }
        let size = row.pieces[0].line.size
        return row.box.top - last.box.bottom < 0.45 * size && row.box.left > left + 2 * size
    }

    private static func follows(_ row: Row, _ last: Row, in run: [Row]) -> Bool {
        let size = min(row.pieces[0].line.size, last.pieces[0].line.size)
        guard row.box.top - last.box.bottom <= rowGapMax * size else { return false }
        guard !row.isSplit else { return true }
        let single = run.reversed().prefix { !$0.isSplit }.count
        return single < 2 && row.box.width < 0.6 * run.reduce(0) { max($0, $1.box.width) }
    }

    private static func table(_ rows: [Row]) -> Found? {
        let sizes = rows.map { $0.pieces[0].line.size }.sorted()
        let height = max(sizes[sizes.count / 2], 1)
        let columns = Self.columns(of: rows.filter(\.isSplit), height: height)
        guard (2...columnsMax).contains(columns.count) else { return nil }
        let cells = rows.map { Self.cells(of: $0, columns) }
        guard isTable(cells, height) else { return nil }
        let sources = Set(rows.flatMap { $0.pieces.map(\.source) })
        return Found(grid: TableGrid(rows: cells, lineHeight: height), lines: sources)
    }

    /// The stretches of the page's width between strips that are white in all rows.
    private static func columns(of rows: [Row], height: Double) -> [ClosedRange<Double>] {
        let spans = rows.flatMap { row in row.pieces.flatMap { $0.line.pieces(gap: 0.55) } }.map(\.box)
        var columns: [ClosedRange<Double>] = []
        for span in spans.sorted(by: { $0.left < $1.left }) where span.right >= span.left {
            if let last = columns.last, span.left - last.upperBound < columnGapMin * height {
                columns[columns.count - 1] = last.lowerBound...max(last.upperBound, span.right)
            } else {
                columns.append(span.left...span.right)
            }
        }
        return columns
    }

    private static func cells(of row: Row, _ columns: [ClosedRange<Double>]) -> [[TextLine]] {
        var words: [[PageWord]] = Array(repeating: [], count: columns.count)
        var (block, isBold) = (0, true)
        for piece in row.pieces.sorted(by: { $0.line.box.left < $1.line.box.left }) {
            (block, isBold) = (piece.line.block, isBold && piece.line.isBold)
            for word in piece.line.words {
                let middle = (word.box.left + word.box.right) / 2
                let column = columns.lastIndex { $0.lowerBound <= middle } ?? 0
                words[column].append(word)
            }
        }
        return words.map { $0.isEmpty ? [] : [TextLine($0, block: block, isBold: isBold)] }
    }

    private static func isTable(_ rows: [[[TextLine]]], _ height: Double) -> Bool {
        let columns = rows[0].indices.map { column in rows.compactMap { $0[column].first } }
        let filled = rows.map { $0.count { !$0.isEmpty } }
        guard columns.allSatisfy({ !$0.isEmpty }), filled.count(where: { $0 > 1 }) >= splitRowsMin,
            Double(filled.reduce(0, +)) >= 0.35 * Double(rows.count * columns.count)
        else { return false }
        let aligned = columns.count { isAligned($0, height) }
        guard Double(aligned) >= 0.6 * Double(columns.count) else { return false }
        return !isText(columns)
    }

    private static func isAligned(_ lines: [TextLine], _ height: Double) -> Bool {
        [{ $0.left }, { $0.right }, { ($0.left + $0.right) / 2 }].contains { (edge: (Rectangle) -> Double) in
            let edges = lines.map { edge($0.box) }.sorted()
            let middle = edges[edges.count / 2]
            return edges.count { abs($0 - middle) <= 0.35 * height } * 10 >= edges.count * 6
        }
    }

    /// Prose beside prose, or a list's markers beside its items.
    private static func isText(_ columns: [[TextLine]]) -> Bool {
        func most(_ lines: [TextLine], _ test: (TextLine) -> Bool) -> Bool {
            lines.count(where: test) * 2 > lines.count
        }
        let wide = columns.count { most($0) { $0.box.width >= proseWidthMin * $0.size } }
        if wide > 1 { return true }
        guard columns.count == 2 else { return false }
        return most(columns[0]) { ListMarker($0.words[0].text) != nil && $0.words.count == 1 }
            || most(columns[1]) { ListMarker($0.words[0].text) == .bullet }
    }
}
