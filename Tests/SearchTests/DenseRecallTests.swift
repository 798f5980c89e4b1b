import Foundation
import Kit
import TestKit
import Testing

@testable import Search

@Suite struct DenseRecallTests {
    @Test func `int8 with rescoring finds what brute force finds`() {
        var generator = SeededGenerator(seed: 42)
        let (dimensions, count) = (384, 4_000)
        // Clustered, as embeddings are: neighbours differ little, which is what quantisation finds hard.
        let centres = (0..<40).map { _ in Self.unit(dimensions, &generator) }
        let rows = (0..<count).map { index in
            Self.near(centres[index % centres.count], noise: 0.5, &generator)
        }
        let vectors = WindowVectors(rows: rows.flatMap { $0 }, dimensions: dimensions)
        var (found, wanted) = (0, 0)
        for _ in 0..<50 {
            let query = Self.near(centres[0], noise: 0.6, &generator)
            var scores = [Float](repeating: 0, count: count)
            vectors.scan(QuantisedQuery(query), windows: 0..<count, into: &scores)
            let candidates = (0..<count).sorted { scores[$0] > scores[$1] }.prefix(464)
            let exact = (0..<count).map { vectors.score(query, window: $0) }
            let best = (0..<count).sorted { exact[$0] > exact[$1] }.prefix(100)
            found += Set(best).intersection(candidates).count
            wanted += 100
        }
        #expect(Double(found) / Double(wanted) >= 0.999)
    }

    private static func unit(_ dimensions: Int, _ generator: inout SeededGenerator) -> [Float] {
        normalised((0..<dimensions).map { _ in Float.random(in: -1...1, using: &generator) })
    }

    private static func near(_ centre: [Float], noise: Float, _ generator: inout SeededGenerator) -> [Float] {
        let other = unit(centre.count, &generator)
        return normalised(zip(centre, other).map { $0 + noise * $1 })
    }

    private static func normalised(_ values: [Float]) -> [Float] {
        let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return values.map { $0 / length }
    }
}
