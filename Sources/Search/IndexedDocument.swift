import Access
import Kit

/// One chunk of a document on its way into the index: the unit of context and citation (DESIGN 7.6).
package struct IndexedChunk: Sendable {
    /// Position within the document, from 0, unique in it.
    package let ordinal: Int
    /// UTF-8 byte offsets in the normalised text of the document; `start <= end`.
    package let start, end: Int
    /// What the terms are taken from, UTF-8: the text of the chunk and whatever heading should match with it.
    package let text: [UInt8]
    /// One vector of unit length per embedded window; empty makes the chunk invisible to dense search only.
    package let vectors: [[Float]]
    /// The same of `SearchSettings.earlierEncoder`, while a tenant is still searched by it.
    package let earlierVectors: [[Float]]

    package init(
        ordinal: Int, start: Int, end: Int, text: [UInt8], vectors: [[Float]], earlierVectors: [[Float]] = []
    ) {
        self.ordinal = ordinal
        self.start = start
        self.end = end
        self.text = text
        self.vectors = vectors
        self.earlierVectors = earlierVectors
    }
}

/// One version of a document, ready for the index.
package struct IndexedDocument: Sendable {
    package let document: DocumentID
    package let version: VersionID
    package let collection: CollectionID
    /// As `SearchIndex.defineACL` returned it, in this tenant.
    package let acl: ACLID
    package let chunks: [IndexedChunk]

    package init(
        document: DocumentID, version: VersionID, collection: CollectionID, acl: ACLID, chunks: [IndexedChunk]
    ) {
        self.document = document
        self.version = version
        self.collection = collection
        self.acl = acl
        self.chunks = chunks
    }
}
