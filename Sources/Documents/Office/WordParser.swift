/// Word documents (DOCX; ECMA-376 part 1, WordprocessingML, strict and transitional).
///
/// Read are the body, text boxes, notes, charts and diagrams. Left out are headers and footers, comments, deleted text,
/// hidden text (with a note), fields' instructions and what other files would bring in.
enum WordParser: FormatParser {
    static let version = "word/2"

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        let unwanted = ["media/", "theme/", "embeddings/", "fonttable", "settings", "websettings", "glossary/"]
        let package = try OfficePackage(source.bytes, folder: "word/", unwanted: unwanted, for: &session)
        let main = package.mainPart(or: "word/document.xml")
        guard let body = package[main] else { throw .damaged }
        session.title = session.title ?? package.title
        var reading = WordBody(package, main: main)
        try reading.read(body, into: &session)
    }
}

/// Walks the blocks of a document. The body is read as a stream, a paragraph or a table's row at a time.
struct WordBody {
    private let package: OfficePackage
    private let relationships: [String: OfficePackage.Relationship]
    private let styles: WordStyles
    private var numbering: WordNumbering
    private var notes: [String: [String: XMLTree]] = [:]
    /// Referred to by what is being written; written after it, each once.
    private var pending: [XMLTree] = []
    /// What is being read stands on something that has, or may have, a colour of its own.
    private var isOnColour = false

    private static let skipped: Set<String> = [
        "sdtPr", "sdtEndPr", "sectPr", "del", "moveFrom", "Fallback", "background", "customXmlPr", "pPr",
    ]

    init(_ package: OfficePackage, main: String) {
        self.package = package
        relationships = package.relationships(of: main)
        let paths = Dictionary(relationships.values.map { ($0.type, $0.path) }) { first, _ in first }
        styles = WordStyles(package.optionalTree(paths["styles"]))
        numbering = WordNumbering(package.optionalTree(paths["numbering"]))
        for kind in ["footnote", "endnote"] {
            let all = package.optionalTree(paths[kind + "s"])?.all(kind).filter { $0["type"] == nil } ?? []
            notes[kind] = Dictionary(all.map { ($0["id"] ?? "", $0) }) { first, _ in first }
        }
    }

    mutating func read(_ body: [UInt8], into session: inout ParseSession) throws(ParseFailure) {
        var reader = try XMLReader(body)
        while !session.writer.isFull, let event = try reader.next() {
            guard case .start(let element) = event else { continue }
            switch element.name {
            case "p": write(try reader.tree(of: element), into: &session)
            case "tbl": try readTable(&reader, into: &session)
            case "altChunk":
                session.note(.partSkipped)
                try reader.skip()
            case "background":
                isOnColour = true
                try reader.skip()
            default: if Self.skipped.contains(element.name) { try reader.skip() }
            }
        }
    }

    private mutating func readTable(
        _ reader: inout XMLReader, into session: inout ParseSession
    ) throws(ParseFailure) {
        var grid = WordGrid()
        var depth = 1
        while depth > 0, let event = try reader.next() {
            switch event {
            case .start(let element) where element.name == "tr":
                add(try reader.tree(of: element), to: &grid, &session)
            case .start(let element) where element.name == "tblPr":
                grid.isOnColour = isColoured(try reader.tree(of: element))
            case .start(let element) where Self.skipped.contains(element.name): try reader.skip()
            case .start: depth += 1
            case .end: depth -= 1
            case .text: break
            }
            if grid.cells.bytes > session.limits.textBytesMax { throw .textTooLong }
        }
        write(grid, into: &session)
    }

    private mutating func writeBlocks(in node: XMLTree, into session: inout ParseSession) {
        for element in node.elements where !session.writer.isFull {
            switch element.name {
            case "p": write(element, into: &session)
            case "tbl":
                var grid = WordGrid()
                grid.isOnColour = isColoured(element.first("tblPr"))
                for row in rows(of: element) { add(row, to: &grid, &session) }
                write(grid, into: &session)
            case "AlternateContent":
                if let content = element.first("Choice") ?? element.first("Fallback") {
                    writeBlocks(in: content, into: &session)
                }
            default: if !Self.skipped.contains(element.name) { writeBlocks(in: element, into: &session) }
            }
        }
    }

    private func rows(of table: XMLTree) -> [XMLTree] {
        table.elements.flatMap { element in
            if element.name == "tr" { return [element] }
            return Self.skipped.contains(element.name) ? [] : rows(of: element)
        }
    }

    private func isColoured(_ table: XMLTree?) -> Bool {
        WordLook.isShaded(table) == true || styles.look(table?.first("tblStyle")?["val"], \.isShaded) == true
    }

    // MARK: Paragraphs

    private mutating func write(_ paragraph: XMLTree, into session: inout ParseSession) {
        let content = WordText(paragraph, styles, isOnColour: isOnColour)
        session.leaveOut(hiddenBytes: content.hiddenBytes)
        let properties = paragraph.first("pPr")
        let style = properties?.first("pStyle")?["val"]
        let (label, isItem) = label(properties, style)
        let text = [Inline(label.isEmpty || content.text.isEmpty ? "" : label + " "), Inline(content.text)]
        if let level = headingLevel(properties, style) {
            if session.title == nil, styles.isTitle(style), !content.text.isEmpty {
                session.title = String(decoding: content.text, as: UTF8.self)
            }
            session.writer.heading(text, level: level)
        } else if isItem {
            session.writer.listItem(text)
        } else {
            session.writer.paragraph(text)
        }
        onColour(true) { body in
            for box in content.boxes { body.writeBlocks(in: box, into: &session) }
        }
        writeDrawings(content.drawings, into: &session)
        take(content.notes)
        writePending(into: &session)
    }

