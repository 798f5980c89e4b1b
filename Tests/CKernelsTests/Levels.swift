import CKernels
import TestKit

/// The levels this machine can run; every kernel test runs at each of them.
let supportedLevels: [ck_level] = (0..<Int32(CK_LEVEL_COUNT)).filter { ck_level_supported($0) != 0 }

extension SeededGenerator {
    /// Numbers in -1...1.
    mutating func floats(_ count: Int) -> [Float] { (0..<count).map { _ in .random(in: -1...1, using: &self) } }

    mutating func bytes(_ count: Int) -> [Int8] { (0..<count).map { _ in .random(in: -128...127, using: &self) } }
}

/// The largest difference of two sequences of the same length.
func largestDifference(_ found: [Float], _ expected: [Double]) -> Double {
    zip(found, expected).map { abs(Double($0) - $1) }.max() ?? 0
}
