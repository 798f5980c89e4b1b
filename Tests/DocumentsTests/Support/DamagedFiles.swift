import TestKit

/// Copies of a file with random damage: a byte changed, a piece cut out or repeated.
func damaged(_ bytes: [UInt8], seed: UInt64, count: Int) -> [[UInt8]] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
        var copy = bytes
        for _ in 0...Int.random(in: 0..<4, using: &generator) where !copy.isEmpty {
            let start = Int.random(in: 0..<copy.count, using: &generator)
            let end = min(copy.count, start + Int.random(in: 1...64, using: &generator))
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: copy[start] = .random(in: 0...255, using: &generator)
            case 1: copy.removeSubrange(start..<end)
            case 2: copy.insert(contentsOf: copy[start..<end], at: start)
            default: copy.removeSubrange(start...)
            }
        }
        return copy
    }
}
