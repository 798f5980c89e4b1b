import TestKit

/// Ways in which a file comes damaged.
enum Damage {
    /// Some bytes flipped, a piece cut out, a piece repeated, or the end gone.
    static func random(_ bytes: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0...Int.random(in: 0..<4, using: &generator) where !bytes.isEmpty {
            let start = Int.random(in: 0..<bytes.count, using: &generator)
            let end = min(bytes.count, start + Int.random(in: 0..<200, using: &generator))
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes[start] = .random(in: 0...255, using: &generator)
            case 1: bytes.removeSubrange(start..<end)
            case 2: bytes.insert(contentsOf: bytes[start..<end], at: start)
            default: bytes.removeLast(min(bytes.count - start, 50))
            }
        }
        return bytes
    }
}
