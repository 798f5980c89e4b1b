import Encoder
import Foundation

/// Where a passage answers a question, and with what probability.
package struct SpanReading: Sendable, Equatable {
    /// One sentence of the passage, as UTF-8 byte offsets in it, and the logit that it supports an answer.
    package struct Sentence: Sendable, Equatable {
        package let range: Range<Int>
        package let support: Float
    }

    /// The number of the passage, in the order given.
    package let passage: Int
    /// The words of the answer: UTF-8 byte offsets in the passage.
    package let range: Range<Int>
    /// The sentence around them, or just them when no sentence is known there.
    package let sentence: Range<Int>
    /// Calibrated: of passages with 0.8, some 80 of 100 answer the question.
    package let probability: Float
    /// All sentences of the windows that were read, in their order.
    package let sentences: [Sentence]
}

/// Reads passages for the words that answer a question, with the encoder's `SpanHead`; no language model.
///
/// A passage is cut into windows of some hundred tokens. Reading one costs milliseconds, so only those are read that
/// share the question's rarer word pieces; passages that come first win among equals.
package struct SpanReader: Sendable {
    /// Windows read per question.
    package static let windowsMax = 6
    /// What the logarithm of a passage's place weighs beside that of a shared word piece's rarity.
    static let rankPenalty: Float = 0.5

    let encoder: Encoder

    package init(encoder: Encoder) { self.encoder = encoder }

    /// One reading of each passage of which a window was read: its best window's; most probable first.
    ///
    /// - Parameters:
    ///   - passages: UTF-8, best first.
    ///   - windowsMax: how many windows are read at most, for all passages together.
    package func read(
        question: String, passages: [ArraySlice<UInt8>], windowsMax: Int = SpanReader.windowsMax
    ) async throws -> [SpanReading] {
        let asked = encoder.readingQuestion(question)
        let texts = passages.map(Array.init)
        let chosen = choose(windows(of: texts, beside: asked), for: asked, count: windowsMax)
        let readings = try await encoder.read(chosen.map(\.ids), question: asked)
        let judged = zip(chosen, readings).compactMap { judge($0, $1) }
        return Dictionary(grouping: judged, by: \.window.passage).values
            .compactMap { reading(of: $0, in: texts) }
            .sorted { ($0.probability, $1.passage) > ($1.probability, $0.passage) }
    }

    struct Window {
        let passage: Int
        /// Byte ranges of the window's tokens are those of `tokens`.
        let tokens: ArraySlice<Token>
        var ids: [Int32] { tokens.map(\.id) }
    }

    private struct Judged {
        let window: Window
        let reading: TokenReading
        let span: Range<Int>
        let probability: Float
    }

    private func windows(of texts: [[UInt8]], beside asked: [Int32]) -> [Window] {
        texts.enumerated().flatMap { passage, text in
            let tokens = encoder.tokens(of: text)
            return encoder.readingWindows(count: tokens.count, beside: asked).map {
                Window(passage: passage, tokens: tokens[$0])
            }
        }
    }

    /// The windows that share most with the question; a piece counts by its rarity among the windows.
    private func choose(_ windows: [Window], for asked: [Int32], count: Int) -> [Window] {
        guard windows.count > count else { return windows }
        let pieces = windows.map { Set($0.ids) }
        // In a fixed order, so that the sums below are the same in every run.
        let rarity = Set(asked).sorted().map { piece in
            (piece: piece, weight: Self.rarity(holders: pieces.count { $0.contains(piece) }, of: windows.count))
        }
        let scored = windows.indices.map { index in
            let shared = rarity.reduce(Float(0)) { pieces[index].contains($1.piece) ? $0 + $1.weight : $0 }
            return (index: index, score: shared - Self.rankPenalty * log(Float(windows[index].passage + 1)))
        }
        let best = scored.sorted { ($0.score, $1.index) > ($1.score, $0.index) }.prefix(count)
        return best.map(\.index).sorted().map { windows[$0] }
    }

    /// Nats; 0 for what no window or every window holds.
    private static func rarity(holders: Int, of count: Int) -> Float {
        holders == 0 ? 0 : log(Float(count) / Float(holders))
    }

    private func judge(_ window: Window, _ reading: TokenReading) -> Judged? {
        guard let best = reading.bestSpan else { return nil }
        let tokens = Array(window.tokens)
        let span = tokens[best.tokens.lowerBound].start..<tokens[best.tokens.upperBound].end
        let probability = encoder.probability(span: best.score, answerable: reading.answerable)
        return Judged(window: window, reading: reading, span: span, probability: probability)
    }

    private func reading(of windows: [Judged], in texts: [[UInt8]]) -> SpanReading? {
        guard let best = windows.max(by: { $0.probability < $1.probability }) else { return nil }
        let text = texts[best.window.passage]
        let sentences = SentenceSplitter.sentences(in: text, range: 0..<text.count)
        let around = sentences.max { $0.clamped(to: best.span).count < $1.clamped(to: best.span).count }
        return SpanReading(
            passage: best.window.passage, range: best.span,
            sentence: around.flatMap { $0.overlaps(best.span) ? $0 : nil } ?? best.span,
            probability: best.probability, sentences: sentences.compactMap { supported($0, by: windows) })
    }

    /// The best mean support of the sentence in any window that holds a part of it.
    private func supported(_ sentence: Range<Int>, by windows: [Judged]) -> SpanReading.Sentence? {
        let means = windows.compactMap { judged -> Float? in
            let inside = zip(judged.window.tokens, judged.reading.support).filter {
                $0.0.start < sentence.upperBound && $0.0.end > sentence.lowerBound
            }
            return inside.isEmpty ? nil : inside.reduce(0) { $0 + $1.1 } / Float(inside.count)
        }
        return means.max().map { SpanReading.Sentence(range: sentence, support: $0) }
    }
}
