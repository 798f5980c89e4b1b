import CKernels
import Foundation
import TestKit
import Testing

@Suite struct AttentionTests {
    private static let head = Int(CK_HEAD_WIDTH)

    private func expected(_ qkv: [Float], tokens: Int, heads: Int) -> [Double] {
        let (head, width) = (Self.head, heads * Self.head)
        func part(_ which: Int, _ token: Int, _ at: Int) -> Double {
            Double(qkv[token * 3 * width + which * width + at])
        }
        var context = [Double](repeating: 0, count: tokens * width)
        for h in 0..<heads {
            for query in 0..<tokens {
                let scores = (0..<tokens).map { key in
                    (0..<head).reduce(0.0) { $0 + part(0, query, h * head + $1) * part(1, key, h * head + $1) }
                }
                let top = scores.max() ?? 0
                let weights = scores.map { exp($0 - top) }
                let sum = weights.reduce(0, +)
                for d in 0..<head {
                    let mixed = (0..<tokens).reduce(0.0) { $0 + weights[$1] * part(2, $1, h * head + d) }
                    context[query * width + h * head + d] = mixed / sum
                }
            }
        }
        return context
    }

    private func computed(_ qkv: [Float], tokens: Int, heads: Int, level: ck_level) -> [Float] {
        var context = [Float](repeating: .nan, count: tokens * heads * Self.head)
        // Scratch that holds not-a-numbers shows a read of what was never written.
        var scratch = [Float](repeating: .nan, count: Int(ck_attention_scratch(Int32(tokens))))
        ck_attention_f32(level, qkv, Int32(tokens), Int32(heads), &context, &scratch)
        return context
    }

    @Test(arguments: Array(1...18) + [31, 32, 33, 47, 48, 49, 63, 65, 100])
    func `attention of any length equals the plain loops`(tokens: Int) {
        var generator = SeededGenerator(seed: UInt64(tokens))
        let qkv = generator.floats(tokens * 3 * 2 * Self.head)
        let expected = expected(qkv, tokens: tokens, heads: 2)
        for level in supportedLevels {
            let found = computed(qkv, tokens: tokens, heads: 2, level: level)
            #expect(largestDifference(found, expected) < 1e-5, "level \(level)")
        }
    }

    @Test(arguments: [1, 7, 48, 50])
    func `scores far apart neither overflow nor vanish`(tokens: Int) {
        var generator = SeededGenerator(seed: UInt64(tokens) + 500)
        // Scores reach some thousands: all weight falls on one key.
        let qkv = generator.floats(tokens * 3 * Self.head).map { $0 * 40 }
        let expected = expected(qkv, tokens: tokens, heads: 1)
        for level in supportedLevels {
            let found = computed(qkv, tokens: tokens, heads: 1, level: level)
            #expect(largestDifference(found, expected) < 2e-2, "level \(level)")
        }
    }
}
