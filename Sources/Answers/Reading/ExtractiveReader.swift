import Encoder
import Kit

/// A sentence chosen from the evidence: where it is and how well it fits.
package struct Selection: Sendable, Equatable {
    package let place: Answer.Place
    /// The head's probability or the coverage, as `ReadingMethod` says.
    package let score: Float
}

/// Answers by quoting: the sentences and rows of the found passages that speak of what is asked, or none.
///
/// It never writes a word of its own, so every sentence is its own evidence. Needs no language model.
package struct ExtractiveReader: Sendable {
    let encoder: Encoder
    let settings: AnswerSettings

    package init(encoder: Encoder, settings: AnswerSettings) {
        self.encoder = encoder
        self.settings = settings
    }

    /// Best first; empty when nothing reaches the threshold.
    ///
    /// - Parameter rarity: of a stem, 0 (in every passage) to 1 (in none).
    func select(
        _ question: UnderstoodQuestion, from evidence: [Evidence], rarity: (String) -> Float
    ) async throws -> [Selection] {
        switch settings.reading {
        case .head: return try await read(question.searched, from: evidence)
        case .alignment:
            let words = QuestionWords(question, encoder: encoder, rarity: rarity)
            return try await aligned(words, from: evidence)
        }
    }

    // MARK: By alignment

    private func aligned(_ words: QuestionWords, from evidence: [Evidence]) async throws -> [Selection] {
        let units = Array(
            evidence.flatMap { piece in ReadingUnit.units(in: piece).map { (unit: $0, place: piece.place($0.range)) } }
                .prefix(settings.candidatesMax))
        guard !units.isEmpty, !words.tokens.isEmpty else { return [] }
        let question = AlignedUnit.Question(words: words, states: try await encoder.states(of: [words.tokens])[0])
        var aligned: [AlignedUnit] = []
        // The states of a batch are let go before the next is made: they are the most of a question's memory.
        for start in stride(from: 0, to: units.count, by: Self.batchMax) {
            let batch = units[start..<min(start + Self.batchMax, units.count)]
            let states = try await encoder.states(of: batch.map { tokens(of: $0.unit) })
            aligned += zip(batch, states).map { AlignedUnit($1, $0.unit, at: $0.place, beside: question) }
        }
        return choose(from: aligned.sorted(by: AlignedUnit.isCloser), words)
    }

    private static let batchMax = 16

    /// What does not fit a window is cut from the unit's end, for scoring only.
    private func tokens(of unit: ReadingUnit) -> [Int32] {
        encoder.tokens(of: Array(unit.text.utf8)).prefix(Encoder.windowTokensMax).map(\.id)
    }

    /// The closest, those nearly as close, and, where a question asks for several things, what covers the rest of it.
    private func choose(from ranked: [AlignedUnit], _ words: QuestionWords) -> [Selection] {
        guard let best = ranked.first else { return [] }
        var chosen = [best]
        var covered = best.alignment
        while words.isCompound, chosen.count < settings.sentencesMax {
            let before = AlignedUnit.coverage(covered, words)
            let gains = ranked.map { unit in
                unit.coverage < settings.partMin
                    ? 0 : AlignedUnit.coverage(zip(covered, unit.alignment).map(max), words) - before
            }
            guard let index = gains.indices.max(by: { gains[$0] < gains[$1] }), gains[index] >= settings.gainMin
            else { break }
            chosen.append(ranked[index])
            covered = zip(covered, ranked[index].alignment).map(max)
        }
        guard AlignedUnit.coverage(covered, words) >= settings.threshold else { return [] }
        for unit in ranked.dropFirst().prefix(settings.alternativesMax)
        where chosen.count <= settings.alternativesMax && best.closeness - unit.closeness <= settings.margin {
            let isNew = chosen.allSatisfy { dot($0.vector, unit.vector) < settings.redundancy }
            if isNew { chosen.append(unit) }
        }
        return chosen.map { Selection(place: $0.place, score: $0.coverage) }
    }

    // MARK: By the head

    private func read(_ question: String, from evidence: [Evidence]) async throws -> [Selection] {
        let passages = evidence.prefix(settings.passagesMax).map { $0.text[$0.range] }
        let readings = try await SpanReader(encoder: encoder).read(question: question, passages: passages)
        let threshold = encoder.readingThreshold
        guard let best = readings.first, best.probability >= threshold else { return [] }
        let floor = max(threshold, best.probability - settings.readingMargin)
        return readings.prefix { $0.probability >= floor }.prefix(settings.sentencesMax).map { reading in
            let piece = evidence[reading.passage]
            let start = piece.range.lowerBound
            let range = (start + reading.sentence.lowerBound)..<(start + reading.sentence.upperBound)
            return Selection(place: piece.place(range), score: reading.probability)
        }
    }
}

private func dot(_ left: [Float], _ right: [Float]) -> Float {
    zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
}
