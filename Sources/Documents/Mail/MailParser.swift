/// Not read yet.
enum MailParser: FormatParser {
    static let version = "mail/0"

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        throw .unsupported
    }
}
