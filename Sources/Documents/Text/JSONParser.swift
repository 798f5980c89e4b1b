/// Not read yet.
enum JSONParser: FormatParser {
    static let version = "json/0"

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        throw .unsupported
    }
}
