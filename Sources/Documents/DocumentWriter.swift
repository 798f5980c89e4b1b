/// One stretch of a block's text and, where the file has pages, its place on the page.
package struct Inline: Equatable, Sendable {
    /// UTF-8; invalid bytes become U+FFFD.
    package var text: [UInt8]
    package var box: DocumentLayout.Box?

    package init(_ text: [UInt8], box: DocumentLayout.Box? = nil) {
        self.text = text
        self.box = box
    }

    package init(_ text: String) { self.init(Array(text.utf8)) }
}

/// Collects text and blocks in reading order. All parsers write through it, so all give text of one shape: no control
/// characters, no invisible ones, one space between words, a blank line between blocks.
///
/// Once a limit is passed it takes nothing more: `isFull` tells a parser to stop, `finish` throws the reason.
package struct DocumentWriter {
    private(set) var text: [UInt8] = []
    private(set) var layout = DocumentLayout()
    private(set) var firstHeading: String?
    /// Added to every heading's level: the depth of the part that is being written.
    var headingOffset = 0
    private let limits: ParseLimits
    private var path = HeadingPath()
    private var openPage: (number: Int, width: Int, height: Int, start: Int)?
    private(set) var failure: ParseFailure?
    /// Whether characters were left out that a person does not see and that could carry a message.
    private(set) var hasConcealed = false

    init(limits: ParseLimits) { self.limits = limits }

    package var isFull: Bool { failure != nil }
    package var isEmpty: Bool { layout.blocks.isEmpty }

    /// `level` from 1; anything else is brought to the nearest of 1 ... 9.
    package mutating func heading(_ content: [Inline], level: Int) {
        let level = max(1, min(level + headingOffset, 9))
        guard let range = append(content, .flow, afterListItem: false) else { return }
        path.close(level)
        add(.heading(level: level), range)
        path.open(level, title: text[range])
        if firstHeading == nil { firstHeading = path.titles.last }
    }

    package mutating func paragraph(_ content: [Inline]) { block(.paragraph, content, .flow) }

    /// Line ends stay where they are.
    package mutating func lines(_ content: [Inline]) { block(.paragraph, content, .lines) }

    /// Line ends and leading space stay as they are.
    package mutating func code(_ content: [Inline]) { block(.code, content, .verbatim) }

    /// `marker` stands before the item: its number where it has one.
    package mutating func listItem(_ content: [Inline], marker: String = "- ") {
        guard content.contains(where: { $0.text.contains { $0 > 0x20 } }) else { return }
        block(.listItem, [Inline(marker)] + content, .flow)
    }

    /// One line a row, cells apart by ` | `. Rows without any text are left out.
    package mutating func table(_ rows: [[[Inline]]], headerRows: Int) {
        let start = openBlock(afterListItem: false)
        var cells: [[Range<Int>]] = []
        var header = 0
        for (number, row) in rows.enumerated() where !isFull {
            guard let ranges = append(row, isFirst: cells.isEmpty) else { continue }
            cells.append(ranges)
            if number < headerRows { header += 1 }
        }
        guard let last = cells.last?.last else { return text.removeSubrange(start.before...) }
        add(.table, start.text..<last.upperBound, DocumentLayout.Table(headerRows: header, rows: cells))
    }

    package mutating func heading(_ content: String, level: Int) { heading([Inline(content)], level: level) }
    package mutating func paragraph(_ content: String) { paragraph([Inline(content)]) }

    /// What follows stands on this page, until the next call or `endPage`.
    package mutating func beginPage(_ number: Int, width: Double, height: Double) {
        endPage()
        func points(_ value: Double) -> Int { value.isFinite ? Int(max(0, min(value, 20_000)).rounded()) : 0 }
        openPage = (number, points(width), points(height), text.count)
        if layout.pages.count >= limits.pagesMax { failure = failure ?? .tooManyPages }
    }

    package mutating func endPage() {
        guard let page = openPage else { return }
        openPage = nil
        layout.pages.append(
            DocumentLayout.Page(
                number: page.number, width: page.width, height: page.height, range: page.start..<text.count))
    }

    /// The text and layout as they stand.
    func finished() throws(ParseFailure) -> (text: [UInt8], layout: DocumentLayout) {
        var copy = self
        copy.endPage()
        if let failure { throw failure }
        guard !isEmpty else { throw .noText }
        return (copy.text, copy.layout)
    }

    private mutating func block(_ kind: DocumentLayout.Block.Kind, _ content: [Inline], _ space: Whitespace) {
        let follows = kind == .listItem && layout.blocks.last?.kind == .listItem
        if let range = append(content, space, afterListItem: follows) { add(kind, range) }
    }

    private mutating func add(
        _ kind: DocumentLayout.Block.Kind, _ range: Range<Int>, _ table: DocumentLayout.Table? = nil
    ) {
        layout.blocks.append(
            DocumentLayout.Block(kind: kind, headings: path.titles, range: range, table: table))
        if layout.blocks.count > limits.blocksMax { failure = failure ?? .tooManyBlocks }
    }

    /// The distance to the block before; taken back when the block stays empty.
    private mutating func openBlock(afterListItem: Bool) -> (before: Int, text: Int) {
        let before = text.count
        if before > 0 { text += afterListItem ? [0x0a] : [0x0a, 0x0a] }
        return (before, text.count)
    }

    private mutating func append(
        _ content: [Inline], _ space: Whitespace, afterListItem: Bool
    ) -> Range<Int>? {
        guard !isFull else { return nil }
        let start = openBlock(afterListItem: afterListItem)
        write(content, space)
        guard text.count > start.text else {
            text.removeSubrange(start.before...)
            return nil
        }
        return start.text..<text.count
    }

    /// Nil when no cell has text; the text is then as before.
    private mutating func append(_ row: [[Inline]], isFirst: Bool) -> [Range<Int>]? {
        let before = text.count
        if !isFirst { text.append(0x0a) }
        var ranges: [Range<Int>] = []
        for cell in row {
            if !ranges.isEmpty { text += Array(" | ".utf8) }
            let start = text.count
            write(cell, .flow)
            ranges.append(start..<text.count)
        }
        guard ranges.contains(where: { !$0.isEmpty }) else {
            text.removeSubrange(before...)
            return nil
        }
        return ranges
    }

    private mutating func write(_ content: [Inline], _ space: Whitespace) {
        var cleaner = TextCleaner(space)
        let start = text.count
        for inline in content {
            let range = cleaner.append(inline.text, to: &text, from: start)
            guard let box = inline.box, !range.isEmpty, range.upperBound <= UInt32.max else { continue }
            layout.words.append(
                DocumentLayout.Word(start: UInt32(range.lowerBound), end: UInt32(range.upperBound), box: box))
        }
        if cleaner.concealed > 0 { hasConcealed = true }
        cleaner.trimEnd(of: &text, from: start)
        if text.count > limits.textBytesMax { failure = failure ?? .textTooLong }
    }
}
