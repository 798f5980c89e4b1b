/// Walks the blocks of a document, sheets and slides. The content is read as a stream, a paragraph, a table's row or a
/// slide at a time.
struct OpenDocumentBody {
    var styles: OpenDocumentStyles
    private let objects: [String: [UInt8]]
    private let ledger = PartLedger()
    private let hidden = HiddenTally()
    /// Rows and cells that stand for more than one: a file of a hundred bytes may claim billions.
    private var repeatsLeft = 20_000
    /// What all sheets took so far of the document's text.
    private var size = 0
    var pageNumber = 0
    var hasPageHeading = false
    private var isSpreadsheet = false
    private var isInObject = false

    private static let repeatMax = 1_000
    /// Not shown, or made into something else that is.
    private static let skipped: Set<String> = [
        "tracked-changes", "annotation", "forms", "scripts", "event-listeners", "font-face-decls", "settings",
        "title", "desc", "notes", "enhanced-geometry", "sequence-decls", "variable-decls", "user-field-decls",
        "table-of-content-source", "illustration-index-source", "table-index-source", "object-index-source",
        "user-index-source", "alphabetical-index-source", "bibliography-source", "content-validations",
        "calculation-settings", "named-expressions", "database-ranges", "data-pilot-tables", "dde-links",
        "image-map", "animations", "par", "table-source", "consolidation", "binary-data",
    ]

    init(_ styles: OpenDocumentStyles, objects: [String: [UInt8]]) {
        (self.styles, self.objects) = (styles, objects)
    }

    mutating func read(_ content: [UInt8], into session: inout ParseSession) throws(ParseFailure) {
        var reader = try XMLReader(content)
        while !session.writer.isFull, let event = try reader.next() {
            guard case .start(let element) = event else { continue }
            switch element.name {
            case "style": styles.add(try reader.tree(of: element))
            case "spreadsheet": isSpreadsheet = true
            case "p", "h", "list": write(try reader.tree(of: element), into: &session)
            case "page": writePage(try reader.tree(of: element), into: &session)
            case "table" where isSpreadsheet: try readSheet(element, &reader, into: &session)
            case "table": try readTable(&reader, into: &session)
            case let name where OpenDocumentText.shapes.contains(name):
                write(try reader.tree(of: element), into: &session)
            default: if isSkipped(element.name, element.attributes) { try reader.skip() }
            }
        }
        session.leaveOut(hiddenBytes: hidden.bytes)
    }

    private func isSkipped(_ name: String, _ attributes: [String: String]) -> Bool {
        if name == "section" {
            guard attributes["display"] == "none" || attributes["is-hidden"] == "true" else { return false }
            // How much is in it is not counted: nobody hides a section without words.
            hidden.add(HiddenTally.some)
            return true
        }
        return Self.skipped.contains(name)
    }

    // MARK: Blocks

    mutating func write(_ node: XMLTree, into session: inout ParseSession) {
        guard !session.writer.isFull, !isSkipped(node.name, node.attributes) else { return }
        switch node.name {
        case "p", "h": writeParagraph(node, isItem: false, into: &session)
        case "list": writeList(node, into: &session)
        case "table": writeTable(node, into: &session)
        case "object": writeObject(node["href"] ?? "", into: &session)
        default: for element in node.elements { write(element, into: &session) }
        }
    }

    private mutating func writeList(_ list: XMLTree, into session: inout ParseSession) {
        for item in list.elements where item.name == "list-item" || item.name == "list-header" {
            var isFirst = true
            for element in item.elements {
                guard element.name == "p" || element.name == "h" else {
                    write(element, into: &session)
                    continue
                }
                writeParagraph(element, isItem: isFirst, into: &session)
                isFirst = false
            }
        }
    }

    private mutating func writeParagraph(_ node: XMLTree, isItem: Bool, into session: inout ParseSession) {
        let content = text(of: node)
        let words = [Inline(content.text)]
        if node.name == "h" {
            session.writer.heading(words, level: node.number("outline-level") ?? 1)
        } else if styles.isTitle(node["style-name"]) {
            if session.title == nil, content.text.contains(where: { $0 > 0x20 }) {
                session.title = String(decoding: content.text, as: UTF8.self)
            }
            session.writer.heading(words, level: 1)
        } else if isItem {
            session.writer.listItem(words)
        } else {
            session.writer.paragraph(words)
        }
        for element in content.attached { write(element, into: &session) }
    }

