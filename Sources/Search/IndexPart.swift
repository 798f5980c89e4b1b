import Kit
import Storage

/// An immutable, searchable batch of entries: flat arrays of chunks, windows and postings. The tail of the index and
/// the sealed segments are the same thing in memory, and no result depends on how documents are spread over parts.
///
/// A part knows nothing of rights and nothing of deletion: `PartView` masks it.
final class IndexPart: Sendable {
    struct Document: Sendable {
        let document: DocumentID
        let version: VersionID
        let collection: CollectionID
        let sequence: ChangeSequence
        /// Positions of its chunks in this part, by ordinal.
        let chunks: Range<Int>
    }

    struct Chunk: Sendable {
        /// Position in `documents`.
        let document: UInt32
        let ordinal: UInt32
        let start, end: UInt32
        /// Terms with repetition.
        let length: UInt32
        /// Position of its first window; it ends where the next chunk's begin.
        let firstWindow: UInt32
    }

    struct Posting: Sendable {
        let chunk: UInt32
        let frequency: UInt32
    }

    /// Nil while the part is in the tail and holds its entries; the segment's name once it is sealed.
    let segment: SegmentID?
    /// The entries it was built from; empty once it is sealed.
    let entries: [StoredEntry]
    let documents: [Document]
    /// One more than there are chunks: the last one ends the windows of the one before.
    let chunks: [Chunk]
    let terms: TermTable
    /// `terms.count + 1` positions in `postings`; within a term by chunk.
    let postingStarts: [UInt32]
    let postings: [Posting]
    let vectors: WindowVectors

    init(_ builder: PartBuilder, segment: SegmentID?, keeping entries: [StoredEntry]) {
        self.segment = segment
        self.entries = entries
        documents = builder.documents
        chunks = builder.finishedChunks
        terms = builder.terms
        (postingStarts, postings) = builder.sortedPostings()
        vectors = WindowVectors(rows: builder.rows, dimensions: builder.identity.dimensions)
    }

    /// Throws when an entry is damaged or was written by another analyser.
    convenience init(
        entries: [StoredEntry], identity: IndexIdentity, segment: SegmentID? = nil
    ) throws(SearchFailure) {
        var builder = PartBuilder(identity: identity)
        for entry in entries where try !builder.add(entry) { throw .corruptEntry(entry.document) }
        self.init(builder, segment: segment, keeping: segment == nil ? entries : [])
    }

    var chunkCount: Int { chunks.count - 1 }

    func windows(of chunks: Range<Int>) -> Range<Int> {
        Int(self.chunks[chunks.lowerBound].firstWindow)..<Int(self.chunks[chunks.upperBound].firstWindow)
    }

    func postings(of term: Int) -> Range<Int> { Int(postingStarts[term])..<Int(postingStarts[term + 1]) }
}
