import Foundation

/// How good a ranking is against known judgements. Pure; an item is relevant or it is not.
package enum RetrievalMeasure {
    /// Normalised discounted cumulative gain (Järvelin, Kekäläinen 2002) with binary gains: the sum of
    /// `1 / log2(rank + 1)` over relevant items among the first `depth`, divided by the best sum possible. 0 ... 1;
    /// 0 when nothing is relevant.
    package static func nDCG<Item: Hashable>(_ ranking: [Item], relevant: Set<Item>, depth: Int) -> Double {
        let ideal = (0..<min(depth, relevant.count)).reduce(0) { $0 + discount($1) }
        guard ideal > 0 else { return 0 }
        let gain = ranking.prefix(depth).enumerated().reduce(0) { sum, item in
            relevant.contains(item.element) ? sum + discount(item.offset) : sum
        }
        return gain / ideal
    }

    /// The share of relevant items among the first `depth`.
    package static func recall<Item: Hashable>(_ ranking: [Item], relevant: Set<Item>, depth: Int) -> Double {
        guard !relevant.isEmpty else { return 0 }
        return Double(relevant.intersection(ranking.prefix(depth)).count) / Double(relevant.count)
    }

    /// One over the rank of the first relevant item among the first `depth`, 0 without any; its mean over queries is
    /// MRR.
    package static func reciprocalRank<Item: Hashable>(
        _ ranking: [Item], relevant: Set<Item>, depth: Int
    ) -> Double {
        ranking.prefix(depth).firstIndex { relevant.contains($0) }.map { 1 / Double($0 + 1) } ?? 0
    }

    /// `position` counts from 0.
    private static func discount(_ position: Int) -> Double { 1 / log2(Double(position + 2)) }
}
