/// Not read yet.
enum PDFParser: FormatParser {
    static let version = "pdf/0"

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        throw .unsupported
    }
}
