import CMarkdown

/// Markdown (CommonMark and GitHub's tables) to text without markup, by libcmark-gfm.
///
/// Emphasis, link targets, images' addresses and HTML are dropped; their words stay. Raw HTML never reaches a reader.
enum MarkdownParser: FormatParser {
    static let version = "markdown/2"

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        let text = try session.text(of: source)
        withDocument(text) { root in
            var pending = [root]
            // Iterates, because a hostile file nests deeper than a stack is.
            while let node = pending.popLast(), !session.writer.isFull {
                pending += MarkdownBlock.write(node, to: &session.writer).reversed()
            }
        }
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
typealias Node = OpaquePointer

private enum MarkdownBlock {
    /// Writes a node that is a block of its own, or returns the nodes in it.
    static func write(_ node: Node, to writer: inout DocumentWriter) -> [Node] {
        switch cmark_node_get_type(node) {
        case CMARK_NODE_HEADING:
            writer.heading([Inline(inlineText(of: node))], level: Int(cmark_node_get_heading_level(node)))
        case CMARK_NODE_PARAGRAPH: writeParagraph(node, to: &writer)
        case CMARK_NODE_CODE_BLOCK: writer.code([Inline(literal(of: node))])
        case CMARK_NODE_HTML_BLOCK, CMARK_NODE_THEMATIC_BREAK: break
        default:
            guard String(cString: cmark_node_get_type_string(node)) == "table" else { return children(of: node) }
            let rows = children(of: node).map { row in children(of: row).map { [Inline(inlineText(of: $0))] } }
            writer.table(rows, headerRows: 1)
        }
        return []
    }

    private static func writeParagraph(_ node: Node, to writer: inout DocumentWriter) {
        let isItem = cmark_node_parent(node).map { cmark_node_get_type($0) == CMARK_NODE_ITEM } ?? false
        let words = [Inline(inlineText(of: node))]
        if isItem { writer.listItem(words) } else { writer.paragraph(words) }
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

/// The words below `node`, in order, on one line: a character reference may hide a line end.
private func inlineText(of node: Node) -> [UInt8] {
    guard let walk = cmark_iter_new(node) else { return [] }
    defer { cmark_iter_free(walk) }
    var text: [UInt8] = []
    while true {
        let event = cmark_iter_next(walk)
        if event == CMARK_EVENT_DONE { return text.map { $0 == 0x0a || $0 == 0x0d ? 0x20 : $0 } }
        guard event == CMARK_EVENT_ENTER, let part = cmark_iter_get_node(walk) else { continue }
        switch cmark_node_get_type(part) {
        case CMARK_NODE_TEXT, CMARK_NODE_CODE: text += literal(of: part)
        case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK: text.append(UInt8(ascii: " "))
        case CMARK_NODE_HTML_INLINE where literal(of: part).starts(with: "<br".utf8): text.append(UInt8(ascii: " "))
        default: break
        }
    }
}
