import Answers
import Encoder

/// Asks the verifier about statements whose truth is known.
package struct VerifierEvaluation: Sendable {
    package struct Result: Sendable {
        package let statement: StatementCase
        package let assessment: Verifier.Assessment

        package var isAccepted: Bool {
            if case .unsupported = assessment.verdict { false } else { true }
        }
    }

    private let verifier: Verifier
    private let progress: @Sendable (_ done: Int, _ total: Int) -> Void

    package init(
        encoder: Encoder, threshold: Double = Verifier.thresholdDefault,
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) {
        verifier = Verifier(encoder: encoder, threshold: threshold)
        self.progress = progress
    }

    package func run(on cases: [StatementCase]) async throws -> (results: [Result], seconds: Double) {
        var results: [Result] = []
        let start = ContinuousClock.now
        for (index, one) in cases.enumerated() {
            let assessment = try await verifier.assessment(of: one.statement, from: Verifier.Prepared(one.evidence))
            results.append(Result(statement: one, assessment: assessment))
            progress(index + 1, cases.count)
        }
        return (results, (ContinuousClock.now - start) / .seconds(1))
    }
}

extension [VerifierEvaluation.Result] {
    /// Tab-separated: set, kind, 1 for true, recall, order, cosine, focus, statement; of those that came to figures.
    package var figures: String {
        compactMap { result in
            guard let score = result.assessment.score else { return nil }
            let numbers = [score.recall, score.order, score.cosine, score.focus].map { String($0) }
            let head = [result.statement.set, result.statement.kind, result.statement.isTrue ? "1" : "0"]
            return (head + numbers + [result.statement.statement]).joined(separator: "\t")
        }.joined(separator: "\n") + "\n"
    }
}
