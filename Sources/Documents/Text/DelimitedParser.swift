/// Tables of text, with any of the usual delimiters (RFC 4180). A cell is words: nothing in it is ever evaluated.
///
/// A long file becomes several tables, so that a block stays of a size that can be cited; the first has the header.
enum DelimitedParser: FormatParser {
    static let version = "delimited/1"
    private static let rowsPerTableMax = 50
    private static let bytesPerTableMax = 16 << 10
    /// Lines above the table, such as a title.
    private static let preambleRowsMax = 10

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        var text = try session.text(of: source)
        var delimiter = DelimiterGuess.declared(at: &text)
        delimiter = delimiter ?? DelimiterGuess.guess(text, usual: source.format == .tabSeparated ? 0x09 : 0x2c)
        var reader = DelimitedReader(text, delimiter: delimiter ?? 0x2c)
        var rows: [[[UInt8]]] = []
        for row in preamble(of: &reader, rows: &rows) { session.writer.paragraph([Inline(row)]) }
        var headerRows = isHeader(rows) ? 1 : 0
        var bytes = 0
        while !session.writer.isFull, let row = reader.next() {
            bytes += row.reduce(0) { $0 + $1.count }
            rows.append(row)
            guard rows.count >= rowsPerTableMax || bytes > bytesPerTableMax else { continue }
            write(&rows, headerRows: &headerRows, to: &session.writer)
            bytes = 0
        }
        write(&rows, headerRows: &headerRows, to: &session.writer)
        if reader.isRepaired { session.note(.repaired) }
    }

    private static func write(_ rows: inout [[[UInt8]]], headerRows: inout Int, to writer: inout DocumentWriter) {
        writer.table(rows.map { row in row.map { [Inline($0)] } }, headerRows: headerRows)
        rows = []
        headerRows = 0
    }

    /// Takes the first rows: those with a single cell above wider ones are words about the table, the rest is `rows`.
    private static func preamble(of reader: inout DelimitedReader, rows: inout [[[UInt8]]]) -> [[UInt8]] {
        while rows.count < preambleRowsMax, let row = reader.next() {
            if row.contains(where: { !isBlank($0) }) { rows.append(row) }
        }
        let above = rows.prefix { row in row.count { !isBlank($0) } == 1 }
        let first = rows.dropFirst(above.count).first ?? []
        guard first.count(where: { !isBlank($0) }) > 2 else { return [] }
        let words = above.compactMap { row in row.first { !isBlank($0) } }
        rows.removeFirst(above.count)
        return words
    }

    /// The first row names the columns when it has names: no cell of it is a number, but for years.
    private static func isHeader(_ rows: [[[UInt8]]]) -> Bool {
        guard rows.count > 1, let first = rows.first else { return false }
        let names = first.filter { !isBlank($0) }
        return names.count * 2 > first.count && names.allSatisfy { isYear($0) || !isNumber($0) }
            && !names.allSatisfy(isYear)
    }

    private static func isBlank(_ cell: [UInt8]) -> Bool { cell.allSatisfy { $0 <= 0x20 } }

    private static func isYear(_ cell: [UInt8]) -> Bool {
        guard let year = Int(String(decoding: cell, as: UTF8.self)) else { return false }
        return (1800...2200).contains(year)
    }

    /// Digits with what stands between and around them in amounts, dates and times.
    private static func isNumber(_ cell: [UInt8]) -> Bool {
        let others = Set("+-.,:/ %$()eE\u{20ac}".utf8)
        return cell.contains { (0x30...0x39).contains($0) }
            && cell.allSatisfy { (0x30...0x39).contains($0) || others.contains($0) }
    }
}
