import Encoder
import Foundation
import Kit
import Search

/// What of a question must be found again: how much each of its word pieces weighs, and its numbers and dates.
struct QuestionWords: Sendable {
    let tokens: [Int32]
    /// One for each token; their sum is 1. A word weighs by its rarity among what the reader may see, a function word
    /// nothing.
    let weights: [Float]
    let quantities: [Quantity]
    /// Whether it asks for more than one thing.
    let isCompound: Bool

    /// - Parameter rarity: of a stem, 0 (in every passage) to 1 (in none).
    init(_ question: UnderstoodQuestion, encoder: Encoder, rarity: (String) -> Float) {
        let text = Array(question.searched.utf8)
        let own = text.count - question.asked.utf8.count
        let words = StatementWord.words(in: text[...])
        let tokens = encoder.tokens(of: text).prefix(Encoder.windowTokensMax)
        let raw = tokens.map { token -> Float in
            guard let index = words.firstIndex(where: { $0.range.contains(token.start) }),
                let weight = Self.weight(of: words, at: index, rarity)
            else { return 0 }
            // What is asked now counts more than what was asked before.
            return question.isFollowUp && token.start >= own ? weight * Self.followUpGain : weight
        }
        let sum = raw.reduce(0, +)
        self.tokens = tokens.map(\.id)
        weights = sum > 0 ? raw.map { $0 / sum } : raw.map { _ in 1 / Float(max(raw.count, 1)) }
        quantities = Quantity.quantities(in: StatementWord.words(in: Array(question.asked.utf8)[...]))
        isCompound = words.contains { Self.conjunctions.contains($0.folded) }
    }

    private static let followUpGain: Float = 2
    private static let weightMin: Float = 0.15
    private static let conjunctions: Set<String> = ["and", "und"]
    /// Behind "how" they only say what kind of number is wanted.
    private static let measures: Set<String> = ["long", "often", "soon", "far", "old", "fast"]

    private static func weight(of words: [StatementWord], at index: Int, _ rarity: (String) -> Float) -> Float? {
        let word = words[index]
        if index > 0, words[index - 1].folded == "how", measures.contains(word.folded) { return nil }
        guard word.kind != .sign, !FunctionWords.all.contains(word.folded) else { return nil }
        if word.kind == .number { return max(rarity(word.text), weightMin) }
        return StatementStemmer.stem(word).map { max(rarity($0), weightMin) }
    }
}

extension SearchResult {
    /// How rare a stem is among the chunks that this reader may see: ln((N + 1) / (df + 1)) / ln(N + 1).
    func rarity(of stem: String) -> Float {
        guard searched > 0 else { return 1 }
        let all = Float(searched) + 1
        return log(all / (Float(terms[stem] ?? 0) + 1)) / log(all)
    }
}
