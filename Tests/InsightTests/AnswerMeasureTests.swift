import Testing

@testable import Insight

@Suite struct AnswerMeasureTests {
    @Test func `words are without case, punctuation and articles`() {
        #expect(AnswerMeasure.words("The  U.S. Army's\n(an) answer!") == ["us", "armys", "answer"])
        #expect(AnswerMeasure.words(" -- ").isEmpty)
    }

    /// Worked by hand after SQuAD's script.
    @Test func `F1 counts shared words with their numbers`() {
        #expect(AnswerMeasure.f1("in October 1973", "October 1973") == 0.8)
        #expect(AnswerMeasure.f1("red red", "red") == 2.0 / 3)
        #expect(AnswerMeasure.f1("blue", "red") == 0)
        #expect(AnswerMeasure.f1("the", "an") == 1)
        #expect(AnswerMeasure.f1("the", "red") == 0)
    }

    @Test func `no answer is right where there is none, the best reference counts`() {
        #expect(AnswerMeasure.f1(nil, anyOf: []) == 1)
        #expect(AnswerMeasure.f1(nil, anyOf: ["x"]) == 0)
        #expect(AnswerMeasure.f1("x", anyOf: []) == 0)
        #expect(AnswerMeasure.f1("x y", anyOf: ["z", "y"]) == 2.0 / 3)
        #expect(AnswerMeasure.isExact("The X.", anyOf: ["y", "x"]))
        #expect(AnswerMeasure.isExact(nil, anyOf: []) && !AnswerMeasure.isExact(nil, anyOf: ["x"]))
    }

    private func judgement(_ score: Double, _ text: String, _ references: [String]) -> AnswerJudgement {
        AnswerJudgement(
            score: score, text: text, sentence: "It is \(text), they say.", references: references, milliseconds: score)
    }

    @Test func `the threshold keeps what is right and declines what is not there`() {
        let judged = [
            judgement(0.9, "a1", ["a1"]), judgement(0.6, "b1", ["b1"]), judgement(0.5, "c1", []),
            judgement(0.2, "d1", []),
        ]
        #expect(judged.bestThreshold > 0.5 && judged.bestThreshold <= 0.6)
        let row = judged.row(.squad, .given, .head, threshold: judged.bestThreshold)
        #expect([row.f1, row.exact, row.sentence, row.declinePrecision, row.declineRecall] == [1, 1, 1, 1, 1])
        #expect(row.falseDeclines == 0 && row.questions == 4 && row.answerable == 2)
        let strict = judged.row(.squad, .given, .head, threshold: 0.7)
        #expect(strict.f1 == 0.75 && strict.falseDeclines == 0.5 && strict.declinePrecision == 2.0 / 3)
        #expect(strict.millisecondsMedian == 0.5)
    }

    @Test func `nothing asked gives zeros`() {
        let row = [AnswerJudgement]().row(.squad, .open, .cosine, threshold: 0.5)
        #expect([row.f1, row.exact, row.sentence, row.falseDeclines, row.millisecondsP95] == [0, 0, 0, 0, 0])
        #expect([AnswerJudgement]().bestThreshold == 0)
    }
}
