/// Not read yet.
enum MailboxParser: FormatParser {
    static let version = "mailbox/0"

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        throw .unsupported
    }
}
