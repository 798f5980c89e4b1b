/// Excel workbooks (XLSX; ECMA-376 part 1, SpreadsheetML). Each sheet is a heading and its tables, then its charts.
///
/// Cells are read as they were last shown: formulas by their stored value, never evaluated. Comments are left out, and
/// hidden sheets with a note; hidden rows and columns are read.
enum WorkbookParser: FormatParser {
    static let version = "workbook/2"

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        let unwanted = [
            "media/", "theme/", "embeddings/", "calcchain", "pivot", "querytables/", "externallinks/",
            "printersettings/",
            "comments", "threadedcomments/", "persons/", "tables/", "slicer", "ctrlprops/", "connections", "metadata",
        ]
        let package = try OfficePackage(source.bytes, folder: "xl/", unwanted: unwanted, for: &session)
        let main = package.mainPart(or: "xl/workbook.xml")
        guard let bytes = package[main], let workbook = try XMLTree.document(bytes) else { throw .damaged }
        // Its first heading is the name of a sheet, such as Sheet1.
        session.title = session.title ?? package.title ?? source.name
        let parts = package.relationships(of: main)
        let paths = Dictionary(parts.values.map { ($0.type, $0.path) }) { first, _ in first }
        var reader = WorkbookReader(
            package: package, formats: CellFormats(package.optionalTree(paths["styles"])),
            is1904: ["1", "true"].contains(workbook.first("workbookPr")?["date1904"] ?? "0"))
        if let strings = paths["sharedStrings"].flatMap({ package[$0] }) { try reader.readStrings(strings) }
        var seen: Set<String> = []
        for sheet in workbook.first("sheets")?.all("sheet") ?? [] {
            guard !session.writer.isFull else { return }
            guard sheet["state"] ?? "visible" == "visible" else {
                session.note(.hiddenText)
                continue
            }
            guard let part = sheet["r:id"].flatMap({ parts[$0] }), seen.insert(part.path).inserted else {
                continue
            }
            try reader.write(part.path, name: sheet["name"] ?? "", into: &session)
        }
    }
}

/// Which number format a cell's style has.
struct CellFormats {
    private var formats: [NumberFormat] = []

    init(_ styles: XMLTree?) {
        var codes: [Int: String] = [:]
        for format in styles?.first("numFmts")?.all("numFmt") ?? [] {
            if let id = format.number("numFmtId") { codes[id] = format["formatCode"] }
        }
        formats = (styles?.first("cellXfs")?.all("xf") ?? []).map { style in
            let id = style.number("numFmtId") ?? 0
            return NumberFormat(codes[id] ?? NumberFormat.builtIn(id))
        }
    }

    func text(of value: Double, style: Int?, is1904: Bool) -> String? {
        let format = style.flatMap { formats.indices.contains($0) ? formats[$0] : nil } ?? NumberFormat("General")
        return format.text(of: value, is1904: is1904)
    }
}

private struct WorkbookReader {
    let package: OfficePackage
    let formats: CellFormats
    let is1904: Bool
    private var strings: [[UInt8]] = []
    /// What all sheets took so far of the document's text.
    private var size = 0

    private static let mergesMax = 100_000

    init(package: OfficePackage, formats: CellFormats, is1904: Bool) {
        (self.package, self.formats, self.is1904) = (package, formats, is1904)
    }

    mutating func readStrings(_ bytes: [UInt8]) throws(ParseFailure) {
        var reader = try XMLReader(bytes)
        while let event = try reader.next() {
            guard case .start(let element) = event, element.name == "si" else { continue }
            strings.append(Self.words(of: try reader.tree(of: element)))
        }
    }

    /// Runs of a rich string, without the pronunciation beside it.
    private static func words(of string: XMLTree) -> [UInt8] {
        let parts = string.elements.map { (element: XMLTree) -> [UInt8] in
            switch element.name {
            case "t": element.text
            case "r": element.first("t")?.text ?? []
            default: []
            }
        }
        return OfficeEscape.decoded(parts.joinedBytes(by: []))
    }

    /// A sheet that cannot be read does not keep the others from being read.
    mutating func write(_ path: String, name: String, into session: inout ParseSession) throws(ParseFailure) {
        guard let bytes = package[path] else { return session.note(.partUnreadable) }
        var cells = SheetCells()
        do {
            try read(bytes, into: &cells, sizeMax: session.limits.textBytesMax - size)
        } catch {
            guard error.isAboutThePart else { throw error }
            session.note(.partUnreadable)
        }
        size += cells.size
        session.writer.heading(name, level: 1)
        cells.write(into: &session.writer)
        writeDrawings(of: path, into: &session.writer)
    }

