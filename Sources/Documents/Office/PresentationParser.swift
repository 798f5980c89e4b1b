/// Not read yet.
enum PresentationParser: FormatParser {
    static let version = "pptx/0"

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        throw .unsupported
    }
}
