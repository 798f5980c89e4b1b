/// How much of an expected text a reading has, and in which order.
///
/// Words are runs of letters and digits, without case. Recall is the share of expected words, with repetitions, that
/// the reading has; order the share of them in the longest common subsequence, which also punishes wrong places.
package struct TextAgreement: Equatable, Sendable {
    package let recall: Double
    package let order: Double

    /// Nil when nothing is expected.
    package init?(expected: String, found: String) {
        let (wanted, words) = (Self.words(of: expected), Self.words(of: found))
        guard !wanted.isEmpty else { return nil }
        var left = words.reduce(into: [Substring: Int]()) { $0[$1, default: 0] += 1 }
        var hits = 0
        for word in wanted where left[word, default: 0] > 0 {
            left[word, default: 0] -= 1
            hits += 1
        }
        recall = Double(hits) / Double(wanted.count)
        order = Double(Self.longestCommonSubsequence(wanted, words)) / Double(wanted.count)
    }

    static func words(of text: String) -> [Substring] {
        Substring(text.lowercased()).split { !$0.isLetter && !$0.isNumber }
    }

    /// Its length, a machine word of columns at a time (Hyyrö 2004, "Bit-parallel LCS-length computation revisited").
    static func longestCommonSubsequence(_ first: [Substring], _ second: [Substring]) -> Int {
        let count = (first.count + 63) / 64
        var places: [Substring: [UInt64]] = [:]
        for (index, word) in first.enumerated() {
            places[word, default: Array(repeating: 0, count: count)][index / 64] |= 1 << UInt64(index % 64)
        }
        var row = Array(repeating: UInt64.max, count: count)
        for word in second {
            guard let matches = places[word] else { continue }
            var carry: UInt64 = 0
            for block in 0..<count {
                let common = row[block] & matches[block]
                let (sum, first) = row[block].addingReportingOverflow(common)
                let (total, second) = sum.addingReportingOverflow(carry)
                carry = first || second ? 1 : 0
                row[block] = total | (row[block] & ~matches[block])
            }
        }
        return (0..<first.count).reduce(0) { $0 + (row[$1 / 64] >> UInt64($1 % 64) & 1 == 0 ? 1 : 0) }
    }
}
