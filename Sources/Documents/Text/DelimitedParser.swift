/// Not read yet.
enum DelimitedParser: FormatParser {
    static let version = "delimited/0"

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        throw .unsupported
    }
}
