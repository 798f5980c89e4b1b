/// Any XML: elements with text become blocks. Names that JATS, DocBook and feeds use give headings, lists and tables;
/// names of elements and attributes are not shown. XHTML is read as HTML.
enum XMLParser: FormatParser {
    static let version = "xml/1"

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        var reader = try XMLReader(source.bytes, isLenient: true, charset: source.charset)
        guard let root = try firstElement(of: &reader) else { throw .damaged }
        guard root.name != "html" else { return try HTMLParser.parse(source, into: &session) }
        var blocks = XMLBlocks(root, limits: session.limits, size: source.bytes.count)
        while let event = try reader.next(), !session.writer.isFull {
            try blocks.take(event, &session)
        }
        try blocks.finish(&session)
        if reader.wasDamaged { session.note(.repaired) }
        session.title = session.title ?? blocks.title
    }

    private static func firstElement(of reader: inout XMLReader) throws(ParseFailure) -> XMLReader.Element? {
        while let event = try reader.next() {
            if case .start(let root) = event { return root }
        }
        return nil
    }
}

/// Events of XML to blocks. What lies within a table waits for its end; all else is written at once.
private struct XMLBlocks {
    private struct Open {
        let name: String
        let role: XMLRole
    }

    private(set) var title: String?
    private let isFeed: Bool
    private let limits: ParseLimits
    private var budget: Int
    private var open: [Open]
    private var flow = MarkupFlow()
    /// Escaped HTML, until its element ends.
    private var html: [UInt8] = []
    private var marker: String?
    private var lists: [MarkupList] = []
    /// A section's number, which stands before its title.
    private var label: [UInt8] = []
    private var table: MarkupTable?
    private var cell: MarkupTable.Cell?
    private var cells = 0
    private var sawFormula = false

    init(_ root: XMLReader.Element, limits: ParseLimits, size: Int) {
        isFeed = XMLRole.isFeed(root.name)
        self.limits = limits
        budget = size + 1 << 16
        let role = XMLRole.of(root.name, isFeed: isFeed)
        open = [Open(name: root.name, role: role == .section || role == .skipped ? .block : role)]
    }

    private var role: XMLRole { open.last?.role ?? .block }
    private var level: Int { open.count { $0.role == .section } + 1 }

    mutating func take(_ event: XMLReader.Event, _ session: inout ParseSession) throws(ParseFailure) {
        switch event {
        case .start(let element): try start(element, &session)
        case .end: try end(&session)
        case .text(let text):
            switch role {
            case .skipped: break
            case .html: html += text
            case .code: flow.appendVerbatim(text[...])
            default: flow.append(open.last?.name == "tex-math" ? Self.formula(text) : text[...])
            }
        }
    }

    /// A formula in TeX without the document that some publishers wrap around each.
    private static func formula(_ text: [UInt8]) -> ArraySlice<UInt8> {
        guard let start = text.firstIndex(ofSequence: "\\begin{document}", from: 0) else { return text[...] }
        let end = text.firstIndex(ofSequence: "\\end{document}", from: start) ?? text.count
        return text[start + 16..<max(end, start + 16)]
    }

    mutating func finish(_ session: inout ParseSession) throws(ParseFailure) {
        while !open.isEmpty { try end(&session) }
        try flush(.block, &session)
    }

    private mutating func start(_ element: XMLReader.Element, _ session: inout ParseSession) throws(ParseFailure) {
        var role = XMLRole.of(element.name, isFeed: isFeed)
        let outer = self.role
        switch outer {
        case .skipped, .html, .gathered, .inline, .title, .code:
            // What is in running text, or in a block that is gathered, runs on.
            if role != .skipped { role = role == .lineBreak ? .lineBreak : outer == .inline ? .inline : outer }
            if outer == .gathered, element.name != "sup", element.name != "sub" { flow.space() }
        default:
            if case .cell = role, table == nil { role = .block }
            if role == .row, table == nil { role = .block }
            if role == .block, flow.hasText, isMixed { role = .inline }
            if role == .gathered, flow.hasText { role = .inline }
        }
        if element["type"] == "xhtml", role == .html { role = .block }
        // The volume and issue that an article stands in are about it, not in it.
        if open.last?.name == "article-meta", role == .inline { role = .skipped }
        if isSecondForm(element.name) { role = .skipped }
        if !runsOn(role) { try flush(outer, &session) }
        open.append(Open(name: element.name, role: role))
        opened(role, element)
    }

