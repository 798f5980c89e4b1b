import Kit

/// Turns a file into its normalised form where a hostile file can do no harm: `ParserPool` in the product.
///
/// Throws `ParseFailure` for what is wrong with the file, and anything else for what is wrong with the machine.
package struct DocumentReader: Sendable {
    package let read: @Sendable (SourceFile, TenantID) async throws -> ParsedDocument

    package init(read: @escaping @Sendable (SourceFile, TenantID) async throws -> ParsedDocument) { self.read = read }
}

extension DocumentReader {
    /// In this very process and without converters: for files that we wrote ourselves, in tests and evaluations.
    package static let inProcess = DocumentReader { source, _ in try DocumentParser.parse(source) }
}
