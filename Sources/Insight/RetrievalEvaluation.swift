import Access
import Encoder
import Foundation
import Keyring
import Kit
import Search
import Storage

/// Measures retrieval on a public data set with the very index that serves: real tables, real keys, real segments, in
/// a temporary folder that is removed afterwards.
///
/// Every abstract is one document with one chunk, embedded in overlapping windows. A query runs in all three modes.
package struct RetrievalEvaluation: Sendable {
    private static let batch = 64

    private let encoder: Encoder
    private let settings: SearchSettings
    private let progress: @Sendable (_ done: Int, _ total: Int) -> Void

    /// `progress` is told of embedded documents.
    package init(
        encoder: Encoder, settings: SearchSettings = SearchSettings(),
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) {
        self.encoder = encoder
        self.settings = settings
        self.progress = progress
    }

    package func run(on dataset: SciFactDataset) async throws -> RetrievalReport {
        let bench = try await EvaluationIndex(settings: settings)
        do {
            let embedding = try await fill(bench, with: dataset)
            try await bench.index.seal(bench.reader.tenant)
            let queries = try await queries(of: dataset)
            var rows: [RetrievalReport.Row] = []
            for mode in [SearchMode.dense, .lexical, .fused] { rows.append(try await row(mode, queries, bench)) }
            await bench.close()
            return RetrievalReport(setup: setup(dataset, embedding), rows: rows)
        } catch {
            await bench.close()
            throw error
        }
    }

    // MARK: Filling

    private struct Embedding {
        var windows = 0
        var tokens = 0
        var covered = 0
        var seconds = 0.0
    }

    private struct Query: Sendable {
        let claim: SciFactDataset.Claim
        let vector: [Float]
    }

    private func fill(_ bench: EvaluationIndex, with dataset: SciFactDataset) async throws -> Embedding {
        var embedding = Embedding()
        let start = ContinuousClock.now
        for first in stride(from: 0, to: dataset.abstracts.count, by: Self.batch) {
            let abstracts = dataset.abstracts[first..<min(first + Self.batch, dataset.abstracts.count)]
            try await bench.publish(try await documents(abstracts, &embedding))
            progress(min(first + Self.batch, dataset.abstracts.count), dataset.abstracts.count)
        }
        embedding.seconds = Self.seconds(since: start)
        return embedding
    }

    /// One call of the encoder for the whole batch, so that all its threads have work.
    private func documents(
        _ abstracts: ArraySlice<SciFactDataset.Abstract>, _ embedding: inout Embedding
    ) async throws -> [EvaluationIndex.Document] {
        var windows: [[Int32]] = []
        var counts: [Int] = []
        for abstract in abstracts {
            let tokens = encoder.tokens(of: Array(abstract.text.utf8))
            let ranges = encoder.windows(of: tokens)
            embedding.tokens += tokens.count
            embedding.covered += ranges.reduce(into: IndexSet()) { $0.insert(integersIn: $1) }.count
            windows += ranges.map { tokens[$0].map(\.id) }
            counts.append(ranges.count)
        }
        embedding.windows += windows.count
        var vectors = try await encoder.embed(windows)[...]
        return zip(abstracts, counts).map { abstract, count in
            let own = Array(vectors.prefix(count))
            vectors = vectors.dropFirst(count)
            return EvaluationIndex.Document(id: abstract.id, text: Array(abstract.text.utf8), vectors: own)
        }
    }

    // MARK: Asking

    private func queries(of dataset: SciFactDataset) async throws -> [Query] {
        var queries: [Query] = []
        for claim in dataset.claims {
            queries.append(Query(claim: claim, vector: try await encoder.embedQuery(claim.text)))
        }
        return queries
    }

    private func row(
        _ mode: SearchMode, _ queries: [Query], _ bench: EvaluationIndex
    ) async throws -> RetrievalReport.Row {
        var (gains, recalls, ranks, times): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
        for query in queries {
            let start = ContinuousClock.now
            let ranking = try await bench.ranking(query.claim.text, query.vector, mode)
            times.append(Self.seconds(since: start) * 1000)
            let relevant = query.claim.relevant
            gains.append(RetrievalMeasure.nDCG(ranking, relevant: relevant, depth: 10))
            recalls.append(RetrievalMeasure.recall(ranking, relevant: relevant, depth: 100))
            ranks.append(RetrievalMeasure.reciprocalRank(ranking, relevant: relevant, depth: 10))
        }
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(values.count, 1)) }
        times.sort()
        func quantile(_ share: Double) -> Double { times.isEmpty ? 0 : times[Int(Double(times.count - 1) * share)] }
        return RetrievalReport.Row(
            mode: mode, nDCG10: mean(gains), recall100: mean(recalls), mrr10: mean(ranks),
            millisecondsMedian: quantile(0.5), millisecondsP95: quantile(0.95)
        )
    }

    private func setup(_ dataset: SciFactDataset, _ embedding: Embedding) -> RetrievalReport.Setup {
        RetrievalReport.Setup(
            dataset: "SciFact, development claims", documents: dataset.abstracts.count, queries: dataset.claims.count,
            windows: embedding.windows, shareEmbedded: Double(embedding.covered) / Double(max(embedding.tokens, 1)),
            encoder: Encoder.identity, fusion: settings.fusion, denseShare: settings.denseShare,
            termSaturation: settings.termSaturation, lengthPenalty: settings.lengthPenalty,
            averageTerms: settings.averageTerms, processor: Self.processor,
            processors: ProcessInfo.processInfo.activeProcessorCount, embeddingSeconds: embedding.seconds
        )
    }

    private static func seconds(since start: ContinuousClock.Instant) -> Double {
        Double((ContinuousClock.now - start).wholeMicroseconds) / 1e6
    }

    private static var processor: String {
        let text = FileManager.default.contents(atPath: "/proc/cpuinfo").map { String(decoding: $0, as: UTF8.self) }
        let line = text?.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown processor"
    }
}
