/// Not read yet.
enum OpenDocumentParser: FormatParser {
    static let version = "odf/0"

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        throw .unsupported
    }
}
