/// Not read yet.
enum SourceCodeParser: FormatParser {
    static let version = "source-code/0"

    static let endings: Set<String> = ["swift", "c", "h", "py", "java", "js", "ts", "go", "rs", "sh", "sql"]

    static func parse(_ source: SourceFile, into session: inout ParseSession) throws(ParseFailure) {
        throw .unsupported
    }
}
