import Encoder
import Kit
import Library
import Search

/// A sentence chosen from a passage: where it is and how well it fits.
package struct Selection: Sendable, Equatable {
    package let document: DocumentID
    package let version: VersionID
    /// UTF-8 byte offsets in the normalised text.
    package let range: Range<Int>
    /// Cosine of question and sentence.
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
    package func select(_ question: [Float], from passages: [Passage]) async throws -> [Selection] {
        let candidates = candidates(in: passages)
        let vectors = try await encoder.embed(candidates.map(\.tokens))
        let scored = zip(candidates, vectors).map { Scored(candidate: $0, vector: $1, score: dot(question, $1)) }
        return choose(from: scored.sorted(by: Scored.isBetter)).map(\.selection)
    }

    struct Candidate: Sendable {
        let document: DocumentID
        let version: VersionID
        let range: Range<Int>
        let tokens: [Int32]
    }

    struct Scored: Sendable {
        let candidate: Candidate
        let vector: [Float]
        let score: Float

        /// Ties break by place, so equal input gives an equal answer.
        static func isBetter(_ left: Scored, _ right: Scored) -> Bool {
            if left.score != right.score { return left.score > right.score }
            if left.candidate.document != right.candidate.document {
                return left.candidate.document < right.candidate.document
            }
            return left.candidate.range.lowerBound < right.candidate.range.lowerBound
        }

        var selection: Selection {
            Selection(
                document: candidate.document, version: candidate.version, range: candidate.range, score: score)
        }
    }

    private func candidates(in passages: [Passage]) -> [Candidate] {
        var seen: Set<SentencePlace> = []
        var found: [Candidate] = []
        for passage in passages.prefix(settings.passagesMax) {
            let text = passage.source.text
            for range in SentenceSplitter.sentences(in: text, range: passage.hit.start..<passage.hit.end) {
                let place = SentencePlace(document: passage.document.id, start: range.lowerBound)
                guard found.count < settings.candidatesMax, seen.insert(place).inserted else { continue }
                let tokens = tokens(of: text[range], in: passage)
                guard !tokens.isEmpty else { continue }
                found.append(
                    Candidate(
                        document: passage.document.id, version: passage.hit.version, range: range, tokens: tokens))
            }
        }
        return found
    }

    /// A sentence is judged with the title above it, as a person reads it: "it lasts sixteen weeks" answers only under
    /// "Parental leave". What does not fit a window is cut from the sentence's end, for scoring only.
    private func tokens(of sentence: ArraySlice<UInt8>, in passage: Passage) -> [Int32] {
        let heading = passage.document.title.map { $0.utf8.count <= Self.titleBytesMax ? Array($0.utf8) : [] } ?? []
        let text = heading.isEmpty ? Array(sentence) : heading + Array(": ".utf8) + sentence
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

/// Overlapping chunks show a sentence twice.
private struct SentencePlace: Hashable {
    let document: DocumentID
    let start: Int
}

private func dot(_ left: [Float], _ right: [Float]) -> Float {
    zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
}
