/// Plain text: paragraphs are runs of lines between blank lines; the first line is the title when it is short.
enum PlainTextParser {
    static let version = "plain-text/1"
    private static let titleBytesMax = 120

    static func parse(_ text: [UInt8], name: String) -> ParsedDocument {
        let blocks = paragraphs(in: text).map { ParsedDocument.Block(kind: .paragraph, headings: [], range: $0) }
        return ParsedDocument(title: title(of: text, blocks, or: name), text: text, blocks: blocks, parser: version)
    }

    private static func title(of text: [UInt8], _ blocks: [ParsedDocument.Block], or name: String) -> String {
        guard let first = blocks.first else { return name }
        let line = text[first.range].prefix { $0 != UInt8(ascii: "\n") }
        return line.count <= titleBytesMax ? String(decoding: line, as: UTF8.self) : name
    }

    /// Ranges of consecutive lines that are not blank, without the final line end.
    private static func paragraphs(in text: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var open: Range<Int>?
        var lineStart = 0
        while lineStart < text.count {
            let lineEnd = text[lineStart...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
            if text[lineStart..<lineEnd].allSatisfy(isSpace) {
                if let paragraph = open { found.append(paragraph) }
                open = nil
            } else {
                open = (open?.lowerBound ?? lineStart)..<lineEnd
            }
            lineStart = lineEnd + 1
        }
        if let paragraph = open { found.append(paragraph) }
        return found
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0c || byte == 0x0b }
}
