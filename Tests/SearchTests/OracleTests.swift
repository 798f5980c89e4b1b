import Access
import Foundation
import Kit
import TestKit
import Testing

@testable import Search

/// The index against a dictionary and brute force in doubles, over random histories.
@Suite struct OracleTests {
    private struct Chunk {
        let document: DocumentID
        let ordinal: Int
        let terms: TermList
        let vectors: [[Float]]
    }

    @Test func `scores and order agree with brute force`() throws {
        for seed in 1_000..<UInt64(1_000 + NonInterferenceTests.seeds / 3) {
            var world = RandomWorld(seed: seed)
            let follower = try NonInterferenceTests.history(&world)
            for reader in world.readers {
                for mode in [SearchMode.dense, .lexical] {
                    let base = world.randomQuery()
                    let query = SearchQuery(text: base.text, vector: base.vector, mode: mode, limit: 100)
                    let result = world.search(follower.live, query, reader)
                    let expected = Self.oracle(query, world.visible(to: reader), world)
                    try #require(result.hits.count == min(expected.count, 100), "seed \(seed) \(mode)")
                    try Self.compare(result.hits, expected, "seed \(seed) \(mode)")
                }
            }
        }
    }

    private static func compare(_ hits: [SearchHit], _ expected: [String: Double], _ name: String) throws {
        for hit in hits {
            let score = try #require(expected["\(hit.document) \(hit.chunk)"], "\(name)")
            try #require(abs(score - hit.score) < 1e-5, "\(name)")
        }
        let best = expected.values.sorted(by: >).prefix(hits.count)
        for (hit, score) in zip(hits, best) { try #require(abs(hit.score - score) < 1e-5, "\(name)") }
    }

    private static func oracle(
        _ query: SearchQuery, _ documents: [RandomWorld.Document], _ world: RandomWorld
    ) -> [String: Double] {
        let chunks = documents.flatMap { document in
            document.indexed.chunks.map {
                Chunk(
                    document: document.indexed.document, ordinal: $0.ordinal,
                    terms: world.analyser.terms(of: $0.text), vectors: $0.vectors
                )
            }
        }
        var scores: [String: Double] = [:]
        for chunk in chunks {
            let terms = world.analyser.terms(of: Array(query.text.utf8))
            let score =
                query.mode == .dense
                ? dense(chunk, query.vector ?? []) : lexical(chunk, chunks, terms, world.settings)
            if let score { scores["\(chunk.document) \(chunk.ordinal)"] = score }
        }
        return scores
    }

    private static func dense(_ chunk: Chunk, _ query: [Float]) -> Double? {
        chunk.vectors.map { vector in zip(vector, query).reduce(0.0) { $0 + Double($1.0) * Double($1.1) } }.max()
    }

    private static func lexical(
        _ chunk: Chunk, _ chunks: [Chunk], _ query: TermList, _ settings: SearchSettings
    ) -> Double? {
        var score = 0.0
        for term in query.terms {
            func frequency(_ chunk: Chunk) -> Int {
                chunk.terms.terms.first { $0.bytes.elementsEqual(term.bytes) }?.frequency ?? 0
            }
            let tf = Double(frequency(chunk))
            if tf == 0 { continue }
            let df = Double(chunks.count { frequency($0) > 0 })
            let idf = log(1 + (Double(chunks.count) - df + 0.5) / (df + 0.5))
            let length =
                1 - settings.lengthPenalty
                + settings.lengthPenalty * Double(chunk.terms.length) / settings.averageTerms
            score +=
                Double(term.frequency) * idf * tf * (settings.termSaturation + 1)
                / (tf + settings.termSaturation * length)
        }
        return score > 0 ? score : nil
    }
}