    private func text(of paragraph: XMLTree) -> OpenDocumentText {
        let content = OpenDocumentText(paragraph, styles) { address in
            guard let tree = object(address, isFormula: true) else { return nil }
            return MathText.text(of: tree)
        }
        hidden.add(content.hiddenBytes)
        return content
    }

    /// Each once. What a part is shows in its first bytes; only that kind is taken.
    private func object(_ address: String, isFormula: Bool) -> XMLTree? {
        let path = (address.hasPrefix("./") ? String(address.dropFirst(2)) : address) + "/content.xml"
        guard let bytes = objects[path], Self.isFormula(bytes) == isFormula, ledger.take(path) else { return nil }
        return try? XMLTree.document(bytes)
    }

    private static func isFormula(_ bytes: [UInt8]) -> Bool {
        Array(bytes.prefix(500)).containsSequence(Array("math".utf8))
            && !Array(bytes.prefix(500)).containsSequence(Array("document-content".utf8))
    }

    /// A chart's values. An object in an object is not read.
    private mutating func writeObject(_ address: String, into session: inout ParseSession) {
        guard !isInObject, let tree = object(address, isFormula: false) else { return }
        isInObject = true
        defer { isInObject = false }
        if let chart = tree.first("body", "chart", "chart") {
            for title in chart.all("title") { session.writer.paragraph([Inline(flatText(of: title))]) }
            for table in chart.all("table") { write(table, into: &session) }
        }
    }

    /// All paragraphs in a cell, also those of lists, tables and frames in it.
    func flatText(of node: XMLTree) -> [UInt8] {
        var words: [UInt8] = []
        for element in node.elements where !isSkipped(element.name, element.attributes) {
            guard element.name == "p" || element.name == "h" else {
                words += flatText(of: element)
                continue
            }
            let content = text(of: element)
            words += content.text + [0x20]
            for attached in content.attached { words += flatText(of: attached) + [0x20] }
        }
        return words
    }

    // MARK: Tables

    private mutating func readTable(
        _ reader: inout XMLReader, into session: inout ParseSession
    ) throws(ParseFailure) {
        var grid = SpannedGrid()
        var (depth, headerDepth) = (1, Int.max)
        while depth > 0, let event = try reader.next() {
            switch event {
            case .start(let element) where element.name == "table-row":
                add(try reader.tree(of: element), isHeader: depth >= headerDepth, to: &grid)
            case .start(let element) where Self.skipped.contains(element.name): try reader.skip()
            case .start(let element):
                depth += 1
                if element.name == "table-header-rows" { headerDepth = min(headerDepth, depth) }
            case .end:
                depth -= 1
                if depth < headerDepth { headerDepth = .max }
            case .text: break
            }
            if grid.bytes > session.limits.textBytesMax { throw .textTooLong }
        }
        session.writer.table(grid.content, headerRows: grid.headerRows)
    }

    private mutating func writeTable(_ table: XMLTree, into session: inout ParseSession) {
        var grid = SpannedGrid()
        addRows(in: table, isHeader: false, to: &grid)
        session.writer.table(grid.content, headerRows: grid.headerRows)
    }

    private mutating func addRows(in node: XMLTree, isHeader: Bool, to grid: inout SpannedGrid) {
        for element in node.elements where !Self.skipped.contains(element.name) {
            if element.name == "table-row" {
                add(element, isHeader: isHeader, to: &grid)
            } else {
                addRows(in: element, isHeader: isHeader || element.name == "table-header-rows", to: &grid)
            }
        }
    }

