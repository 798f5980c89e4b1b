/// Bounds and thresholds of answering.
package struct AnswerSettings: Sendable {
    package var questionCharactersMax = 10_000
    /// Passages that the reader looks at.
    package var passagesMax = 12
    package var sentencesMax = 4
    /// How the built-in reader chooses sentences.
    package var reading = ReadingMethod.alignment
    /// With the head, a further passage is quoted only if its probability is this close to the best one's.
    package var readingMargin: Float = 0.25
    /// Sentences that a model may write.
    package var sentencesWrittenMax = 24
    /// Tokens of all evidence together.
    package var contextTokensMax = 4_096
    /// Answers that a model writes at once, for everybody together.
    package var runsMax = 32
    /// How long a model goes on when nobody follows its answer any more.
    package var graceOfAbandoned: Duration = .seconds(10)
    /// After which an answer that another process was writing counts as broken off.
    package var writingTimeMax: Duration = .seconds(600)
    /// Sentences and rows scored per question.
    package var candidatesMax = 128
    /// Below it nothing is quoted: how much of the question is covered (`AlignedUnit.coverage`), measured with
    /// `cloister eval hospital`.
    package var threshold: Float = 0.72
    /// A further sentence is quoted only if it is this close to the best one.
    package var margin: Float = 0.15
    /// How many are quoted beside the best because they are as close.
    package var alternativesMax = 2
    /// A sentence that covers another part of a question adds this much at least.
    package var gainMin: Float = 0.04
    /// And covers this much by itself.
    package var partMin: Float = 0.4
    /// Two sentences more alike than this say the same.
    package var redundancy: Float = 0.9
    /// Bytes of context shown before and after a quote.
    package var contextBytes = 240

    package init() {}
}

/// How the built-in reader chooses the sentences that answer.
package enum ReadingMethod: String, Sendable, CaseIterable {
    /// Each word of the question looks for the closest word of a sentence and of the headings above it.
    case alignment
    /// A trained head over the encoder's layers reads question and passage together: several times as fast, and better
    /// at finding the words of an answer in a paragraph, but not at the demonstration's questions.
    case head
}
