/// Not read yet.
enum WordParser: FormatParser {
    static let version = "docx/0"

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        throw .unsupported
    }
}
