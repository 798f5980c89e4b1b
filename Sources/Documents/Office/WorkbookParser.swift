/// Not read yet.
enum WorkbookParser: FormatParser {
    static let version = "xlsx/0"

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        throw .unsupported
    }
}
