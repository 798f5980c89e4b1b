/// Not read yet.
enum HTMLParser: FormatParser {
    static let version = "html/0"

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        throw .unsupported
    }
}
