/// A table as rows of cells, each cell the lines in it.
struct TableGrid: Equatable {
    private(set) var rows: [[[TextLine]]]
    private(set) var headerRows = 0

    /// `rows` come from top to bottom as they stand on the page; lines of one cell are brought together.
    init(rows visual: [[[TextLine]]], lineHeight: Double) {
        rows = []
        for row in visual {
            if let above = rows.last, Self.continues(row, above, lineHeight) {
                rows[rows.count - 1] = zip(above, row).map { $0 + $1 }
            } else {
                rows.append(row)
            }
        }
        if BidirectionalOrder.isFromRight(rows.flatMap { $0.flatMap(\.self) }) { rows = rows.map { $0.reversed() } }
        headerRows = Self.headerRows(of: rows)
    }

    /// A cell's text goes on below it when it is close, says less than its row and begins nothing new.
    private static func continues(_ row: [[TextLine]], _ above: [[TextLine]], _ lineHeight: Double) -> Bool {
        let filled = row.indices.filter { !row[$0].isEmpty }
        guard let first = filled.first, filled.count < above.count(where: { !$0.isEmpty }),
            filled.allSatisfy({ !above[$0].isEmpty && !isNumeric(row[$0]) }),
            let top = row.joined().map(\.box.top).min(), let bottom = above.joined().map(\.box.bottom).max(),
            top - bottom < 0.45 * lineHeight
        else { return false }
        return first > 0 || row[first].first?.text.first?.isLowercase == true
    }

    /// Rows at the top that hold no figures, when others below do; else the first when it is set in bold.
    private static func headerRows(of rows: [[[TextLine]]]) -> Int {
        let figures = rows.map { row in
            let filled = row.filter { !$0.isEmpty }
            return Double(filled.count(where: isNumeric)) / Double(max(filled.count, 1))
        }
        let leading = figures.prefix { $0 <= 0.25 }.count
        let body = figures.dropFirst(leading)
        if (1...3).contains(leading), body.count(where: { $0 > 0.25 }) * 2 > body.count { return leading }
        let isBold = rows.first?.joined().allSatisfy(\.isBold) == true
        return isBold && rows.count > 1 ? 1 : 0
    }

    /// An amount, a share, a count: mostly digits.
    static func isNumeric(_ cell: [TextLine]) -> Bool {
        let text = cell.map(\.text).joined()
        let digits = text.count(where: \.isNumber)
        return digits > 0 && digits * 2 >= text.count { !$0.isWhitespace && !".,%()$€£-–+".contains($0) }
            && text.count(where: \.isLetter) <= 3
    }

    /// A cell as the writer takes it.
    func content(compounds: Set<String>) -> [[[Inline]]] {
        rows.map { $0.map { LineJoining.content($0, compounds: compounds) } }
    }
}
