import Foundation

/// How far a window supports a statement, from what of it can be counted.
///
/// A logistic model over four figures; its weights are fitted by `Training/verifier` on SciFact's training claims and
/// on seeded changes of true sentences, and reported on other sets by `cloister eval verifier`.
package struct SupportScore: Sendable {
    /// Share of the statement's content words that the window or the headings above it have.
    package let recall: Double
    /// Share of the statement's neighbouring pairs of content words that the window has within three words.
    package let order: Double
    /// Cosine of the encoder's vectors.
    package let cosine: Double
    /// Share of the window's content words that the statement has: how much else the window says.
    package let focus: Double

    static let weights = Weights(bias: -4.26, recall: 2.76, order: 0.29, cosine: 3.39, focus: 0.50)

    struct Weights: Sendable {
        let bias, recall, order, cosine, focus: Double
    }

    /// 0 to 1.
    package var probability: Double {
        let w = Self.weights
        let sum = w.bias + w.recall * recall + w.order * order + w.cosine * cosine + w.focus * focus
        return 1 / (1 + exp(-sum))
    }

    init(recall: Double, order: Double, cosine: Double, focus: Double) {
        (self.recall, self.order, self.cosine, self.focus) = (recall, order, cosine, focus)
    }

    init(of claim: StatementFacts, in window: StatementFacts, context: StatementFacts, cosine: Double) {
        let said = window.stemSet.union(context.stemSet)
        recall = Self.share(of: claim.stemSet.count, claim.stemSet.count(where: said.contains))
        focus = Self.share(of: window.stemSet.count, window.stemSet.count(where: claim.stemSet.contains))
        let pairs = Set(zip(claim.stems, claim.stems.dropFirst()).map(Pair.init))
        let near = Self.nearPairs(window.stems)
        order = Self.share(of: pairs.count, pairs.count(where: near.contains))
        self.cosine = cosine
    }

    private static func share(of all: Int, _ some: Int) -> Double { all == 0 ? 0 : Double(some) / Double(all) }

    private struct Pair: Hashable {
        let first, second: String

        init(_ first: String, _ second: String) { (self.first, self.second) = (min(first, second), max(first, second)) }
    }

    private static func nearPairs(_ stems: [String]) -> Set<Pair> {
        var pairs: Set<Pair> = []
        for (index, stem) in stems.enumerated() {
            for other in stems[(index + 1)...].prefix(3) { pairs.insert(Pair(stem, other)) }
        }
        return pairs
    }
}
