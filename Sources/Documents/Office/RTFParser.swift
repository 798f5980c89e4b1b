/// Not read yet.
enum RTFParser: FormatParser {
    static let version = "rtf/0"

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        throw .unsupported
    }
}
