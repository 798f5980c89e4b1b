/// The elements of a page to blocks, in one pass.
///
/// Follows what browsers show, not how they build their tree: an end tag that is missing is implied by the usual
/// elements (HTML, section 13.1.2.4), one without a start is passed over.
struct HTMLReader {
    private static let tablesMax = 16
    private static let cellsMax = 2_000_000

    private(set) var title: String?
    /// Bytes of words that are there and not shown.
    private(set) var concealedBytes = 0
    private var flow = MarkupFlow()
    private var stack = HTMLStack()
    private var sheet = HTMLStyleSheet()
    private var tables: [Frame] = []
    private var lists: [MarkupList] = []
    /// Stands before the first block of the list item that has begun.
    private var marker: String?
    /// The outermost list, and how many blocks were before it.
    private var outerList: (entry: Int, block: Int)?
    private var isTitle = false
    private let isXHTML: Bool
    private let limits: ParseLimits
    private var pieces = 0
    private var repeatBudget: Int

    private struct Frame {
        var table = MarkupTable()
        let outer: MarkupFlow
        /// Captions, and text that stands in no cell.
        var between = MarkupFlow()
        var cell = MarkupTable.Cell()
    }

    init(size: Int, isXHTML: Bool, limits: ParseLimits) {
        (self.isXHTML, self.limits) = (isXHTML, limits)
        repeatBudget = size + 1 << 16
    }

    /// All blocks; those of navigation and its like are marked.
    mutating func blocks(of source: [UInt8]) throws(ParseFailure) -> [MarkupBlock] {
        var tokens = HTMLTokenizer(source, isXHTML: isXHTML)
        while let token = tokens.next() {
            switch token {
            case .start(let tag): start(tag)
            case .end(let tag): end(tag)
            case .text(let text): self.text(text)
            }
            guard pieces <= limits.blocksMax + Self.cellsMax else { throw .tooManyBlocks }
            guard stack.count <= HTMLStack.depthMax else { throw .damaged }
        }
        close(to: 0)
        flush()
        return flow.blocks
    }

    // MARK: Text

    private mutating func text(_ text: ArraySlice<UInt8>) {
        let context = stack.context
        if context.isShown {
            if context.flags.contains(.verbatim) {
                flow.appendVerbatim(text)
            } else {
                flow.append(text, isLink: context.flags.contains(.link))
            }
        } else if let tag = stack.entries.last?.tag {
            if tag == .title, isTitle, title == nil { title = String(decoding: text, as: UTF8.self) }
            if tag == .style { sheet.add(text) }
            if context.isConcealed { concealedBytes += text.count { !$0.isMarkupSpace } }
        }
    }

    private mutating func flush() {
        let context = stack.context
        var kind = MarkupBlock.Kind.paragraph
        if context.flags.contains(.verbatim) {
            kind = .code
        } else if context.heading > 0 {
            kind = .heading(level: Int(context.heading))
        } else if let marker {
            kind = .listItem(marker: marker)
        }
        // A page's title often stands in its header.
        let isBoilerplate = context.flags.contains(.boilerplate) && context.heading != 1
        guard flow.flush(kind, isBoilerplate: isBoilerplate) else { return }
        pieces += 1
        marker = nil
    }

    // MARK: Tags

    private mutating func start(_ tag: HTMLTokenizer.Tag) {
        let kind = tag.tag?.kind ?? .inline
        if kind == .void { return void(tag) }
        if tag.tag == .html || tag.tag == .head || tag.tag == .body { return flush() }
        if let element = tag.tag, kind == .block { closeImplied(by: element) }
        if kind == .block { flush() }
        if tag.tag == .title { isTitle = stack.context.isShown }
        if tag.tag == .label || tag.tag == .button { flow.space() }
        let context = HTMLContext(stack.context, tag, sheet)
        stack.push(tag.hash, tag.tag, context)
        if let element = tag.tag, !context.flags.contains(.hidden) { opened(element, tag, context) }
        if isXHTML, tag.isSelfClosing { close(to: stack.count - 1) }
    }