    private mutating func add(_ row: XMLTree, isHeader: Bool, to grid: inout SpannedGrid) {
        let count = isBlank(row) ? 1 : repeats(row.number("number-rows-repeated"), cells: row.elements.count)
        let cells = row.elements.map { cell in
            (cell: cell, text: cell.name == "table-cell" ? flatText(of: cell) : [])
        }
        for _ in 0..<count {
            grid.beginRow(isHeader: isHeader)
            for (cell, text) in cells {
                if cell.name == "covered-table-cell" {
                    for _ in 0..<min(Self.repeatMax, max(1, cell.number("number-columns-repeated") ?? 1)) {
                        grid.add([], isContinuation: true)
                    }
                } else if cell.name == "table-cell", text.isEmpty {
                    grid.addEmpty(max(1, cell.number("number-columns-repeated") ?? 1))
                } else if cell.name == "table-cell" {
                    for _ in 0..<repeats(cell.number("number-columns-repeated")) {
                        grid.add(text, rows: cell.number("number-rows-spanned") ?? 1)
                    }
                }
            }
        }
    }

    func isBlank(_ row: XMLTree) -> Bool { !row.text.contains { $0 > 0x20 } }

    /// How often something with words in it is written. `cells`: how many come with each time.
    private mutating func repeats(_ claimed: Int?, cells: Int = 1) -> Int {
        let count = max(1, min(claimed ?? 1, Self.repeatMax, repeatsLeft / max(1, cells) + 1))
        repeatsLeft -= (count - 1) * cells
        return count
    }

    // MARK: Sheets

    private mutating func readSheet(
        _ sheet: XMLReader.Element, _ reader: inout XMLReader, into session: inout ParseSession
    ) throws(ParseFailure) {
        if styles.isHidden(sheet["style-name"], "table") {
            session.note(.hiddenText)
            return try reader.skip()
        }
        session.writer.heading(sheet["name"] ?? "", level: 1)
        var cells = SheetCells()
        var shapes: [XMLTree] = []
        var (row, depth) = (0, 1)
        while depth > 0, let event = try reader.next() {
            switch event {
            case .start(let element) where element.name == "table-row":
                try add(try reader.tree(of: element), at: &row, to: &cells, sizeMax: session.limits.textBytesMax - size)
            case .start(let element) where element.name == "shapes": shapes.append(try reader.tree(of: element))
            case .start(let element) where Self.skipped.contains(element.name): try reader.skip()
            case .start: depth += 1
            case .end: depth -= 1
            case .text: break
            }
        }
        size += cells.size
        cells.write(into: &session.writer)
        for shape in shapes { write(shape, into: &session) }
    }

    private mutating func add(
        _ row: XMLTree, at number: inout Int, to cells: inout SheetCells, sizeMax: Int
    ) throws(ParseFailure) {
        let claimed = max(1, min(row.number("number-rows-repeated") ?? 1, SheetCells.rowsMax))
        let start = number
        number = min(number + claimed, SheetCells.rowsMax)
        var column = 0
        var found: [(column: Int, text: [UInt8], isText: Bool)] = []
        for cell in row.elements where cell.name == "table-cell" || cell.name == "covered-table-cell" {
            let width = max(1, min(cell.number("number-columns-repeated") ?? 1, SheetCells.columnsMax))
            let text = cell.name == "table-cell" ? shownText(of: cell) : []
            if text.contains(where: { $0 > 0x20 }) {
                let isText = (cell["value-type"] ?? "string") == "string"
                for offset in 0..<repeats(width) { found.append((column + offset, text, isText)) }
            }
            column = min(column + width, SheetCells.columnsMax)
        }
        guard !found.isEmpty else { return }
        for offset in 0..<repeats(claimed, cells: found.count) {
            for cell in found {
                cells.add(cell.text, row: start + offset, column: cell.column, isText: cell.isText)
                guard cells.size <= sizeMax else { throw .textTooLong }
            }
        }
    }

    /// As it was last shown, or the value where a program stored no more.
    private func shownText(of cell: XMLTree) -> [UInt8] {
        let text = flatText(of: cell)
        guard text.isEmpty else { return text }
        let value = cell["string-value"] ?? cell["date-value"] ?? cell["boolean-value"] ?? cell["value"] ?? ""
        return Array(value.utf8)
    }
}

/// What was left out because it is hidden; shared, because words are also read where nothing is written.
private final class HiddenTally {
    static let some = 1_000
    private(set) var bytes = 0

    func add(_ count: Int) { bytes += count }
}
