import Testing

@testable import Insight

/// Against numbers worked out by hand.
@Suite struct RetrievalMeasureTests {
    @Test func `nDCG discounts by the logarithm of the rank`() {
        #expect(RetrievalMeasure.nDCG([1, 2, 3], relevant: [1], depth: 10) == 1)
        // 1 / log2(3) over 1.
        #expect(abs(RetrievalMeasure.nDCG([2, 1], relevant: [1], depth: 10) - 0.630_929_753_571_457_4) < 1e-12)
        // (1 + 1 / log2(4)) / (1 + 1 / log2(3)).
        let two = RetrievalMeasure.nDCG([1, 9, 2], relevant: [1, 2], depth: 10)
        #expect(abs(two - 1.5 / 1.630_929_753_571_457_4) < 1e-12)
        #expect(RetrievalMeasure.nDCG([9, 8, 1], relevant: [1], depth: 2) == 0)
        #expect(RetrievalMeasure.nDCG([1], relevant: Set<Int>(), depth: 10) == 0)
        // Two found of twelve: the ideal is cut at the depth too.
        #expect(RetrievalMeasure.nDCG(Array(0..<10), relevant: Set(0..<12), depth: 10) == 1)
    }

    @Test func `recall is the share found`() {
        #expect(RetrievalMeasure.recall([1, 2, 3, 4], relevant: [4, 5], depth: 100) == 0.5)
        #expect(RetrievalMeasure.recall([1, 2, 3, 4], relevant: [4], depth: 3) == 0)
        #expect(RetrievalMeasure.recall([1], relevant: Set<Int>(), depth: 3) == 0)
    }

    @Test func `the reciprocal rank looks at the first only`() {
        #expect(RetrievalMeasure.reciprocalRank([9, 1, 2], relevant: [1, 2], depth: 10) == 0.5)
        #expect(RetrievalMeasure.reciprocalRank([9, 8], relevant: [1], depth: 10) == 0)
        #expect(RetrievalMeasure.reciprocalRank([9, 1], relevant: [1], depth: 1) == 0)
    }
}
