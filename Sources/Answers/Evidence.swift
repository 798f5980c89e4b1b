import Documents
import Kit

/// One numbered piece of what was found: what an answerer may draw on and a citation may name.
package struct Evidence: Sendable {
    /// From 1, as a sentence cites it.
    package let number: Int
    package let collection: CollectionID
    package let document: DocumentID
    package let version: VersionID
    package let title: String
    package let headings: [String]
    /// The whole normalised text.
    package let text: [UInt8]
    /// UTF-8 byte offsets in `text`.
    package let range: Range<Int>
    /// Those of the document that lie within, wholly or in part.
    package let blocks: [DocumentLayout.Block]

    package var tables: [DocumentLayout.Table] { blocks.compactMap(\.table) }

    package init(
        number: Int, collection: CollectionID, document: DocumentID, version: VersionID, title: String,
        headings: [String] = [], text: [UInt8],
        range: Range<Int>, blocks: [DocumentLayout.Block] = []
    ) {
        self.number = number
        self.collection = collection
        self.document = document
        self.version = version
        self.title = title
        self.headings = headings
        self.text = text
        self.range = range
        self.blocks = blocks
    }

    func place(_ range: Range<Int>) -> Answer.Place {
        Answer.Place(document: document, version: version, start: range.lowerBound, end: range.upperBound)
    }
}
