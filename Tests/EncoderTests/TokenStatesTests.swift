import TestKit
import Testing

@testable import Encoder

@Suite struct TokenStatesTests {
    @Test func `the vector of the states is that of the window, and each token is closest to itself`() async throws {
        let encoder = try Encoder.forTests()
        let windows = ["Parental leave lasts sixteen weeks.", "the boiler"].map { text in
            encoder.tokens(of: Array(text.utf8)).map(\.id)
        }
        let vectors = try await encoder.embed(windows)
        let states = try await encoder.states(of: windows)
        for (index, one) in states.enumerated() {
            #expect(one.count == windows[index].count)
            #expect(zip(one.vector, vectors[index]).allSatisfy { abs($0 - $1) < 1e-5 })
            #expect(one.closest(in: one).allSatisfy { abs($0 - 1) < 1e-4 })
            #expect(abs(one.cosine(to: one) - 1) < 1e-4)
        }
        let across = states[0].closest(in: states[1])
        #expect(across.count == states[0].count && across.allSatisfy { (-1...1).contains($0) })
    }

    @Test func `a window without tokens is closest to nothing`() async throws {
        let encoder = try Encoder.forTests()
        let states = try await encoder.states(of: [[], [7_592]])
        #expect(states[0].count == 0 && states[0].closest(in: states[1]).isEmpty)
        #expect(states[1].closest(in: states[0]) == [-1])
    }

    @Test func `a window that is too long is refused`() async throws {
        let encoder = try Encoder.forTests()
        let long = [Int32](repeating: 7_592, count: Encoder.windowTokensMax + 1)
        await #expect(throws: EncoderFailure.tooManyTokens(count: long.count, limit: Encoder.windowTokensMax)) {
            try await encoder.states(of: [long])
        }
    }
}