    /// A formula that is given twice, as MathML and as TeX, is read once.
    private mutating func isSecondForm(_ name: String) -> Bool {
        if name == "alternatives" { sawFormula = false }
        guard name == "math" || name == "tex-math", open.last?.name == "alternatives" else { return false }
        defer { sawFormula = true }
        return sawFormula
    }

    /// Text stands directly in the element that is open, so what follows is likely a part of the sentence.
    private var isMixed: Bool { role == .block || role == .item }

    private func runsOn(_ role: XMLRole) -> Bool {
        switch role {
        case .inline, .skipped, .lineBreak: true
        case .gathered, .title, .code, .html: open.last?.role == role
        default: false
        }
    }

    private mutating func opened(_ role: XMLRole, _ element: XMLReader.Element) {
        switch role {
        case .lineBreak: _ = flow.lineBreak()
        case .list(let isOrdered):
            let isNumbered = isOrdered || element["list-type"] == "order"
            lists.append(MarkupList(isOrdered: isNumbered))
        case .item: marker = lists.isEmpty ? "- " : lists[lists.count - 1].next()
        case .table where table == nil:
            table = MarkupTable()
            table?.isMarked = true
        case .row: table?.beginRow(isHead: open.contains { $0.role == .head })
        case .cell(let isHeader):
            cells += 1
            func number(_ name: String) -> Int { MarkupList.number(element[name].map { Array($0.utf8)[...] }) ?? 1 }
            let more = MarkupList.number(element["morerows"].map { Array($0.utf8)[...] }) ?? 0
            cell = MarkupTable.Cell(
                columns: max(1, min(number("colspan"), MarkupTable.columnsMax)),
                rows: max(1, min(more > 0 ? more + 1 : number("rowspan"), MarkupTable.rowSpanMax)), isHeader: isHeader)
        default: break
        }
    }

    private mutating func end(_ session: inout ParseSession) throws(ParseFailure) {
        guard let last = open.last else { return }
        if last.name == "label", !open.dropLast().contains(where: { $0.role == .item }), table == nil {
            label = flow.takeText()
        }
        if !endsInside(last.role) { try flush(last.role, &session) }
        if last.role == .gathered { flow.space() }
        open.removeLast()
        switch last.role {
        case .item: marker = nil
        case .list: _ = lists.popLast()
        case .row: table?.endRow()
        case .cell:
            if var cell {
                cell.blocks = flow.takeBlocks()
                table?.add(cell)
            }
            cell = nil
        case .table where !open.contains { $0.role == .table }: writeTable(&session)
        default: break
        }
        guard cells <= limits.blocksMax * 4 else { throw .tooManyBlocks }
    }

    /// The element only ends a part of a running text.
    private func endsInside(_ role: XMLRole) -> Bool {
        switch role {
        case .inline, .skipped, .lineBreak: true
        case .gathered, .title, .code, .html: open.count > 1 && open[open.count - 2].role == role
        default: false
        }
    }

    private mutating func flush(_ role: XMLRole, _ session: inout ParseSession) throws(ParseFailure) {
        if !html.isEmpty {
            let content = html
            html = []
            session.writer.headingOffset += level
            defer { session.writer.headingOffset -= level }
            try HTMLParser.write(content, into: &session, keepsBoilerplate: true)
        }
        guard flow.hasText else { return }
        if role == .title, cell == nil { return writeTitle(&session) }
        flow.flush(role == .code ? .code : marker.map { .listItem(marker: $0) } ?? .paragraph)
        marker = nil
        guard cell == nil else { return }
        for block in flow.takeBlocks() { block.write(to: &session.writer) }
    }

    private mutating func writeTitle(_ session: inout ParseSession) {
        flow.flush(.paragraph)
        for block in flow.takeBlocks() {
            let text = label.isEmpty ? block.text : label + [0x20] + block.text
            label = []
            if title == nil { title = String(decoding: text, as: UTF8.self) }
            session.writer.heading([Inline(text)], level: level)
        }
    }

    private mutating func writeTable(_ session: inout ParseSession) {
        guard let table else { return }
        self.table = nil
        for block in table.blocks(budget: &budget, isBoilerplate: false) { block.write(to: &session.writer) }
    }
}
