/// A block of markup that was read but is not written yet: whether it is shown may depend on what follows.
struct MarkupBlock {
    enum Kind {
        case heading(level: Int)
        case paragraph
        case listItem(marker: String)
        case code
        case table(rows: [[ArraySlice<UInt8>]], headerRows: Int)
    }

    let kind: Kind
    /// UTF-8; a line end only where a line must end. Empty for a table.
    let text: [UInt8]
    /// Bytes that are not white space, and how many of them are in links.
    var size = 0
    var linkSize = 0
    /// Navigation and its like.
    var isBoilerplate = false

    func write(to writer: inout DocumentWriter) {
        switch kind {
        case .heading(let level): writer.heading([Inline(text)], level: level)
        case .paragraph where text.contains(0x0a): writer.lines([Inline(text)])
        case .paragraph: writer.paragraph([Inline(text)])
        case .listItem(let marker): writer.listItem([Inline(text)], marker: marker)
        case .code: writer.code([Inline(text)])
        case .table(let rows, let headerRows):
            writer.table(rows.map { $0.map { [Inline(Array($0))] } }, headerRows: headerRows)
        }
    }

    /// In one line, as the text of a table's cell.
    func flatten(into line: inout [UInt8]) {
        if !line.isEmpty { line.append(0x20) }
        switch kind {
        case .listItem(let marker): line += Array(marker.utf8) + text
        case .table(let rows, _):
            for cell in rows.joined() where !cell.isEmpty { line += cell + [0x20] }
        default: line += text
        }
    }
}

/// Text on its way into blocks: white space is made one space, until the block ends.
struct MarkupFlow {
    private(set) var blocks: [MarkupBlock] = []
    private var text: [UInt8] = []
    private var size = 0
    private var linkSize = 0

    var hasText: Bool { size > 0 }

    mutating func append(_ bytes: ArraySlice<UInt8>, isLink: Bool = false) {
        let before = size
        for byte in bytes {
            if byte.isMarkupSpace {
                space()
            } else {
                text.append(byte)
                size += 1
            }
        }
        if isLink { linkSize += size - before }
    }

    /// White space as it is.
    mutating func appendVerbatim(_ bytes: ArraySlice<UInt8>) {
        // The first line end in a `pre` is only for the eyes of its writer.
        text += text.isEmpty && bytes.first == 0x0a ? bytes.dropFirst() : bytes
        size += bytes.count { !$0.isMarkupSpace }
    }

    mutating func space() {
        if let last = text.last, last != 0x20, last != 0x0a { text.append(0x20) }
    }

    /// True when the line before is empty too: then a paragraph ends here.
    mutating func lineBreak() -> Bool {
        if text.last == 0x20 { text.removeLast() }
        guard text.last != 0x0a else { return true }
        if size > 0 { text.append(0x0a) }
        return false
    }

    /// Ends the block; false when there is nothing in it.
    @discardableResult
    mutating func flush(_ kind: MarkupBlock.Kind, isBoilerplate: Bool = false) -> Bool {
        guard size > 0 else {
            text.removeAll(keepingCapacity: true)
            return false
        }
        blocks.append(
            MarkupBlock(kind: kind, text: text, size: size, linkSize: linkSize, isBoilerplate: isBoilerplate))
        (text, size, linkSize) = ([], 0, 0)
        return true
    }

    mutating func takeBlocks() -> [MarkupBlock] {
        defer { blocks = [] }
        return blocks
    }

    /// What the open block holds so far, which is then empty.
    mutating func takeText() -> [UInt8] {
        defer { (text, size, linkSize) = ([], 0, 0) }
        return text
    }

    mutating func append(blocks more: [MarkupBlock]) { blocks += more }

    /// Blocks from `start` on are navigation when most of their text is links.
    mutating func judgeLinks(from start: Int) {
        let list = blocks[min(start, blocks.count)...]
        let (size, linked) = list.reduce((0, 0)) { ($0.0 + $1.size, $0.1 + $1.linkSize) }
        guard list.count >= 3, linked * 10 > size * 6 else { return }
        for index in list.indices { blocks[index].isBoilerplate = true }
    }
}
