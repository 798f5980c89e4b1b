import Encoder

extension Encoder {
    /// The vector of a question of any length: one window in the fast lane, or the mean of its windows. Nothing is cut
    /// off. Nil when the text has no token at all.
    package func questionVector(_ text: String) async throws -> [Float]? {
        let tokens = tokens(of: Array(text.utf8))
        guard !tokens.isEmpty else { return nil }
        if tokens.count <= Encoder.windowTokensMax { return try await embedQuery(text) }
        let vectors = try await embed(windows(of: tokens).map { tokens[$0].map(\.id) })
        let sum = vectors.dropFirst().reduce(vectors[0]) { sum, next in zip(sum, next).map { $0 + $1 } }
        let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length > 0 ? sum.map { $0 / length } : nil
    }
}
