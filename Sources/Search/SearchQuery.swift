import Kit

/// Which of the two engines answer.
package enum SearchMode: String, CaseIterable, Codable, Sendable {
    /// Both, their scores joined as `SearchSettings.fusion` says.
    case fused
    /// Vectors only: finds what is meant in other words.
    case dense
    /// Terms only (BM25): finds what is written, part numbers included.
    case lexical
}

/// Which documents take part, beyond what the reader may see.
package enum DocumentSelection: Hashable, Sendable {
    case only(Set<DocumentID>)
    case except(Set<DocumentID>)

    func contains(_ document: DocumentID) -> Bool {
        switch self {
        case .only(let documents): documents.contains(document)
        case .except(let documents): !documents.contains(document)
        }
    }
}

/// What is looked for. Who looks is the other argument of `SearchIndex.search`.
package struct SearchQuery: Sendable {
    package static let limitMax = 100
    package static let limitDefault = 10

    /// Bounded by `SearchSettings.queryBytesMax`.
    package let text: String
    /// The encoder's vector of `text`; needed unless `mode` is `.lexical`.
    package let vector: [Float]?
    package let mode: SearchMode
    /// 1 ... `limitMax` hits.
    package var limit: Int
    /// What made `vector`, as `SearchIndex.serving` said; nil: `SearchSettings.encoder`. A search fails with
    /// `encoderChanged` when that is no longer what the tenant is searched by.
    package var encoder: ServingEncoder?
    /// Nil looks everywhere the reader may.
    package let collections: Set<CollectionID>?
    /// Nil looks at every document. Applied before anything is counted or scored, as rights are.
    package var documents: DocumentSelection?
    /// Says of every hit why it is where it is.
    package let explain: Bool

    package init(
        text: String, vector: [Float]?, mode: SearchMode = .fused, limit: Int = limitDefault,
        collections: Set<CollectionID>? = nil, explain: Bool = false
    ) {
        self.text = text
        self.vector = vector
        self.mode = mode
        self.limit = limit
        self.collections = collections
        self.explain = explain
    }
}
