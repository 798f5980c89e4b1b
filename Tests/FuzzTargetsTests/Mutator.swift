import TestKit

/// Damaged copies of seeds: bytes changed, pieces cut out, repeated, or taken from another seed.
struct Mutator {
    private var generator: SeededGenerator
    private let seeds: [[UInt8]]
    private static let bytesMax = 4096
    /// Ends and signs of numbers, and what parts and quotes things in most formats.
    private static let marks = [0, 1, 0x7f, 0x80, 0xc3, 0xed, 0xff] + Array("\n\r\t \"'<>&;:/\\[]{}()%=-+,.0189".utf8)

    init(seed: UInt64, of seeds: [[UInt8]]) {
        generator = SeededGenerator(seed: seed)
        self.seeds = seeds
    }

    mutating func next() -> [UInt8] {
        var bytes = seeds.randomElement(using: &generator) ?? []
        for _ in 0...Int.random(in: 0..<6, using: &generator) { change(&bytes) }
        return Array(bytes.prefix(Self.bytesMax))
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        let piece = piece(of: bytes)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0 where !bytes.isEmpty: bytes[bytes.indices.randomElement(using: &generator) ?? 0] = mark()
        case 1: bytes.removeSubrange(piece)
        case 2: bytes.insert(contentsOf: bytes[piece], at: piece.upperBound)
        case 3: bytes.removeSubrange(piece.lowerBound...)
        case 4:
            let other = seeds.randomElement(using: &generator) ?? []
            bytes.replaceSubrange(piece, with: other[self.piece(of: other)])
        default: bytes.insert(mark(), at: piece.lowerBound)
        }
    }

    private mutating func mark() -> UInt8 {
        let mark = Self.marks.randomElement(using: &generator) ?? 0
        return Bool.random(using: &generator) ? mark : .random(in: 0...255, using: &generator)
    }

    private mutating func piece(of bytes: [UInt8]) -> Range<Int> {
        let start = Int.random(in: 0...bytes.count, using: &generator)
        return start..<min(bytes.count, start + Int.random(in: 0...64, using: &generator))
    }
}
