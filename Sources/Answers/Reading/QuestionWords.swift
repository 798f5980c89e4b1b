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
    /// Numbers and dates, each with the indices of its tokens.
    let quantities: [(quantity: Quantity, tokens: [Int])]
    /// Whether it asks for more than one thing.
    let isCompound: Bool

    /// - Parameter rarity: of a stem, 0 (in every passage) to 1 (in none).
    init(_ question: UnderstoodQuestion, encoder: Encoder, rarity: (String) -> Float) {
        let text = Array(question.searched.utf8)
        let own = text.count - question.asked.utf8.count
        let words = StatementWord.words(in: text[...])
        let tokens = Self.fitting(encoder.tokens(of: text), own: own)
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
        quantities = Quantity.located(in: words).prefix(Self.quantitiesMax).map { quantity, indices in
            let bytes = words[indices.lowerBound].range.lowerBound..<words[indices.upperBound - 1].range.upperBound
            return (quantity, tokens.indices.filter { bytes.contains(tokens[$0].start) })
        }
        isCompound = words.contains { Self.conjunctions.contains($0.folded) }
    }

    /// A window's worth: what is asked now comes first, then the end of what was asked before.
    private static func fitting(_ tokens: [Token], own: Int) -> [Token] {
        let asked = tokens.drop { $0.start < own }.prefix(Encoder.windowTokensMax)
        return tokens.prefix { $0.start < own }.suffix(Encoder.windowTokensMax - asked.count) + asked
    }

    private static let quantitiesMax = 16
    private static let followUpGain: Float = 2
    private static let weightMin: Float = 0.15
    private static let conjunctions: Set<String> = ["and", "und"]
    /// They only say what kind of thing is wanted: behind "how", and behind "which" and "what".
    private static let measures: Set<String> = ["long", "often", "soon", "far", "old", "fast"]
    private static let kinds: Set<String> = ["day", "date", "time", "hour", "week", "month", "year"]

    private static func weight(of words: [StatementWord], at index: Int, _ rarity: (String) -> Float) -> Float? {
        let word = words[index]
        let before = index > 0 ? words[index - 1].folded : ""
        if before == "how" && measures.contains(word.folded) { return nil }
        if before == "which" || before == "what", kinds.contains(word.folded) { return nil }
        guard word.kind != .sign, !FunctionWords.all.contains(word.folded) else { return nil }
        if word.kind == .number { return max(rarity(word.text), weightMin) }
        return StatementStemmer.stem(word).map { max(rarity($0), weightMin) }
    }
}

extension SearchResult {
    /// How rare a stem is among the chunks that this reader may see, ln(N / (df + 1)) / ln N, where N counts some more
    /// that have nothing of the question: among a handful of chunks every word would be common.
    func rarity(of stem: String) -> Float {
        let all = Float(searched) + 500
        return log(all / (Float(terms[stem] ?? 0) + 1)) / log(all)
    }
}
