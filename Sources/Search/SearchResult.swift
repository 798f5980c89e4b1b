import Kit
import Storage

/// What the index found. Everything in it but `sequence` is a function of the query and of the documents that this
/// reader may see (DESIGN 7.5): unseen documents change no bit of it.
package struct SearchResult: Codable, Sendable, Equatable {
    /// The tenant's latest change to the index that this result obeys.
    package let sequence: ChangeSequence
    /// Best first; ties by document, then chunk.
    package let hits: [SearchHit]
    /// Chunks that this reader may see, after the filter by collection.
    package let searched: Int
    /// Those of them with at least one term of the query; 0 in dense mode.
    package let matched: Int
    /// Those of `searched` with a vector of the encoder in use: fewer while documents are read by another one.
    package let embedded: Int
    /// For each term of the query, folded and stemmed, how many of `searched` have it; a term that none has is absent.
    package let terms: [String: Int]

    package init(
        sequence: ChangeSequence, hits: [SearchHit], searched: Int, matched: Int, embedded: Int = 0,
        terms: [String: Int] = [:]
    ) {
        self.sequence = sequence
        self.hits = hits
        self.searched = searched
        self.matched = matched
        self.embedded = embedded
        self.terms = terms
    }
}

/// One chunk that matched.
package struct SearchHit: Codable, Sendable, Equatable {
    package let document: DocumentID
    package let version: VersionID
    package let collection: CollectionID
    /// The ordinal of the chunk within the document.
    package let chunk: Int
    /// UTF-8 byte offsets in the normalised text of `version`.
    package let start, end: Int
    /// Comparable within one result only.
    package let score: Double
    /// Present when the query asked for it.
    package let explanation: HitExplanation?
}

/// Why a hit is where it is, in numbers that can be checked by hand, and which rule lets the reader see it.
package struct HitExplanation: Codable, Sendable, Equatable {
    package let dense: DenseExplanation?
    package let lexical: LexicalExplanation?
    /// How the two became `SearchHit.score`; nil unless the mode is `fused`.
    package let fusion: FusionExplanation?
    /// The text of `AccessDecision.granted`: identifiers only.
    package let access: String
}

package struct DenseExplanation: Codable, Sendable, Equatable {
    /// From 1, among chunks by vector alone; nil when beyond the depth of the list.
    package let rank: Int?
    /// Inner product of the query and the best window, in fp32: the cosine, as both have unit length.
    package let score: Double
    /// Which window of the chunk was best, from 0.
    package let window: Int
}

package struct LexicalExplanation: Codable, Sendable, Equatable {
    package let rank: Int?
    package let score: Double
    /// Terms in the chunk, stop words not counted.
    package let length: Int
    /// N of the formula: chunks that the reader may see.
    package let chunks: Int
    /// The matching terms of the query in the order of summation.
    package let terms: [TermExplanation]
}

/// One addend of BM25.
package struct TermExplanation: Codable, Sendable, Equatable {
    /// After folding and stemming.
    package let term: String
    /// How often the query has it.
    package let queryFrequency: Int
    /// How often the chunk has it (tf).
    package let frequency: Int
    /// Chunks with it that the reader may see (df).
    package let chunks: Int
    package let idf: Double
    package let contribution: Double
}

package struct FusionExplanation: Codable, Sendable, Equatable {
    package let method: FusionMethod
    /// The two addends of the score.
    package let dense, lexical: Double
}
