import Testing

@testable import Insight

@Suite struct TextAgreementTests {
    @Test func `recall counts words, order their places`() throws {
        let same = try #require(TextAgreement(expected: "One two, three.", found: "one TWO three more"))
        #expect(same.recall == 1 && same.order == 1)
        let turned = try #require(TextAgreement(expected: "a b c d", found: "c d a b"))
        #expect(turned.recall == 1 && turned.order == 0.5)
        let half = try #require(TextAgreement(expected: "a a b b", found: "a b"))
        #expect(half.recall == 0.5 && half.order == 0.5)
        #expect(TextAgreement(expected: " . ", found: "a") == nil)
    }

    /// Against the textbook's table.
    @Test(arguments: 0..<30)
    func `the bit-parallel length is the length`(round: Int) {
        var state = UInt64(round) &* 0x9e37_79b9_7f4a_7c15 &+ 1
        func word() -> Substring {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return ["a", "b", "c", "d", "e"][Int(state >> 33) % 5]
        }
        let first = (0..<(round * 9)).map { _ in word() }
        let second = (0..<(150 - round)).map { _ in word() }
        var row = Array(repeating: 0, count: second.count + 1)
        for one in first {
            var diagonal = 0
            for (index, other) in second.enumerated() {
                let above = row[index + 1]
                row[index + 1] = one == other ? diagonal + 1 : max(above, row[index])
                diagonal = above
            }
        }
        #expect(TextAgreement.longestCommonSubsequence(first, second) == row.last)
    }
}
