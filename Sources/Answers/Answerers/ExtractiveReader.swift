import Encoder
import Kit

/// A sentence chosen from the evidence: where it is and how well it fits.
package struct Selection: Sendable, Equatable {
    package let place: Answer.Place
    /// Probability or cosine, as `ReadingMethod` says.
    package let score: Float
}

/// Answers by quoting: the sentences of the found passages that are closest to the question, or none.
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
    package func select(
        _ question: String, _ vector: [Float], from evidence: [Evidence]
    ) async throws -> [Selection] {
        switch settings.reading {
        case .head: try await read(question, from: evidence)
        case .cosine: try await nearest(vector, from: evidence)
        }
    }

    private func read(_ question: String, from evidence: [Evidence]) async throws -> [Selection] {
        let passages = evidence.prefix(settings.passagesMax).map { $0.text[$0.range] }
        let readings = try await SpanReader(encoder: encoder).read(question: question, passages: passages)
        guard let best = readings.first, best.probability >= settings.threshold else { return [] }
        let floor = max(settings.threshold, best.probability - settings.readingMargin)
        return readings.prefix { $0.probability >= floor }.prefix(settings.sentencesMax).map { reading in
            let piece = evidence[reading.passage]
            let start = piece.range.lowerBound
            let range = (start + reading.sentence.lowerBound)..<(start + reading.sentence.upperBound)
            return Selection(place: piece.place(range), score: reading.probability)
        }
    }

    private func nearest(_ question: [Float], from evidence: [Evidence]) async throws -> [Selection] {
        let candidates = candidates(in: evidence)
        let vectors = try await encoder.embed(candidates.map(\.tokens))
        let scored = zip(candidates, vectors).map { Scored(candidate: $0, vector: $1, score: dot(question, $1)) }
        return choose(from: scored.sorted(by: Scored.isBetter)).map(\.selection)
    }

    struct Candidate: Sendable {
        let place: Answer.Place
        let tokens: [Int32]
    }

    struct Scored: Sendable {
        let candidate: Candidate
        let vector: [Float]
        let score: Float

        /// Ties break by place, so equal input gives an equal answer.
        static func isBetter(_ left: Scored, _ right: Scored) -> Bool {
            if left.score != right.score { return left.score > right.score }
            let (mine, other) = (left.candidate.place, right.candidate.place)
            return mine.document == other.document ? mine.start < other.start : mine.document < other.document
        }

        var selection: Selection { Selection(place: candidate.place, score: score) }
    }

    private func candidates(in evidence: [Evidence]) -> [Candidate] {
        evidence.flatMap { piece in
            SentenceSplitter.sentences(in: piece.text, range: piece.range).compactMap { range -> Candidate? in
                let tokens = tokens(of: piece.text[range], in: piece)
                return tokens.isEmpty ? nil : Candidate(place: piece.place(range), tokens: tokens)
            }
        }.prefix(settings.candidatesMax).map(\.self)
    }

    /// A sentence is judged with the title above it, as a person reads it: "it lasts sixteen weeks" answers only under
    /// "Parental leave". What does not fit a window is cut from the sentence's end, for scoring only.
    private func tokens(of sentence: ArraySlice<UInt8>, in evidence: Evidence) -> [Int32] {
        let title = evidence.title.utf8
        let text = title.count <= Self.titleBytesMax ? Array(title) + Array(": ".utf8) + sentence : Array(sentence)
        return encoder.tokens(of: text).prefix(Encoder.windowTokensMax).map(\.id)
    }

    private static let titleBytesMax = 120

    private func choose(from ranked: [Scored]) -> [Scored] {
        guard let best = ranked.first, best.score >= settings.threshold else { return [] }
        let floor = max(settings.threshold, best.score - settings.margin)
        return ranked.prefix { $0.score >= floor }.reduce(into: []) { chosen, next in
            let isNew = chosen.allSatisfy { dot($0.vector, next.vector) < settings.redundancy }
            if chosen.count < settings.sentencesMax, isNew { chosen.append(next) }
        }
    }
}

private func dot(_ left: [Float], _ right: [Float]) -> Float {
    zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
}