    private func read(_ bytes: [UInt8], into cells: inout SheetCells, sizeMax: Int) throws(ParseFailure) {
        var reader = try XMLReader(bytes)
        var merges: [(rows: ClosedRange<Int>, column: Int)] = []
        var place = (row: -1, column: -1)
        while let event = try reader.next() {
            guard case .start(let element) = event else { continue }
            switch element.name {
            case "row":
                place = (element["r"].flatMap { Int($0) }.flatMap(Self.row) ?? min(place.row, 1 << 30) + 1, -1)
            case "c":
                place.column += 1
                if let named = element["r"].flatMap({ CellReference($0) }) { place = (named.row, named.column) }
                let (value, inline) = try Self.value(&reader)
                let (text, isText) = content(of: element, value, inline)
                cells.add(text, row: place.row, column: place.column, isText: isText)
                guard cells.size <= sizeMax else { throw .textTooLong }
            case "mergeCell":
                if merges.count < Self.mergesMax, let merge = Self.merge(element["ref"] ?? "") { merges.append(merge) }
            default: break
            }
        }
        cells.fill(merges)
    }

    private static func row(_ number: Int) -> Int? { (1...SheetCells.rowsMax).contains(number) ? number - 1 : nil }

    private static func merge(_ range: String) -> (rows: ClosedRange<Int>, column: Int)? {
        let ends = range.split(separator: ":")
        guard ends.count == 2, let start = CellReference(String(ends[0])), let end = CellReference(String(ends[1])),
            start.row <= end.row
        else { return nil }
        return (start.row...end.row, start.column)
    }

    /// Reads to the end of a cell. Formulas are passed over. No tree is made: there may be millions of cells.
    private static func value(_ reader: inout XMLReader) throws(ParseFailure) -> (value: [UInt8], inline: XMLTree?) {
        var value: [UInt8] = []
        var inline: XMLTree?
        var isInValue = false
        while let event = try reader.next() {
            switch event {
            case .start(let element) where element.name == "v": isInValue = true
            case .start(let element) where element.name == "is": inline = try reader.tree(of: element)
            case .start: try reader.skip()
            case .text(let text): if isInValue { value += text }
            case .end:
                guard isInValue else { return (value, inline) }
                isInValue = false
            }
        }
        throw .damaged
    }

    private func content(
        of cell: XMLReader.Element, _ value: [UInt8], _ inline: XMLTree?
    ) -> (text: [UInt8], isText: Bool) {
        switch cell["t"] ?? "n" {
        case "s":
            guard let index = Int(String(decoding: value, as: UTF8.self)), strings.indices.contains(index) else {
                return ([], true)
            }
            return (strings[index], true)
        case "inlineStr": return (inline.map { Self.words(of: $0) } ?? [], true)
        case "str": return (OfficeEscape.decoded(value), true)
        case "b": return (value.isEmpty ? [] : Array((value == [0x31] ? "TRUE" : "FALSE").utf8), false)
        case "n": return (number(value, style: cell["s"].flatMap { Int($0) }), false)
        default: return (value, false)
        }
    }

    private func number(_ value: [UInt8], style: Int?) -> [UInt8] {
        guard value.count <= 60, let number = Double(String(decoding: value, as: UTF8.self)),
            let text = formats.text(of: number, style: style, is1904: is1904)
        else { return value }
        return Array(text.utf8)
    }

    /// Text boxes and charts that lie on a sheet.
    private func writeDrawings(of path: String, into writer: inout DocumentWriter) {
        let drawings = package.relationships(of: path).values.filter { $0.type == "drawing" }.map(\.path)
        for drawing in drawings.sorted() where !writer.isFull {
            guard let tree = package.treeOnce(drawing) else { continue }
            for paragraph in tree.descendants("txBody").flatMap({ $0.all("p") }) {
                writer.paragraph([Inline(DrawingParts.text(of: paragraph))])
            }
            let parts = package.relationships(of: drawing)
            for chart in tree.descendants("chart") {
                guard let part = package.treeOnce(chart["r:id"].flatMap { parts[$0]?.path }) else { continue }
                DrawingParts.write(part, into: &writer)
            }
        }
    }
}

/// `BC23`: from 0.
struct CellReference: Equatable {
    let row: Int
    let column: Int

    /// Nil where there is no such cell in a sheet.
    init?(_ text: String) {
        var (column, row) = (0, 0)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z") where row == 0: column = column * 26 + Int(byte) - 0x40
            case UInt8(ascii: "0")...UInt8(ascii: "9"): row = row * 10 + Int(byte) - 0x30
            case UInt8(ascii: "$"): continue
            default: return nil
            }
            guard column <= SheetCells.columnsMax, row <= SheetCells.rowsMax else { return nil }
        }
        guard column > 0, row > 0 else { return nil }
        (self.row, self.column) = (row - 1, column - 1)
    }
}
