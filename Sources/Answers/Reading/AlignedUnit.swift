import Encoder

/// A unit beside the question: which of the question's words it has something close to.
struct AlignedUnit: Sendable {
    let place: Answer.Place
    let vector: [Float]
    /// For each token of the question the cosine of the closest one in the unit.
    let alignment: [Float]
    /// Weighted mean of `alignment`, -1 to 1: how much of what is asked the unit speaks of.
    let coverage: Float
    /// Orders units: coverage, and the cosine of both as wholes.
    let closeness: Float

    init(_ states: TokenStates, _ unit: ReadingUnit, at place: Answer.Place, beside question: Question) {
        self.place = place
        vector = states.vector
        alignment = Self.alignment(of: question, in: states, unit)
        coverage = Self.coverage(alignment, question.words)
        closeness = question.states.cosine(to: states) + Self.coverageWeight * coverage
    }

    /// "5 December" is found where "2026-12-05" stands, however far apart their words are.
    private static func alignment(of question: Question, in states: TokenStates, _ unit: ReadingUnit) -> [Float] {
        var alignment = question.states.closest(in: states)
        let said = Quantity.quantities(in: StatementWord.words(in: Array(unit.text.utf8)[...]))
        for (quantity, tokens) in question.words.quantities where said.contains(where: quantity.isSaid) {
            for token in tokens { alignment[token] = 1 }
        }
        return alignment
    }

    struct Question: Sendable {
        let words: QuestionWords
        let states: TokenStates
    }

    // Fitted on the odd-numbered questions of the demonstration: docs/evaluation.md says what that is worth.
    private static let coverageWeight: Float = 1.6

    static func coverage(_ alignment: [Float], _ words: QuestionWords) -> Float {
        zip(alignment, words.weights).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// Ties break by place, so equal input gives an equal answer.
    static func isCloser(_ left: AlignedUnit, _ right: AlignedUnit) -> Bool {
        if left.closeness != right.closeness { return left.closeness > right.closeness }
        return left.place.document == right.place.document
            ? left.place.start < right.place.start : left.place.document < right.place.document
    }
}
