import Answers
import Kit

/// A statement with the passages that it may rest on, and whether they support it.
package struct StatementCase: Sendable {
    package let set: String
    /// Kind of statement: a label of the data set, or how it was made.
    package let kind: String
    /// With marks such as `[1]` where it names its passage.
    package let statement: String
    package let evidence: [Evidence]
    package let isTrue: Bool

    init(set: String, kind: String, statement: String, texts: [String], isTrue: Bool) {
        (self.set, self.kind, self.statement, self.isTrue) = (set, kind, statement, isTrue)
        evidence = texts.enumerated().map { index, text in
            let bytes = Array(text.utf8)
            return Evidence(
                number: index + 1, collection: CollectionID(high: 0, low: 1), document: Randomness.system.identifier(),
                version: Randomness.system.identifier(),
                title: "", text: bytes, range: bytes.indices)
        }
    }
}
