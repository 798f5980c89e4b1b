/// What the head says about one window of a passage beside a question: numbers for each token of the window, in order.
package struct TokenReading: Sendable, Equatable {
    /// How well an answer begins and ends at the token.
    package let start: [Float]
    package let end: [Float]
    /// How well the token's sentence supports an answer; the mean over a sentence is the sentence's logit.
    package let support: [Float]
    /// The score of no span at all, on the scale of `start` + `end`.
    package let none: Float
    /// The logit that the window answers the question.
    package let answerable: Float

    /// Tokens of a span at most.
    package static let spanTokensMax = 64

    /// - Parameters:
    ///   - outputs: four numbers a token of the sequence, `[CLS]` first.
    ///   - questionEnd: where the window begins in it; behind it stands one `[SEP]`.
    init(outputs: [Float], questionEnd: Int) {
        let rows = questionEnd..<outputs.count / SpanHead.outputs - 1
        func column(_ number: Int) -> [Float] { rows.map { outputs[$0 * SpanHead.outputs + number] } }
        (start, end, support) = (column(0), column(1), column(2))
        none = outputs[0] + outputs[1]
        answerable = outputs[3]
    }

    /// The best span and by how much it beats no span; the first of equals. Nil for a window without tokens.
    package var bestSpan: (tokens: ClosedRange<Int>, score: Float)? {
        var best: (tokens: ClosedRange<Int>, score: Float)?
        for first in start.indices {
            for last in first..<min(first + Self.spanTokensMax, end.count) {
                let score = start[first] + end[last] - none
                if score > best?.score ?? -.infinity { best = (first...last, score) }
            }
        }
        return best
    }
}
