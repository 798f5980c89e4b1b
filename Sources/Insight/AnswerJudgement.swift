/// What one reader made of one question, before a threshold decides whether it is said.
struct AnswerJudgement: Sendable {
    /// Probability or cosine; negative infinity when nothing was found.
    let score: Double
    let text: String
    let sentence: String
    let references: [String]
    let milliseconds: Double

    func f1(at threshold: Double) -> Double {
        AnswerMeasure.f1(score >= threshold ? text : nil, anyOf: references)
    }
}

extension [AnswerJudgement] {
    /// The threshold that best tells questions with an answer from those without, of every hundredth between 0 and 1:
    /// the largest sum of both shares that are treated rightly (Youden 1950); the lowest of equals.
    var bestThreshold: Double {
        let answerable = filter { !$0.references.isEmpty }
        let others = filter(\.references.isEmpty)
        func worth(_ threshold: Double) -> Double {
            let said = answerable.count { $0.score >= threshold }
            let withheld = others.count { $0.score < threshold }
            return Double(said) / Double(Swift.max(answerable.count, 1))
                + Double(withheld) / Double(Swift.max(others.count, 1))
        }
        var best = (threshold: 0.0, worth: -1.0)
        for candidate in stride(from: 0.0, through: 0.99, by: 0.01) where worth(candidate) > best.worth {
            best = (candidate, worth(candidate))
        }
        return best.threshold
    }

    func row(
        _ set: AnswerDataset.Name, _ setting: AnswerReport.Setting, _ reader: AnswerReport.Reader, threshold: Double
    ) -> AnswerReport.Row {
        let answerable = filter { !$0.references.isEmpty }
        let declined = filter { $0.score < threshold }
        let rightly = declined.count { $0.references.isEmpty }
        let times = map(\.milliseconds).sorted()
        func share(_ part: Int, _ whole: Int) -> Double { Double(part) / Double(Swift.max(whole, 1)) }
        return AnswerReport.Row(
            set: set.rawValue, setting: setting, reader: reader, questions: count, answerable: answerable.count,
            f1: reduce(0) { $0 + $1.f1(at: threshold) } / Double(Swift.max(count, 1)),
            exact: share(
                self.count { AnswerMeasure.isExact($0.score >= threshold ? $0.text : nil, anyOf: $0.references) }, count
            ),
            answerF1: answerable.reduce(0) { $0 + $1.f1(at: -.infinity) } / Double(Swift.max(answerable.count, 1)),
            sentence: share(answerable.count { $0.sentenceHoldsReference }, answerable.count),
            declinePrecision: share(rightly, declined.count), declineRecall: share(rightly, count - answerable.count),
            falseDeclines: share(declined.count - rightly, answerable.count), threshold: threshold,
            millisecondsMedian: times.quantile(0.5), millisecondsP95: times.quantile(0.95))
    }
}

extension AnswerJudgement {
    /// By words in sequence, so that punctuation does not matter.
    fileprivate var sentenceHoldsReference: Bool {
        let words = AnswerMeasure.words(sentence)
        return references.contains { reference in
            let sought = AnswerMeasure.words(reference)
            guard !sought.isEmpty, sought.count <= words.count else { return false }
            return (0...words.count - sought.count).contains { words[$0..<$0 + sought.count].elementsEqual(sought) }
        }
    }
}

extension [Double] {
    /// Of sorted values; 0 for none.
    func quantile(_ share: Double) -> Double { isEmpty ? 0 : self[Int(Double(count - 1) * share)] }
}
