/// Not read yet.
enum ImageParser: FormatParser {
    static let version = "image/0"

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        throw .unsupported
    }
}
