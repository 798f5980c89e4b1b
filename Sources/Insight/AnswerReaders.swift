import Answers
import Encoder

/// A reader under test: question and passages in, the best words and sentence out.
protocol MeasuredReader: Sendable {
    func answer(_ question: String, from passages: [[UInt8]], isGiven: Bool) async throws -> MeasuredAnswer?
    /// The sentences of one passage, best first.
    func sentences(_ question: String, of passage: [UInt8]) async throws -> [String]
}

struct MeasuredAnswer: Sendable {
    let score: Double
    let text: String
    let sentence: String
}

/// The shipped reader.
struct HeadReader: MeasuredReader {
    let reader: SpanReader
    /// A given paragraph is read whole, as the tasks of the sets are.
    private static let windowsOfParagraphMax = 64

    func answer(_ question: String, from passages: [[UInt8]], isGiven: Bool) async throws -> MeasuredAnswer? {
        let windows = isGiven ? Self.windowsOfParagraphMax : SpanReader.windowsMax
        let texts = passages.map { $0[...] }
        let readings = try await reader.read(question: question, passages: texts, windowsMax: windows)
        guard let best = readings.first else { return nil }
        let passage = passages[best.passage]
        return MeasuredAnswer(
            score: Double(best.probability), text: String(decoding: passage[best.range], as: UTF8.self),
            sentence: String(decoding: passage[best.sentence], as: UTF8.self))
    }

    func sentences(_ question: String, of passage: [UInt8]) async throws -> [String] {
        let readings = try await reader.read(
            question: question, passages: [passage[...]], windowsMax: Self.windowsOfParagraphMax)
        return (readings.first?.sentences ?? []).sorted { $0.support > $1.support }
            .map { String(decoding: passage[$0.range], as: UTF8.self) }
    }
}

/// The plain baseline: each sentence embedded alone, the one nearest to the question is the answer.
struct CosineReader: MeasuredReader {
    let encoder: Encoder
    private static let sentencesMax = 96

    func answer(_ question: String, from passages: [[UInt8]], isGiven: Bool) async throws -> MeasuredAnswer? {
        let ranked = try await ranked(question, passages)
        return ranked.first.map { MeasuredAnswer(score: Double($0.score), text: $0.text, sentence: $0.text) }
    }

    func sentences(_ question: String, of passage: [UInt8]) async throws -> [String] {
        try await ranked(question, [passage]).map(\.text)
    }

    private func ranked(_ question: String, _ passages: [[UInt8]]) async throws -> [(score: Float, text: String)] {
        let asked = try await encoder.embedQuery(question)
        let sentences = passages.flatMap { passage in
            SentenceSplitter.sentences(in: passage, range: 0..<passage.count).map { Array(passage[$0]) }
        }.prefix(Self.sentencesMax)
        let windows = sentences.map { encoder.tokens(of: $0).prefix(Encoder.windowTokensMax).map(\.id) }
        let vectors = try await encoder.embed(windows)
        return zip(sentences, vectors).map { sentence, vector in
            (zip(asked, vector).reduce(0) { $0 + $1.0 * $1.1 }, String(decoding: sentence, as: UTF8.self))
        }.sorted { $0.0 > $1.0 }
    }
}
