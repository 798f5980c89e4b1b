/// Not read yet.
enum XMLParser: FormatParser {
    static let version = "xml/0"

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        throw .unsupported
    }
}
