import Documents
import Encoder
import Foundation
import Kit
import Library
import Search

/// Compares the ways of cutting documents by what they do to retrieval: how often, how high and in how much text the
/// sentence with the answer comes back, and what it costs to get there.
///
/// Every strategy fills an index of its own, as ingestion does, and answers the same questions in fused mode.
package struct ChunkingEvaluation: Sendable {
    /// Tokens that a model may be given: what is compared at equal cost.
    package static let contextTokens = 2_048
    private static let publishBatch = 64

    private let encoder: Encoder
    private let settings: SearchSettings
    private let progress: @Sendable (_ done: Int, _ total: Int) -> Void

    /// `progress` is told of documents, each counted once for each strategy.
    package init(
        encoder: Encoder, settings: SearchSettings = SearchSettings(),
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) {
        (self.encoder, self.settings, self.progress) = (encoder, settings, progress)
    }

    package func run(on dataset: QuestionDataset) async throws -> ChunkingReport {
        var vectors: [[Float]] = []
        for question in dataset.questions { vectors.append(try await vector(of: question.text)) }
        var rows: [ChunkingReport.Row] = []
        for (number, strategy) in ChunkingStrategy.allCases.enumerated() {
            let bench = try await EvaluationIndex(settings: settings)
            do {
                let filling = try await fill(bench, with: dataset, strategy, before: number * dataset.documents.count)
                try await bench.index.seal(bench.reader.tenant)
                rows.append(try await row(filling, dataset, vectors, bench))
                await bench.close()
            } catch {
                await bench.close()
                throw error
            }
        }
        let chunker = Chunker()
        return ChunkingReport(
            setup: ChunkingReport.Setup(
                dataset: dataset.name, documents: dataset.documents.count, questions: dataset.questions.count,
                tokens: dataset.documents.reduce(0) { $0 + encoder.tokenCount(of: $1.text) },
                tokensTarget: chunker.tokensTarget, tokensOverlap: chunker.tokensOverlap,
                contextTokens: Self.contextTokens, encoder: Encoder.identity), rows: rows)
    }

    /// A question longer than a window is cut: SQuAD has some that were typed twice.
    private func vector(of question: String) async throws -> [Float] {
        let tokens = encoder.tokens(of: Array(question.utf8))
        let end = tokens.prefix(Encoder.windowTokensMax).last?.end ?? 0
        return try await encoder.embedQuery(String(decoding: Array(question.utf8).prefix(end), as: UTF8.self))
    }

    // MARK: Filling

    /// A chunk of the data set, by its number in the index.
    private struct Piece: Sendable {
        let document: Int
        let range: Range<Int>
        let tokens: Int

        func holds(_ question: QuestionDataset.Question) -> Bool {
            document == question.document && range.lowerBound <= question.evidence.lowerBound
                && question.evidence.upperBound <= range.upperBound
        }
    }

    private struct Filling: Sendable {
        let strategy: ChunkingStrategy
        var pieces: [Piece] = []
        var windows = 0
        var embeddedTokens = 0
        var cuttingSeconds = 0.0
        var embeddingSeconds = 0.0
    }

    private func fill(
        _ bench: EvaluationIndex, with dataset: QuestionDataset, _ strategy: ChunkingStrategy, before: Int
    ) async throws -> Filling {
        var chunker = Chunker()
        chunker.strategy = strategy
        var filling = Filling(strategy: strategy)
        for (number, document) in dataset.documents.enumerated() {
            let tokens = encoder.tokens(of: document.text)
            let start = ContinuousClock.now
            let chunks = try await chunker.chunks(of: document, tokens: tokens, embed: encoder.embed)
            filling.cuttingSeconds += Self.seconds(since: start)
            let entries = try await embedded(chunks, of: document, &filling)
            for chunk in chunks {
                let count = tokens.count { chunk.range.contains($0.start) }
                filling.pieces.append(Piece(document: number, range: chunk.range, tokens: count))
            }
            for first in stride(from: 0, to: entries.count, by: Self.publishBatch) {
                try await bench.publish(Array(entries[first..<min(first + Self.publishBatch, entries.count)]))
            }
            progress(before + number + 1, ChunkingStrategy.allCases.count * dataset.documents.count)
        }
        return filling
    }

    /// As ingestion makes them: title and headings stand before the text.
    private func embedded(
        _ chunks: [Chunk], of document: ParsedDocument, _ filling: inout Filling
    ) async throws -> [EvaluationIndex.Document] {
        var windows: [[Int32]] = []
        var texts: [(text: [UInt8], windows: Int)] = []
        for chunk in chunks {
            let text = document.context(of: chunk) + Array(document.text[chunk.range])
            let tokens = encoder.tokens(of: text)
            let ranges = encoder.windows(of: tokens)
            windows += ranges.map { tokens[$0].map(\.id) }
            texts.append((text, ranges.count))
        }
        let start = ContinuousClock.now
        var vectors = try await encoder.embed(windows)[...]
        filling.embeddingSeconds += Self.seconds(since: start)
        filling.windows += windows.count
        filling.embeddedTokens += windows.reduce(0) { $0 + $1.count }
        return texts.enumerated().map { offset, entry in
            let own = Array(vectors.prefix(entry.windows))
            vectors = vectors.dropFirst(entry.windows)
            return EvaluationIndex.Document(id: filling.pieces.count + offset, text: entry.text, vectors: own)
        }
    }

    // MARK: Asking

    private func row(
        _ filling: Filling, _ dataset: QuestionDataset, _ vectors: [[Float]], _ bench: EvaluationIndex
    ) async throws -> ChunkingReport.Row {
        var (recalls, gains, inContext, whole) = (0.0, 0.0, 0.0, 0.0)
        for (question, vector) in zip(dataset.questions, vectors) {
            let relevant = filling.pieces.indices.filter { filling.pieces[$0].holds(question) }
            if relevant.isEmpty { continue }
            whole += 1
            let ranking = try await bench.ranking(question.text, vector, .fused)
            // One sentence is looked for, in however many chunks it stands: the best placed one counts.
            guard let best = ranking.first(where: relevant.contains) else { continue }
            recalls += RetrievalMeasure.recall(ranking, relevant: [best], depth: 10)
            gains += RetrievalMeasure.nDCG(ranking, relevant: [best], depth: 10)
            var size = 0
            let fitting = ranking.prefix { piece in
                size += filling.pieces[piece].tokens
                return size <= Self.contextTokens
            }
            if fitting.contains(best) { inContext += 1 }
        }
        let count = Double(max(dataset.questions.count, 1))
        return ChunkingReport.Row(
            strategy: filling.strategy, recall10: recalls / count, nDCG10: gains / count,
            recallInContext: inContext / count, evidenceWhole: whole / count, chunks: filling.pieces.count,
            tokens: filling.pieces.reduce(0) { $0 + $1.tokens }, windows: filling.windows,
            embeddedTokens: filling.embeddedTokens, cuttingSeconds: filling.cuttingSeconds,
            embeddingSeconds: filling.embeddingSeconds)
    }

    private static func seconds(since start: ContinuousClock.Instant) -> Double {
        (ContinuousClock.now - start) / .seconds(1)
    }
}
