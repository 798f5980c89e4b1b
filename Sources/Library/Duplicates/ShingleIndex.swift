/// The shingles of several texts as numbers that are equal only for equal words: the exact resemblance of texts, for
/// passages. No hash stands for a word, so that nobody can write a text that passes for another.
struct ShingleIndex {
    private var words: [[UInt8]: UInt32] = [:]
    private var shingles: [SIMD8<UInt32>: UInt32] = [:]

    /// Ascending, each once.
    mutating func shingles(of text: [UInt8]) -> [UInt32] {
        var window = ShingleWindow<UInt32>()
        var found: [UInt32] = []
        FoldedWords.forEach(in: text) { word in
            let shingle = window.push(Self.number(of: word, in: &words))
            if let shingle { found.append(Self.number(of: shingle, in: &shingles)) }
        }
        if let short = window.short { found.append(Self.number(of: short, in: &shingles)) }
        found.sort()
        return found.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    }

    /// |A and B| / |A or B| (Jaccard 1901) of two ascending lists; 0 when both are empty: nothing resembles nothing.
    static func resemblance(_ left: [UInt32], _ right: [UInt32]) -> Double {
        var (at, other, common) = (0, 0, 0)
        while at < left.count, other < right.count {
            if left[at] == right[other] { common += 1 }
            let (l, r) = (left[at], right[other])
            if l <= r { at += 1 }
            if r <= l { other += 1 }
        }
        let all = left.count + right.count - common
        return all == 0 ? 0 : Double(common) / Double(all)
    }

    /// From 1: 0 is no word.
    private static func number<Key: Hashable>(of key: Key, in numbers: inout [Key: UInt32]) -> UInt32 {
        if let number = numbers[key] { return number }
        let number = UInt32(numbers.count + 1)
        numbers[key] = number
        return number
    }
}
