/// Plain text: paragraphs are runs of lines between blank lines; the first line is the title when it is short.
enum PlainTextParser: FormatParser {
    static let version = "plain-text/2"
    private static let titleBytesMax = 120

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        let text = try session.text(of: source)
        var lines = text.split(separator: 0x0a, omittingEmptySubsequences: false)[...]
        if let first = lines.first(where: { !isBlank($0) }), first.count <= titleBytesMax {
            session.title = session.title ?? String(decoding: first, as: UTF8.self)
        }
        while !session.writer.isFull {
            lines = lines.drop(while: isBlank)
            let paragraph = lines.prefix { !isBlank($0) }
            guard !paragraph.isEmpty else { return }
            session.writer.lines([Inline(Array(paragraph.joined(separator: [0x0a])))])
            lines = lines[paragraph.endIndex...]
        }
    }

    private static func isBlank(_ line: ArraySlice<UInt8>) -> Bool {
        line.allSatisfy { $0 == 0x20 || (0x09...0x0d).contains($0) }
    }
}
