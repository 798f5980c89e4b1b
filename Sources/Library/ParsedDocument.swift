/// The one normalised form that chunking, citation and extraction share: text without markup and the blocks in it.
///
/// Offsets are UTF-8 byte offsets in `text`. Line ends are LF, there is no byte order mark and no NUL.
package struct ParsedDocument: Equatable, Sendable {
    package let title: String
    package let text: [UInt8]
    /// In reading order, not overlapping, none empty.
    package let blocks: [Block]
    /// Recorded with each version: a citation names the parser that gave its offsets.
    package let parser: String

    package struct Block: Equatable, Sendable {
        package enum Kind: Equatable, Sendable { case heading(level: Int), paragraph, listItem, table, code }

        package let kind: Kind
        /// Titles of the headings above, outermost first.
        package let headings: [String]
        package let range: Range<Int>
    }
}

/// Bytes to the normalised form. Pure; the type is known by now.
package enum DocumentParser {
    package static func parse(_ bytes: [UInt8], as type: MediaType, name: String) throws(IngestFailure)
        -> ParsedDocument
    {
        let text = try NormalisedText.from(bytes)
        let parsed =
            switch type {
            case .markdown: MarkdownParser.parse(text, name: name)
            case .plain: PlainTextParser.parse(text, name: name)
            }
        guard !parsed.blocks.isEmpty else { throw .noText }
        return parsed
    }
}

/// UTF-8 with one kind of line end.
enum NormalisedText {
    static func from(_ bytes: [UInt8]) throws(IngestFailure) -> [UInt8] {
        let body = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes[3...] : bytes[...]
        guard !body.contains(0) else { throw .binaryContent }
        guard String(validating: body, as: UTF8.self) != nil else { throw .notUTF8 }
        var text: [UInt8] = []
        text.reserveCapacity(body.count)
        var previous: UInt8 = 0
        for byte in body {
            if byte == UInt8(ascii: "\n"), previous == UInt8(ascii: "\r") { text.removeLast() }
            text.append(byte == UInt8(ascii: "\r") ? UInt8(ascii: "\n") : byte)
            previous = byte
        }
        return text
    }
}
