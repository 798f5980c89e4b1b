/// Finds what a misspelt name may have meant.
enum NearestName {
    /// The candidate with the smallest edit distance, the first in order of name among equals; nil when even that
    /// one differs in more than every third character.
    static func of(_ name: String, among candidates: some Sequence<String>) -> String? {
        let ranked = candidates.map { (distance: distance(name, $0), name: $0) }
        guard let best = ranked.min(by: { ($0.distance, $0.name) < ($1.distance, $1.name) }) else { return nil }
        return best.distance <= max(2, best.name.count / 3) ? best.name : nil
    }

    /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment) between UTF-8 bytes.
    static func distance(_ left: String, _ right: String) -> Int {
        let (source, target) = (Array(left.utf8.prefix(128)), Array(right.utf8.prefix(128)))
        var beforeLast: [Int] = []
        var last = Array(0...target.count)
        for row in source.indices {
            var current = [row + 1]
            for column in target.indices {
                let replaced = last[column] + (source[row] == target[column] ? 0 : 1)
                var best = min(replaced, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, source[row] == target[column - 1], source[row - 1] == target[column] {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[target.count]
    }
}
