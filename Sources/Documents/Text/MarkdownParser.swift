import CMarkdown

/// Markdown (CommonMark and GitHub's tables) to text without markup, by libcmark-gfm.
///
/// Emphasis, link targets and images' addresses are dropped; their words stay. Raw HTML may open in one block and close
/// in another, so the whole is brought into HTML and read as a page is: what a browser would not show is left out.
enum MarkdownParser: FormatParser {
    static let version = "markdown/3"

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        let page = html(of: try session.text(of: source))
        try HTMLParser.write(page, into: &session, keepsBoilerplate: true)
    }

    private static func html(of text: [UInt8]) -> [UInt8] {
        var page = MarkdownPage()
        withDocument(text) { root in
            var pending = [root]
            // Iterates, because a hostile file nests deeper than a stack is.
            while let node = pending.popLast() { pending += page.write(node).reversed() }
        }
        return page.html
    }

    private static func withDocument(_ source: [UInt8], _ body: (Node) -> Void) {
        cmark_gfm_core_extensions_ensure_registered()
        guard let parser = cmark_parser_new(CMARK_OPT_DEFAULT) else { return }
        defer { cmark_parser_free(parser) }
        if let table = cmark_find_syntax_extension("table") { cmark_parser_attach_syntax_extension(parser, table) }
        let text = frontMatterRemoved(source)
        text.withUnsafeBytes { cmark_parser_feed(parser, $0.bindMemory(to: CChar.self).baseAddress, $0.count) }
        guard let root = cmark_parser_finish(parser) else { return }
        defer { cmark_node_free(root) }
        body(root)
    }

    /// A YAML block between `---` lines at the very start is about the document, not part of it.
    private static func frontMatterRemoved(_ source: [UInt8]) -> ArraySlice<UInt8> {
        let fence = Array("---\n".utf8)
        guard source.starts(with: fence) else { return source[...] }
        var lineStart = fence.count
        while lineStart < source.count {
            let lineEnd = source[lineStart...].firstIndex(of: UInt8(ascii: "\n")) ?? source.count
            if source[lineStart..<lineEnd].elementsEqual("---".utf8) {
                return source[min(lineEnd + 1, source.count)...]
            }
            lineStart = lineEnd + 1
        }
        return source[...]
    }
}

/// libcmark-gfm keeps its node type to itself.
private typealias Node = OpaquePointer

/// The HTML of a document, block by block. Quotes and lists do not nest in it: how deep something stands is not text.
private struct MarkdownPage {
    private(set) var html: [UInt8] = []

    /// Writes a node that is a block of its own, or returns the nodes in it.
    mutating func write(_ node: Node) -> [Node] {
        switch cmark_node_get_type(node) {
        case CMARK_NODE_HEADING:
            let level = max(1, min(Int(cmark_node_get_heading_level(node)), 6))
            element("h\(level)", MarkdownInline.html(of: node))
        case CMARK_NODE_PARAGRAPH:
            let isItem = cmark_node_parent(node).map { cmark_node_get_type($0) == CMARK_NODE_ITEM } ?? false
            element(isItem ? "li" : "p", MarkdownInline.html(of: node))
        // The first line end in a `pre` is not part of it.
        case CMARK_NODE_CODE_BLOCK: element("pre", [0x0a] + literal(of: node).escaped)
        case CMARK_NODE_HTML_BLOCK: html += literal(of: node)
        case CMARK_NODE_THEMATIC_BREAK: break
        default:
            guard String(cString: cmark_node_get_type_string(node)) == "table" else { return children(of: node) }
            writeTable(node)
        }
        return []
    }

    private mutating func writeTable(_ table: Node) {
        html += Array("<table>".utf8)
        for (number, row) in children(of: table).enumerated() {
            let cells = children(of: row).map { MarkdownInline.html(of: $0) }
            html += Array((number == 0 ? "<thead><tr>" : "<tr>").utf8)
            for cell in cells { element(number == 0 ? "th" : "td", cell) }
            html += Array((number == 0 ? "</tr></thead>" : "</tr>").utf8)
        }
        html += Array("</table>\n".utf8)
    }

    private mutating func element(_ name: String, _ content: [UInt8]) {
        html += Array("<\(name)>".utf8)
        html += content
        html += Array("</\(name)>\n".utf8)
    }
}

/// What stands in a paragraph, a heading or a cell.
private enum MarkdownInline {
    private enum Part { case words([UInt8]), markup([UInt8]) }

    static func html(of node: Node) -> [UInt8] {
        var closed: Set<UInt64> = []
        // From the end, so that each start tag knows whether it is closed.
        let pieces = parts(of: node).reversed().map { part -> [UInt8] in
            switch part {
            case .words(let text): text.escaped
            case .markup(let text): markup(text, &closed)
            }
        }
        return Array(pieces.reversed().joined())
    }

    /// A tag that hides what follows it and is not closed in the same block is meant as a word, as in a sentence about
    /// the <script> element: a page would lose all that follows.
    private static func markup(_ text: [UInt8], _ closed: inout Set<UInt64>) -> [UInt8] {
        let isEnd = text.starts(with: "</".utf8)
        let name = text.dropFirst(isEnd ? 2 : 1).prefix { !$0.isMarkupSpace && !"/>".utf8.contains($0) }
        let hash = HTMLTag.hash(of: name)
        guard let tag = HTMLTag.byHash[hash], tag.kind == .skipped || tag.isRawText else { return text }
        if isEnd { closed.insert(hash) }
        if closed.contains(hash) { return text }
        return text.suffix(2).elementsEqual("/>".utf8) ? [] : text.escaped
    }

    private static func parts(of node: Node) -> [Part] {
        guard let walk = cmark_iter_new(node) else { return [] }
        defer { cmark_iter_free(walk) }
        var parts: [Part] = []
        while true {
            let event = cmark_iter_next(walk)
            if event == CMARK_EVENT_DONE { return parts }
            guard event == CMARK_EVENT_ENTER, let part = cmark_iter_get_node(walk) else { continue }
            switch cmark_node_get_type(part) {
            case CMARK_NODE_TEXT, CMARK_NODE_CODE: parts.append(.words(literal(of: part)))
            case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK: parts.append(.words([0x20]))
            case CMARK_NODE_HTML_INLINE: parts.append(.markup(literal(of: part)))
            default: break
            }
        }
    }
}

private func children(of parent: Node) -> [Node] {
    var found: [Node] = []
    var next = cmark_node_first_child(parent)
    while let node = next {
        found.append(node)
        next = cmark_node_next(node)
    }
    return found
}

private func literal(of node: Node) -> [UInt8] {
    cmark_node_get_literal(node).map { Array(String(cString: $0).utf8) } ?? []
}

extension [UInt8] {
    /// As text of HTML.
    fileprivate var escaped: [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(count)
        for byte in self {
            switch byte {
            case UInt8(ascii: "&"): text += Array("&amp;".utf8)
            case UInt8(ascii: "<"): text += Array("&lt;".utf8)
            default: text.append(byte)
            }
        }
        return text
    }
}
