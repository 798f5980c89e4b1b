import TestKit
import Testing

@testable import Encoder

@Suite struct TokenWindowsTests {
    @Test func `nothing has no window and what fits has one`() {
        #expect(TokenWindows.ranges(count: 0, limit: 254, overlap: 32).isEmpty)
        #expect(TokenWindows.ranges(count: 1, limit: 254, overlap: 32) == [0..<1])
        #expect(TokenWindows.ranges(count: 254, limit: 254, overlap: 32) == [0..<254])
    }

    @Test func `one token more makes two windows of even length`() {
        #expect(TokenWindows.ranges(count: 255, limit: 254, overlap: 32) == [0..<143, 111..<255])
    }

    @Test(arguments: 1...500)
    func `windows cover the tokens, keep the limit and share the overlap`(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let limit = Int.random(in: 1...300, using: &generator)
        let overlap = Int.random(in: 0..<limit, using: &generator)
        let count = Int.random(in: 0...3_000, using: &generator)
        let windows = TokenWindows.ranges(count: count, limit: limit, overlap: overlap)
        let about: Comment = "seed \(seed): \(count) tokens, limit \(limit), overlap \(overlap)"
        #expect(windows.first?.lowerBound ?? 0 == 0, about)
        #expect(windows.last?.upperBound ?? 0 == count, about)
        #expect(windows.allSatisfy { (1...limit).contains($0.count) }, about)
        for (left, right) in zip(windows, windows.dropFirst()) {
            #expect(left.upperBound - right.lowerBound == overlap, about)
            #expect(left.lowerBound < right.lowerBound, about)
            #expect(abs(left.count - right.count) <= 1, about)
        }
    }
}
