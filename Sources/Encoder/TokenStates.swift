import CKernels

/// What the encoder makes of each token of a window, in its place among the others: the ground of late interaction
/// (Khattab, Zaharia, "ColBERT", SIGIR 2020), where every word of a question looks for the word that is closest to it.
package struct TokenStates: Sendable {
    /// Of the whole window, length 1: the same as `Encoder.embed` gives.
    package let vector: [Float]
    /// Tokens, without the two that frame them.
    package let count: Int
    /// Row by row, each of length 1.
    private let rows: [Float]

    /// - Parameter states: of all tokens with their frame, `MiniLMShape.width` numbers each.
    init(states: [Float]) {
        let width = MiniLMShape.width
        let all = states.count / width
        count = max(all - 2, 0)
        var sum = [Float](repeating: 0, count: width)
        var rows: [Float] = []
        rows.reserveCapacity(count * width)
        for row in 0..<all {
            let state = states[row * width..<(row + 1) * width]
            for (index, value) in state.enumerated() { sum[index] += value }
            if row > 0, row < all - 1 { rows += Self.unit(state) }
        }
        vector = Self.unit(sum[...])
        self.rows = rows
    }

    private static func unit(_ values: ArraySlice<Float>) -> [Float] {
        let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length > 0 ? values.map { $0 / length } : Array(values)
    }

    /// The cosine of both windows as wholes.
    package func cosine(to other: TokenStates) -> Float { zip(vector, other.vector).reduce(0) { $0 + $1.0 * $1.1 } }

    /// For each token of this window the cosine of the closest one in `other`, -1 where `other` has none.
    package func closest(in other: TokenStates, level: KernelLevel = .best) -> [Float] {
        let width = MiniLMShape.width
        return rows.withUnsafeBufferPointer { mine in
            other.rows.withUnsafeBufferPointer { theirs in
                (0..<count).map { row in
                    guard let mine = mine.baseAddress, let theirs = theirs.baseAddress else { return -1 }
                    return (0..<other.count).reduce(-1) { best, column in
                        let cosine = ck_dot_f32_at(
                            level.rawValue, mine + row * width, theirs + column * width, Int32(width))
                        return max(best, cosine)
                    }
                }
            }
        }
    }
}

extension Encoder {
    /// The states of windows of token ids, without frame tokens, in the order given. In the lane of queries: what is
    /// read beside a question never waits for documents.
    package func states(of windows: [[Int32]]) async throws -> [TokenStates] {
        try await queryLane.vectors(of: windows.map(framed), for: .states).map(TokenStates.init)
    }
}