    private mutating func void(_ tag: HTMLTokenizer.Tag) {
        let context = stack.context
        guard context.isShown else { return }
        switch tag.tag {
        case .hr: flush()
        case .input: flow.space()
        case .br where context.flags.contains(.verbatim): flow.appendVerbatim([0x0a])
        case .br:
            if flow.lineBreak(), context.heading == 0 { flush() }
        case .img:
            guard let text = HTMLContext.sentence(of: tag), HTMLContext(context, tag, sheet).isShown else { return }
            flow.append([0x20] + text + [0x20])
        default: break
        }
    }

    private mutating func end(_ tag: HTMLTokenizer.Tag) {
        let place = stack.position(tag.hash, tag.tag)
        guard place >= 0, let element = tag.tag else {
            if place > stack.block { close(to: place) }
            return
        }
        switch element {
        case .table: close(to: place)
        case .td, .th, .tr, .thead, .tbody, .tfoot, .caption:
            if place > stack.position(.table) { close(to: place) }
        case .h1, .h2, .h3, .h4, .h5, .h6:
            let heading = stack.position(of: Self.headings)
            if heading > stack.scope { close(to: heading) }
        default:
            if place > (element.kind == .block ? stack.scope : stack.block) { close(to: place) }
        }
        if element == .label || element == .button { flow.space() }
    }

    private static let headings: [HTMLTag] = [.h1, .h2, .h3, .h4, .h5, .h6]
    private static let lists: [HTMLTag] = [.ul, .ol, .menu, .dir]
    private static let cells: [HTMLTag] = [.td, .th, .caption]
    private static let rows: [HTMLTag] = [.tr] + cells
    private static let sections: [HTMLTag] = [.thead, .tbody, .tfoot, .colgroup] + rows

    private mutating func closeImplied(by element: HTMLTag) {
        switch element {
        case .li: close(from: stack.position(.li), above: stack.position(of: Self.lists))
        case .dt, .dd: close(from: stack.position(of: [.dt, .dd]), above: stack.position(.dl))
        case .td, .th, .tr, .thead, .tbody, .tfoot, .caption, .colgroup:
            let table = stack.position(.table)
            let tags = element == .td || element == .th ? Self.cells : element == .tr ? Self.rows : Self.sections
            // The outermost of them, so that a cell goes with its row.
            let places = tags.map { stack.position($0) }.filter { $0 > table }
            if table >= 0, let place = places.min() { close(to: place) }
        case _ where element.headingLevel != nil:
            if let last = stack.entries.last?.tag, last.headingLevel != nil { close(to: stack.count - 1) }
        default: break
        }
        close(from: stack.position(.p), above: stack.scope)
    }

    private mutating func close(from place: Int, above bound: Int) {
        if place > max(bound, stack.scope) { close(to: place) }
    }

    /// Closes what is open from `place` on.
    private mutating func close(to place: Int) {
        while stack.count > max(place, 0) {
            if stack.entries.last?.tag?.kind == .block { flush() }
            guard let entry = stack.pop() else { return }
            closed(entry)
        }
    }

    // MARK: Lists and tables

    private mutating func opened(_ element: HTMLTag, _ tag: HTMLTokenizer.Tag, _ context: HTMLContext) {
        switch element {
        case .ul, .ol, .menu, .dir:
            lists.append(MarkupList(isOrdered: element == .ol, tag))
            if outerList == nil, !context.flags.contains(.content) {
                outerList = (stack.count - 1, flow.blocks.count)
            }
        case .li:
            marker = lists.isEmpty ? "- " : lists[lists.count - 1].next(tag)
            stack.frameLast()
        case .table:
            guard tables.count < Self.tablesMax else { return }
            tables.append(Frame(outer: flow))
            tables[tables.count - 1].table.isLayout = HTMLContext.isPresentation(tag)
            (flow, marker) = (MarkupFlow(), nil)
            stack.frameLast()
        case .tr where isInFrame:
            tables[tables.count - 1].table.beginRow(isHead: stack.position(.thead) > stack.position(.table))
            stack.frameLast()
        case .td, .th:
            if isInFrame { beginCell(tag, isHeader: element == .th) }
        case .caption where isInFrame: tables[tables.count - 1].table.isMarked = true
        default: break
        }
    }

