/// One message (RFC 5322 with MIME): subject as heading, who and when, the text, then what is attached.
///
/// Of several forms of the same text the plain one is read. Signatures are not checked; what needs a key is left out
/// with a note.
enum MailParser: FormatParser {
    static let version = "mail/1"

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        let headers = MailHeaders(MailEnvelope.removed(from: source.bytes[...]))
        MailEnvelope.write(headers, to: &session)
        var walk = MailWalk()
        session.writer.headingOffset += 1
        defer { session.writer.headingOffset -= 1 }
        try walk.write(MailPart(headers), depth: 0, into: &session)
    }
}

/// What is said about a message outside its text.
enum MailEnvelope {
    /// The line that a mailbox has before each message.
    static func removed(from message: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let message = message.drop { $0 <= 0x20 }
        guard message.starts(with: "From ".utf8) || message.starts(with: ">From ".utf8) else { return message }
        var lines = MailLines(message)
        _ = lines.next()
        return lines.rest
    }

    static func write(_ headers: MailHeaders, to session: inout ParseSession) {
        let subject = headers.text("subject") ?? ""
        // Each message stands below a heading, so that one without a subject does not seem part of the one before.
        let heading = subject.contains { !$0.isWhitespace } ? subject : headers.text("from") ?? ""
        session.writer.heading(heading, level: 1)
        if session.title == nil, !heading.isEmpty { session.title = heading }
        let lines = ["From", "To", "Cc", "Date"].compactMap { name in
            headers.text(name.lowercased()).map { "\(name): \($0.replacing("\n", with: " "))" }
        }
        session.writer.lines([Inline(lines.joined(separator: "\n"))])
    }
}