    private mutating func onColour(_ isColoured: Bool, _ body: (inout WordBody) -> Void) {
        let outer = isOnColour
        isOnColour = outer || isColoured
        body(&self)
        isOnColour = outer
    }

    private func headingLevel(_ properties: XMLTree?, _ style: String?) -> Int? {
        guard let direct = properties?.first("outlineLvl")?.number("val") else { return styles.headingLevel(style) }
        return (0..<9).contains(direct) ? direct + 1 : nil
    }

    /// The number that stands before a paragraph, and whether it is in a list.
    private mutating func label(_ properties: XMLTree?, _ style: String?) -> (label: String, isItem: Bool) {
        let direct = properties?.first("numPr").map { WordNumbering.Place($0) }
        let styled = styles.list(style)
        guard let place = direct?.list == nil ? styled?.place : direct, numbering.isItem(place) else {
            return ("", false)
        }
        return (numbering.label(of: place, style: styled?.style), true)
    }

    private func writeDrawings(_ ids: [String], into session: inout ParseSession) {
        for id in ids {
            guard let part = relationships[id], let tree = package.treeOnce(part.path) else { continue }
            DrawingParts.write(tree, into: &session.writer)
        }
    }

    private mutating func take(_ references: [(kind: String, id: String)]) {
        for (kind, id) in references {
            if let note = notes[kind]?.removeValue(forKey: id) { pending.append(note) }
        }
    }

    private mutating func writePending(into session: inout ParseSession) {
        let now = pending
        pending = []
        for note in now { writeBlocks(in: note, into: &session) }
    }

    // MARK: Tables

    /// A table of one cell is a frame around paragraphs, so the first row waits for a second.
    private mutating func add(_ row: XMLTree, to grid: inout WordGrid, _ session: inout ParseSession) {
        let properties = row.first("trPr")
        guard properties?.first("del") == nil else { return }
        if properties?.toggle("hidden") == true { return session.leaveOut(hidden: row.text) }
        if grid.isEmpty, grid.onlyRow == nil, cells(of: row).count == 1 { return grid.onlyRow = row }
        if let first = grid.onlyRow {
            grid.onlyRow = nil
            addCells(of: first, to: &grid, &session)
        }
        addCells(of: row, to: &grid, &session)
    }

    private mutating func addCells(of row: XMLTree, to grid: inout WordGrid, _ session: inout ParseSession) {
        let properties = row.first("trPr")
        grid.isEmpty = false
        grid.cells.beginRow(
            isHeader: properties?.toggle("tblHeader") ?? false,
            before: properties?.first("gridBefore")?.number("val") ?? 0)
        for cell in cells(of: row) {
            let properties = cell.first("tcPr")
            let merge = properties?.first("vMerge")
            let goesOn = merge != nil && merge?["val"] != "restart"
            var text: [UInt8] = []
            if properties?.first("cellDel") == nil {
                onColour(grid.isOnColour || WordLook.isShaded(properties) == true) { body in
                    text = body.flatText(of: cell, &session)
                }
            }
            grid.cells.add(
                text, columns: properties?.first("gridSpan")?.number("val") ?? 1, rows: merge == nil ? 1 : .max,
                isContinuation: goesOn)
        }
    }

    private func cells(of row: XMLTree) -> [XMLTree] {
        row.elements.flatMap { element in
            if element.name == "tc" { return [element] }
            return Self.skipped.contains(element.name) || element.name == "tbl" ? [] : cells(of: element)
        }
    }

    /// All paragraphs in a cell, also those of tables and boxes in it.
    private mutating func flatText(of node: XMLTree, _ session: inout ParseSession) -> [UInt8] {
        var text: [UInt8] = []
        for element in node.elements where !Self.skipped.contains(element.name) {
            guard element.name == "p" else {
                text += flatText(of: element, &session)
                continue
            }
            let content = WordText(element, styles, isOnColour: isOnColour)
            session.leaveOut(hiddenBytes: content.hiddenBytes)
            take(content.notes)
            let properties = element.first("pPr")
            let label = label(properties, properties?.first("pStyle")?["val"]).label
            if !label.isEmpty { text += Array((label + " ").utf8) }
            text += content.text + [0x20]
            onColour(true) { body in
                for box in content.boxes { text += body.flatText(of: box, &session) }
            }
        }
        return text
    }

    private mutating func write(_ grid: WordGrid, into session: inout ParseSession) {
        if let row = grid.onlyRow {
            for cell in cells(of: row) {
                onColour(grid.isOnColour || WordLook.isShaded(cell.first("tcPr")) == true) { body in
                    body.writeBlocks(in: cell, into: &session)
                }
            }
        } else {
            session.writer.table(grid.cells.content, headerRows: grid.cells.headerRows)
        }
        writePending(into: &session)
    }
}

/// A table while it is read.
private struct WordGrid {
    var cells = SpannedGrid()
    var isEmpty = true
    /// White letters in it may be read.
    var isOnColour = false
    /// The first row, while it is the only one and has one cell.
    var onlyRow: XMLTree?
}
