import Kit

/// An answer as it is kept: which bytes of which versions were quoted, never the bytes themselves. Showing it again
/// reads them again, with the rights of that moment; what was deleted or hidden since is gone from it by itself.
package struct Answer: Sendable {
    package let id: AnswerID
    package let subject: SubjectID
    package let question: String
    package let sequence: Int64
    package let quotes: [Quote]
    package let elapsedMilliseconds: Int
    package let created: Timestamp

    package var isDeclined: Bool { quotes.isEmpty }

    package struct Quote: Codable, Sendable, Equatable {
        package let document: DocumentID
        package let version: VersionID
        package let start: Int
        package let end: Int
        /// Of the citation: the same span is cited by one number.
        package let number: Int
    }
}

/// Evidence for one sentence (DESIGN 7.7): version, offsets in the normalised text, parser and hash of that text.
package struct Citation: Codable, Sendable, Equatable {
    package let number: Int
    package let document: DocumentID
    package let version: VersionID
    package let title: String
    package let path: String
    package let heading: [String]
    package let start: Int
    package let end: Int
    /// From 1; nil when the file has no pages.
    package let page: Int?
    package let quote: String
    package let before: String
    package let after: String
    package let parser: String
    /// SHA-256 of the version's normalised text, hexadecimal.
    package let hash: String
}
