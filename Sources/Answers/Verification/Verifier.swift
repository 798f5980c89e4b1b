import Encoder
import Kit

/// Says of each sentence of an answer whether the passages that it cites support it.
///
/// First by rule: numbers, units, dates, names, negations, contraries and quotations must be as in the source, within
/// three neighbouring sentences of each cited passage. Then by a measured score. What it cannot show is withheld.
package struct Verifier: Sendable {
    /// Windows that are scored with the encoder.
    private static let candidatesMax = 4

    let encoder: Encoder
    /// Of `SupportScore.probability`.
    let threshold: Double

    /// Measured by `cloister eval verifier`.
    package static let thresholdDefault = 0.6

    package init(encoder: Encoder, threshold: Double = Verifier.thresholdDefault) {
        self.encoder = encoder
        self.threshold = threshold
    }

    /// The evidence of one answer, cut and counted once for all of its sentences.
    package struct Prepared: Sendable {
        let sources: [SupportSource]
        let numbers: Set<Int>

        package init(_ evidence: [Evidence]) {
            sources = evidence.map(SupportSource.init)
            numbers = Set(evidence.map(\.number))
        }
    }

    /// - Parameter sentence: as a model wrote it, with marks such as `[2]`. Without any mark, all of it is looked at.
    package func verdict(on sentence: String, from prepared: Prepared) async throws -> Verdict {
        try await assessment(of: sentence, from: prepared).verdict
    }

    /// A verdict with the figures behind it, where it came to figures.
    package struct Assessment: Sendable {
        package let verdict: Verdict
        package let score: SupportScore?
    }

    package func assessment(of sentence: String, from prepared: Prepared) async throws -> Assessment {
        let statement = MarkedStatement(sentence)
        guard prepared.numbers.isSuperset(of: statement.numbers) else {
            return Assessment(verdict: .unsupported(.unknownSource), score: nil)
        }
        let cited = prepared.sources.filter { statement.numbers.contains($0.evidence.number) }
        let sources = statement.numbers.isEmpty ? prepared.sources : cited
        for source in sources {
            guard let range = Quotation.whole(statement.text, in: source) else { continue }
            return Assessment(verdict: .quoted(source.evidence.place(range)), score: nil)
        }
        let claim = StatementFacts(ArraySlice(statement.text.utf8))
        if let fault = Self.fault(of: statement.text, claim, in: sources) {
            return Assessment(verdict: .unsupported(fault), score: nil)
        }
        return try await support(statement.text, claim, from: sources)
    }

    /// What can be said before any window is chosen.
    private static func fault(of text: String, _ claim: StatementFacts, in sources: [SupportSource]) -> Verdict.Fault? {
        if claim.stems.count < 2, claim.quantities.isEmpty { return .empty }
        if ForeignMarkup.isIn(text) { return .address }
        if !Quotation.quotesAreWhole(in: text, of: sources) { return .quote }
        if Quotation.isStitched(text, from: sources) { return .quote }
        return nil
    }

    private func support(
        _ text: String, _ claim: StatementFacts, from sources: [SupportSource]
    ) async throws -> Assessment {
        let candidates = Self.candidates(for: claim, from: sources)
        let sound = candidates.filter { $0.fault(of: claim) == nil }.prefix(Self.candidatesMax)
        guard !sound.isEmpty else {
            return Assessment(verdict: .unsupported(candidates.first?.fault(of: claim) ?? .notEntailed), score: nil)
        }
        let vectors = try await encoder.embed(([Array(text.utf8)] + sound.map(\.text)).map(window))
        let scored = zip(sound, vectors.dropFirst()).map { candidate, vector in
            (candidate, candidate.score(of: claim, cosine: cosine(vectors[0], vector)))
        }
        guard let (candidate, score) = scored.max(by: { $0.1.probability < $1.1.probability }) else {
            return Assessment(verdict: .unsupported(.notEntailed), score: nil)
        }
        let isEnough = score.probability >= threshold
        return Assessment(
            verdict: isEnough
                ? .supported(candidate.places, score: score.probability) : .unsupported(.notEntailed), score: score)
    }

    /// The most promising first. With several sources, also the best windows of all of them together.
    static func candidates(for claim: StatementFacts, from sources: [SupportSource]) -> [SupportCandidate] {
        var candidates: [SupportCandidate] = []
        var bestOfEach: [SupportCandidate] = []
        for source in sources {
            let found = source.windows.map { SupportCandidate([($0, source)]) }
            let ranked = ranked(found, for: claim).prefix(windowsMax)
            candidates += ranked
            if let best = ranked.first { bestOfEach.append(best) }
        }
        if (2...4).contains(bestOfEach.count) { candidates.append(SupportCandidate(bestOfEach.flatMap(\.parts))) }
        return ranked(candidates, for: claim)
    }

    private static let windowsMax = 16

    private static func ranked(_ candidates: [SupportCandidate], for claim: StatementFacts) -> [SupportCandidate] {
        candidates.map { ($0, $0.score(of: claim, cosine: 0).probability) }.sorted { $0.1 > $1.1 }.map(\.0)
    }

    private func window(_ text: [UInt8]) -> [Int32] {
        encoder.tokens(of: text).prefix(Encoder.windowTokensMax).map(\.id)
    }
}

private func cosine(_ left: [Float], _ right: [Float]) -> Double {
    Double(zip(left, right).reduce(0) { $0 + $1.0 * $1.1 })
}
