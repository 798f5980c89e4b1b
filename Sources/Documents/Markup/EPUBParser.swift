/// Not read yet.
enum EPUBParser: FormatParser {
    static let version = "epub/0"

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        throw .unsupported
    }
}
