/// A question as it is looked for.
struct UnderstoodQuestion: Sendable, Equatable {
    /// As it was asked.
    let asked: String
    /// What the index is asked. A follow-up brings the question along that it follows.
    let searched: String
    /// Whether it only makes sense after the question before.
    let isFollowUp: Bool

    /// - Parameter earlier: the questions before, oldest first.
    init(_ question: String, after earlier: [String] = []) {
        asked = question
        isFollowUp = !earlier.isEmpty && Self.leansOnWhatWasBefore(question)
        // Back to the last question that stands by itself.
        var subject: [String] = []
        if isFollowUp {
            for text in earlier.reversed() {
                subject.insert(text, at: 0)
                if !Self.leansOnWhatWasBefore(text) || subject.count == Self.turnsMax { break }
            }
        }
        searched = (subject + [question]).joined(separator: " ")
    }

    private static let turnsMax = 3
    private static let openings = [
        "and ", "or ", "but ", "what about", "how about", "also ", "und ", "oder ", "aber ", "was ist mit", "then ",
        "why?", "why not", "how so", "since when", "until when", "for whom", "by whom", "even ", "only ",
    ]
    private static let pronouns: Set<String> = [
        "it", "its", "they", "them", "their", "he", "she", "him", "her", "his", "this", "that", "these", "those",
        "there", "then", "one", "ones", "same", "es", "dies", "dort", "davon", "dafür", "dabei",
    ]
    private static let wordsOfWhole = 4

    /// Begins as a continuation, speaks of what it does not name, or is too short to stand alone.
    static func leansOnWhatWasBefore(_ question: String) -> Bool {
        let folded = question.lowercased()
        if openings.contains(where: folded.hasPrefix) { return true }
        let words = StatementWord.words(in: ArraySlice(folded.utf8)).filter { $0.kind != .sign }
        let content = words.compactMap(StatementStemmer.stem)
        return words.contains { pronouns.contains($0.folded) } && content.count < wordsOfWhole
            || words.count < wordsOfWhole && content.count < 2
    }
}
