import Answers
import Encoder
import Foundation
import Kit
import Search

/// Measures the reader that answers without a language model, beside the best sentence by cosine in the same run.
///
/// Two settings: each question with its own paragraph, and each question with what the product's search finds among all
/// paragraphs of the set. Questions whose paragraph the reader was trained on are refused.
package struct AnswerEvaluation: Sendable {
    /// Passages that a search hands to the readers, as in the product.
    static let passagesMax = 8
    private static let batch = 64

    private let encoder: Encoder
    private let settings: SearchSettings
    private let manifest: ReaderManifest
    private let questionsMax: Int
    private let progress: @Sendable (_ done: Int, _ total: Int) -> Void

    /// - Parameters:
    ///   - questionsMax: of the report split, evenly; half as many of the tuning split choose the thresholds.
    ///   - progress: told of questions asked.
    package init(
        encoder: Encoder, manifest: ReaderManifest, settings: SearchSettings = SearchSettings(),
        questionsMax: Int = .max, progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) {
        self.encoder = encoder
        self.settings = settings
        self.manifest = manifest
        self.questionsMax = questionsMax
        self.progress = progress
    }

    package func run(on dataset: AnswerDataset) async throws -> AnswerReport {
        let refused = dataset.questions(of: .train, in: manifest, most: .max).count
        let report = dataset.questions(of: .report, in: manifest, most: questionsMax)
        guard !report.isEmpty else { throw InsightFailure.nothingToEvaluate }
        if dataset.name == .abstracts {
            return AnswerReport(
                rows: [], evidence: try await evidence(report, of: dataset), refused: refused,
                encoder: Encoder.identity)
        }
        let tune = dataset.questions(of: .tune, in: manifest, most: questionsMax / 2)
        let bench = try await EvaluationIndex(settings: settings)
        do {
            try await fill(bench, with: dataset)
            var rows: [AnswerReport.Row] = []
            for setting in [AnswerReport.Setting.given, .open] {
                let trial = Trial(dataset: dataset, setting: setting, bench: bench)
                for kind in AnswerReport.Reader.allCases {
                    let tuned = try await judge(trial.asked(tune), by: kind, trial)
                    let judged = try await judge(trial.asked(report), by: kind, trial)
                    rows.append(judged.row(dataset.name, setting, kind, threshold: tuned.bestThreshold))
                }
            }
            await bench.close()
            return AnswerReport(rows: rows, evidence: [], refused: refused, encoder: Encoder.identity)
        } catch {
            await bench.close()
            throw error
        }
    }

    private func reader(_ kind: AnswerReport.Reader) -> any MeasuredReader {
        switch kind {
        case .head: HeadReader(reader: SpanReader(encoder: encoder))
        case .cosine: CosineReader(encoder: encoder)
        }
    }

    // MARK: Asking

    private struct Trial {
        let dataset: AnswerDataset
        let setting: AnswerReport.Setting
        let bench: EvaluationIndex

        /// A set in which every question has an answer gets as many without: each question is also asked of the
        /// paragraph of another, half the split away.
        func asked(_ questions: [AnswerDataset.Question]) -> [AnswerDataset.Question] {
            guard setting == .given, questions.allSatisfy({ !$0.references.isEmpty }) else { return questions }
            let others = questions.indices.map { questions[($0 + questions.count / 2) % questions.count].paragraph }
            return questions
                + zip(questions, others).filter { $0.paragraph != $1 }.map {
                    AnswerDataset.Question(text: $0.text, paragraph: $1, references: [])
                }
        }
    }

    private func judge(
        _ questions: [AnswerDataset.Question], by kind: AnswerReport.Reader, _ trial: Trial
    ) async throws -> [AnswerJudgement] {
        let reader = reader(kind)
        var judged: [AnswerJudgement] = []
        for question in questions {
            let passages = try await passages(for: question, trial)
            let start = ContinuousClock.now
            let isGiven = trial.setting == .given
            let answer = try await reader.answer(question.text, from: passages, isGiven: isGiven)
            judged.append(
                AnswerJudgement(
                    score: answer?.score ?? -.infinity, text: answer?.text ?? "", sentence: answer?.sentence ?? "",
                    references: question.references, milliseconds: (ContinuousClock.now - start) / .milliseconds(1)))
            progress(judged.count, questions.count)
        }
        return judged
    }

    private func passages(for question: AnswerDataset.Question, _ trial: Trial) async throws -> [[UInt8]] {
        let paragraphs = trial.dataset.paragraphs
        guard trial.setting == .open else { return [Array(paragraphs[question.paragraph].utf8)] }
        let vector = try await encoder.embedQuery(question.text)
        let ranking = try await trial.bench.ranking(question.text, vector, .fused)
        return ranking.prefix(Self.passagesMax).map { Array(paragraphs[$0].utf8) }
    }

    private func fill(_ bench: EvaluationIndex, with dataset: AnswerDataset) async throws {
        let texts = dataset.paragraphs.map { Array($0.utf8) }
        for first in stride(from: 0, to: texts.count, by: Self.batch) {
            var documents: [EvaluationIndex.Document] = []
            for number in first..<min(first + Self.batch, texts.count) where !texts[number].isEmpty {
                let tokens = encoder.tokens(of: texts[number])
                let vectors = try await encoder.embed(encoder.windows(of: tokens).map { tokens[$0].map(\.id) })
                documents.append(EvaluationIndex.Document(id: number, text: texts[number], vectors: vectors))
            }
            try await bench.publish(documents)
        }
        try await bench.index.seal(bench.reader.tenant)
    }

    // MARK: Evidence

    private func evidence(
        _ questions: [AnswerDataset.Question], of dataset: AnswerDataset
    ) async throws -> [AnswerReport.Evidence] {
        var rows: [AnswerReport.Evidence] = []
        for kind in AnswerReport.Reader.allCases {
            let reader = reader(kind)
            var (first, three, times) = (0, 0, [Double]())
            for question in questions {
                let text = Array(dataset.paragraphs[question.paragraph].utf8)
                let start = ContinuousClock.now
                let ranked = try await reader.sentences(question.text, of: text)
                times.append((ContinuousClock.now - start) / .milliseconds(1))
                let sought = Self.evidence(for: question.references, in: text)
                first += ranked.prefix(1).contains(sought) ? 1 : 0
                three += ranked.prefix(3).contains(sought) ? 1 : 0
                progress(times.count, questions.count)
            }
            times.sort()
            rows.append(
                AnswerReport.Evidence(
                    set: dataset.name.rawValue, reader: kind, questions: questions.count,
                    recall1: Double(first) / Double(questions.count), recall3: Double(three) / Double(questions.count),
                    millisecondsMedian: times.quantile(0.5)))
        }
        return rows
    }

    /// The sentence that shares most words with the conclusion; the first of equals.
    private static func evidence(for references: [String], in text: [UInt8]) -> String {
        var best = (sentence: "", f1: -1.0)
        for range in SentenceSplitter.sentences(in: text, range: 0..<text.count) {
            let sentence = String(decoding: text[range], as: UTF8.self)
            let f1 = AnswerMeasure.f1(sentence, anyOf: references)
            if f1 > best.f1 { best = (sentence, f1) }
        }
        return best.sentence
    }
}
