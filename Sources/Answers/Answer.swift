import Kit

/// An answer as it is kept: which bytes of which versions it rests on. Showing it again reads them again, with the
/// rights of that moment; what was deleted or hidden since is gone from it by itself.
package struct Answer: Sendable {
    package let id: AnswerID
    package let subject: SubjectID
    package let conversation: ConversationID
    /// The answer before it in the conversation; nil for the first. Several with one parent are branches.
    package let parent: AnswerID?
    package let question: String
    /// Nil looked everywhere that the asker may.
    package let collections: Set<CollectionID>?
    /// The change to the index that it has seen.
    package let sequence: Int64
    /// Who wrote it: `reader`, or the model's name.
    package let answerer: String
    package var state: State
    package var sentences: [Sentence]
    /// Sentences that the verifier held back.
    package var withheld: Int
    /// What came nearest, where there is nothing to say.
    package var nearest: [Place]
    package var elapsedMilliseconds: Int
    package let created: Timestamp
    package var trace: AnswerTrace

    package enum State: String, Codable, Sendable {
        case writing, finished, stopped, failed
    }

    /// Finished, and there was nothing to say.
    package var isDeclined: Bool { state == .finished && sentences.isEmpty }

    /// One sentence with the places that it rests on.
    package struct Sentence: Sendable, Equatable {
        package let kind: Kind
        /// In the order of their citation; at least one.
        package let quotes: [Quote]
        /// What a model wrote, sealed under the key of every document that it rests on; nil when the sentence is the
        /// bytes of its place.
        package let sealedText: [UInt8]?

        package enum Kind: String, Codable, Sendable {
            /// Verbatim from the source.
            case quoted
            /// Checked against the source (`Verdict.supported`).
            case supported
        }
    }

    /// A span of one version of one document, in UTF-8 bytes of its normalised text.
    package struct Place: Codable, Hashable, Sendable {
        package let document: DocumentID
        package let version: VersionID
        package let start: Int
        package let end: Int
    }

    /// A place under the number by which a sentence cites it.
    package struct Quote: Codable, Hashable, Sendable {
        package let place: Place
        /// The same place is cited by one number.
        package let number: Int
    }
}

/// Evidence for a sentence (DESIGN 7.7): version, offsets in the normalised text, parser and hash of that text.
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
