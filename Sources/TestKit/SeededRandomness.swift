import Foundation
import Kit

/// SplitMix64 (Steele, Lea, Flood 2014): small, fast and the same on every machine.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

private final class SharedGenerator: @unchecked Sendable {  // State is behind `lock`.
    private let lock = NSLock()
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    func next() -> UInt64 { lock.withLock { generator.next() } }
}

extension Randomness {
    /// The same seed gives the same bytes. A failing property test prints its seed.
    package static func seeded(_ seed: UInt64) -> Randomness {
        let generator = SharedGenerator(seed: seed)
        return Randomness(next: { generator.next() })
    }
}
