/// Several messages in one file (RFC 4155 and what came before it), each below a heading with its subject.
enum MailboxParser: FormatParser {
    static let version = "mailbox/1"

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        var title = session.title
        if title == nil, !source.name.isEmpty { title = source.name }
        session.title = title
        var lines = MailLines(source.bytes[...])
        var message: [UInt8] = []
        var isAfterBlank = true
        while !session.writer.isFull, let line = lines.next() {
            if isAfterBlank, isSeparator(line) {
                try embed(&message, into: &session)
            } else {
                message += unescaped(line)
                message.append(0x0a)
            }
            isAfterBlank = line.isEmpty
        }
        try embed(&message, into: &session)
    }

    private static func embed(_ message: inout [UInt8], into session: inout ParseSession) throws(ParseFailure) {
        defer { message = [] }
        guard message.contains(where: { $0 > 0x20 }) else { return }
        try session.embed(message, name: "", declared: DocumentFormat.mail.rawValue)
    }

    /// `From `, a sender and a date: a sentence that begins with the word has no time in it.
    private static func isSeparator(_ line: ArraySlice<UInt8>) -> Bool {
        guard line.starts(with: "From ".utf8), line.count <= 300 else { return false }
        let words = line.split(separator: 0x20)
        return words.count >= 5 && words.contains { $0.count >= 5 && $0[$0.startIndex + 2] == UInt8(ascii: ":") }
    }

    /// A `>` was put before lines of the text that look like a separator.
    private static func unescaped(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let marks = line.prefix { $0 == UInt8(ascii: ">") }
        return !marks.isEmpty && line[marks.endIndex...].starts(with: "From ".utf8) ? line.dropFirst() : line
    }
}