    /// The innermost open table is being read as one.
    private var isInFrame: Bool {
        let table = stack.position(.table)
        return table >= 0 && stack.entries[table].isFramed && !tables.isEmpty
    }

    private mutating func beginCell(_ tag: HTMLTokenizer.Tag, isHeader: Bool) {
        pieces += 1
        let rows = MarkupList.number(tag[.rowspan]) ?? 1
        let cell = MarkupTable.Cell(
            columns: max(1, min(MarkupList.number(tag[.colspan]) ?? 1, MarkupTable.columnsMax)),
            rows: rows == 0 ? MarkupTable.rowSpanMax : max(1, min(rows, MarkupTable.rowSpanMax)), isHeader: isHeader)
        tables[tables.count - 1].cell = cell
        tables[tables.count - 1].between = flow
        flow = MarkupFlow()
        stack.frameLast()
    }

    private mutating func closed(_ entry: HTMLStack.Entry) {
        switch entry.tag {
        case .ul, .ol, .menu, .dir:
            if !entry.context.flags.contains(.hidden) { _ = lists.popLast() }
            if let outer = outerList, outer.entry == stack.count {
                flow.judgeLinks(from: outer.block)
                outerList = nil
            }
        case .li: marker = nil
        case .td where entry.isFramed, .th where entry.isFramed:
            tables[tables.count - 1].cell.blocks = flow.blocks
            tables[tables.count - 1].table.add(tables[tables.count - 1].cell)
            flow = tables[tables.count - 1].between
        case .tr where entry.isFramed: tables[tables.count - 1].table.endRow()
        case .table where entry.isFramed: endTable(entry.context)
        default: break
        }
    }

    private mutating func endTable(_ context: HTMLContext) {
        guard let frame = tables.popLast() else { return }
        let between = flow.blocks
        flow = frame.outer
        flow.append(blocks: between)
        let isBoilerplate = context.flags.contains(.boilerplate)
        flow.append(blocks: frame.table.blocks(budget: &repeatBudget, isBoilerplate: isBoilerplate))
    }
}

/// The numbers of a list's items.
struct MarkupList {
    private let isOrdered: Bool
    private let step: Int
    private let letters: UInt8?
    private var number: Int

    init(isOrdered: Bool, start: Int = 1) {
        (self.isOrdered, step, letters, number) = (isOrdered, 1, nil, start)
    }

    init(isOrdered: Bool, _ tag: HTMLTokenizer.Tag) {
        self.isOrdered = isOrdered
        step = tag[.reversed] == nil ? 1 : -1
        number = Self.number(tag[.start]) ?? 1
        let type = tag[.type]?.first
        letters = type == UInt8(ascii: "a") || type == UInt8(ascii: "A") ? type : nil
    }

    /// Of the next item, with the space after it.
    mutating func next(_ tag: HTMLTokenizer.Tag? = nil) -> String {
        guard isOrdered else { return "- " }
        if let value = Self.number(tag?[.value]) { number = value }
        defer { number += step }
        if let letters, (1...26).contains(number) { return "\(Unicode.Scalar(letters + UInt8(number - 1))). " }
        return "\(number). "
    }

    /// A small number, or nil.
    static func number(_ value: ArraySlice<UInt8>?) -> Int? {
        guard let value, value.count <= 9 else { return nil }
        return Int(String(decoding: value.filter { !$0.isMarkupSpace }, as: UTF8.self))
    }
}
