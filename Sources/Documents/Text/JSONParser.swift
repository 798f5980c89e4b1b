/// JSON and JSON Lines as a person would write them down: lines `path: value`, a block for each element, a heading for
/// each named section, a table for an array of like objects.
///
/// Of broken text what could be read is given so, and the rest as it stands.
enum JSONParser: FormatParser {
    static let version = "json/1"

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        let text = try session.text(of: source)
        if session.title == nil, !source.name.isEmpty { session.title = source.name }
        let isLines = source.format == .jsonLines
        var offset = 0
        while offset < text.count, !session.writer.isFull {
            var reader = JSONReader(text, from: offset)
            var outline = JSONOutline(session.writer)
            if isLines || holdsSeveral(reader) {
                outline.array(&reader, level: 1)
            } else {
                outline.value(&reader)
            }
            session.writer = outline.writer
            // What stands behind the value is looked at too.
            while reader.next() != nil {}
            if reader.isRepaired || reader.isBroken { session.note(.repaired) }
            guard reader.isBroken else { return }
            offset = writeBroken(text, at: reader.offset, isLines: isLines, to: &session.writer)
        }
    }

    private static func holdsSeveral(_ reader: JSONReader) -> Bool {
        var ahead = reader
        if case .begin = ahead.next() { ahead.skip() }
        return ahead.next() != nil
    }

    /// Returns where reading may go on: in JSON Lines at the next line.
    private static func writeBroken(
        _ text: [UInt8], at offset: Int, isLines: Bool, to writer: inout DocumentWriter
    ) -> Int {
        guard offset < text.count else { return text.count }
        let lineEnd = text[offset...].firstIndex(of: 0x0a) ?? text.count
        let end = isLines ? lineEnd : text.count
        SourceCodeParser.write(text[offset..<end], to: &writer)
        return isLines ? end + 1 : end
    }
}
