import Foundation
import Kit
import TestKit
import Testing

@testable import Search

@Suite struct FusionTests {
    /// Cosines 0.8, 0.4 and -1 with the query (1, 0, ...).
    private static func vector(_ cosine: Float) -> [Float] {
        [cosine, (1 - cosine * cosine).squareRoot()] + [Float](repeating: 0, count: 14)
    }

    private static let query = vector(1)
    private static let vectors = [[vector(0.4)], [vector(-1), vector(0.8)], [vector(-1)]]
    private static let texts = ["alpha beta", "alpha alpha gamma gamma", "alpha delta"]

    @Test func `convex fusion divides each side by its best`() throws {
        let corpus = SmallCorpus(Self.texts, vectors: Self.vectors)
        let hits = try corpus.search("beta", vector: Self.query, mode: .fused)
        #expect(hits.map(\.document) == [0, 1, 2].map { corpus.documents[$0] })
        // First: 0.5 * 0.4 / 0.8 + 0.5 * 1; second: 0.5 + 0; third: nothing on either side.
        for (hit, score) in zip(hits, [0.75, 0.5, 0]) { #expect(abs(hit.score - score) < 1e-6) }
        let first = try #require(hits.first?.explanation)
        #expect(first.fusion?.method == .convex)
        #expect(first.dense?.rank == 2 && first.lexical?.rank == 1)
    }

    @Test func `reciprocal rank fusion adds one over sixty and the rank`() throws {
        let corpus = SmallCorpus(Self.texts, vectors: Self.vectors) { $0.fusion = .reciprocalRank }
        let hits = try corpus.search("beta", vector: Self.query, mode: .fused)
        for (hit, score) in zip(hits, [1.0 / 62 + 1.0 / 61, 1.0 / 61, 1.0 / 63]) { #expect(hit.score == score) }
    }

    @Test func `a chunk scores as its best window`() throws {
        let corpus = SmallCorpus(Self.texts, vectors: Self.vectors)
        let hit = try #require(try corpus.search("", vector: Self.query, mode: .dense).first)
        #expect(hit.document == corpus.documents[1])
        #expect(hit.explanation?.dense?.window == 1)
        #expect(abs(hit.score - 0.8) < 1e-6)
    }

    @Test func `equal scores are ordered by document`() throws {
        let corpus = SmallCorpus(["same", "same", "same"], vectors: [[Self.query], [Self.query], [Self.query]])
        for mode in SearchMode.allCases {
            #expect(try corpus.search("same", vector: Self.query, mode: mode).map(\.document) == corpus.documents)
        }
    }

    @Test func `the first ten of a hundred are the ten of ten`() throws {
        var world = RandomWorld(seed: 11)
        let follower = try NonInterferenceTests.history(&world)
        let base = world.randomQuery()
        for reader in world.readers {
            let results = [10, 100].map { limit in
                let query = SearchQuery(text: base.text, vector: base.vector, limit: limit)
                return world.search(follower.live, query, reader).hits
            }
            #expect(results[0] == Array(results[1].prefix(10)))
        }
    }
}
