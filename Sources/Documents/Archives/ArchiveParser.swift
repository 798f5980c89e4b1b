/// Not read yet.
enum ArchiveParser: FormatParser {
    static let version = "archive/0"

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        throw .unsupported
    }
}
