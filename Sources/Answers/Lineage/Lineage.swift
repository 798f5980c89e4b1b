import Kit

/// Which answers rest on a document, or on anything that a source brought: who asked and when, never what.
package struct Lineage: Sendable {
    package let answers: [Use]
    /// False when there are more than were looked at: the newest are here.
    package let isWhole: Bool

    package struct Use: Sendable, Equatable {
        package let answer: AnswerID
        package let asked: Timestamp
        package let subject: SubjectID
        package let answerer: String
        /// The versions that are cited, each once.
        package let versions: [VersionID]
        /// Cited places in them.
        package let citations: Int
    }
}

/// Citations of one answer, as they come out of its sentences.
struct LineageRow {
    let answer: AnswerID
    let asked: Timestamp
    let subject: SubjectID
    let answerer: String
    let quotes: [Answer.Quote]
}

extension Lineage {
    /// From the rows of sentences, those of one answer behind each other.
    init(_ rows: [LineageRow], of documents: Set<DocumentID>, isWhole: Bool) {
        var uses: [Use] = []
        for row in rows {
            let places = row.quotes.map(\.place).filter { documents.contains($0.document) }
            guard !places.isEmpty else { continue }
            let before = uses.last?.answer == row.answer ? uses.popLast() : nil
            var versions = before?.versions ?? []
            for place in places where !versions.contains(place.version) { versions.append(place.version) }
            uses.append(
                Use(
                    answer: row.answer, asked: row.asked, subject: row.subject, answerer: row.answerer,
                    versions: versions, citations: (before?.citations ?? 0) + places.count))
        }
        answers = uses
        self.isWhole = isWhole
    }
}
