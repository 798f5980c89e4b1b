/// The MinHash sketch of a text: for each of 128 orders of all shingles, which one of the text comes first. Two texts
/// agree at one place with the probability of their resemblance, so the share of equal places estimates it with a
/// standard error of at most 0.045 (A. Broder, "On the resemblance and containment of documents", 1997).
///
/// An order is one member of a family of 64-bit hashes of the shingle's hash: exclusive or, multiplication by an odd
/// number, shift; its least value stands for the first shingle. The low 32 bits of it are kept (P. Li, A. König,
/// "b-bit minwise hashing", 2010): unequal shingles pass for equal once in 2^32.
///
/// It is a hint that a writer can mislead on purpose: nothing is hidden or removed because of it.
struct Sketch: Equatable, Sendable {
    static let size = 128

    /// `size` of them, or none for a text without words.
    let minima: [UInt32]

    /// Reads a text of n words in time n * `size` and constant memory.
    init(of text: [UInt8]) {
        var builder = SketchBuilder()
        FoldedWords.forEach(in: text) { builder.add(Self.hash(of: $0)) }
        minima = builder.finish()
    }

    /// Nil unless written by `bytes`.
    init?(bytes: [UInt8]) {
        guard bytes.isEmpty || bytes.count == 4 * Self.size else { return nil }
        minima = stride(from: 0, to: bytes.count, by: 4).map { start in
            bytes[start..<start + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
        }
    }

    /// Little-endian.
    var bytes: [UInt8] {
        minima.flatMap { minimum in (0..<4).map { UInt8(truncatingIfNeeded: minimum >> (8 * UInt32($0))) } }
    }

    /// The estimate of the Jaccard similarity of the two texts' shingles, 0 ... 1; 0 where one has no words.
    func resemblance(to other: Sketch) -> Double {
        guard minima.count == Self.size, other.minima.count == Self.size else { return 0 }
        var equal = 0
        for place in 0..<Self.size where minima[place] == other.minima[place] { equal += 1 }
        return Double(equal) / Double(Self.size)
    }

    /// FNV-1a, 64 bits (Fowler, Noll, Vo; RFC 9923), then mixed.
    private static func hash(of word: [UInt8]) -> UInt64 {
        mixed(word.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 })
    }

    /// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): a bijection after which every bit depends on all.
    fileprivate static func mixed(_ value: UInt64) -> UInt64 {
        var value = value &+ 0x9e37_79b9_7f4a_7c15
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}

/// The minima over the shingles so far.
private struct SketchBuilder {
    private struct Order {
        let flip: UInt64
        let factor: UInt64
    }

    /// Fixed for ever: sketches of different days are compared.
    private static let orders = (0..<UInt64(Sketch.size)).map { place in
        Order(flip: Sketch.mixed(2 * place), factor: Sketch.mixed(2 * place + 1) | 1)
    }

    private var window = ShingleWindow<UInt64>()
    private var minima = [UInt64](repeating: .max, count: Sketch.size)

    mutating func add(_ word: UInt64) {
        if let shingle = window.push(word) { take(shingle) }
    }

    mutating func finish() -> [UInt32] {
        if let short = window.short { take(short) }
        return window.isEmpty ? [] : minima.map { UInt32(truncatingIfNeeded: $0) }
    }

    private mutating func take(_ shingle: SIMD8<UInt64>) {
        let lanes = 0..<ShingleWindow<UInt64>.size
        let hash = lanes.reduce(UInt64(lanes.count)) { Sketch.mixed($0 ^ shingle[$1]) }
        Self.orders.withUnsafeBufferPointer { orders in
            minima.withUnsafeMutableBufferPointer { minima in
                for place in 0..<Sketch.size {
                    let product = (hash ^ orders[place].flip) &* orders[place].factor
                    minima[place] = min(minima[place], product ^ (product >> 32))
                }
            }
        }
    }
}
