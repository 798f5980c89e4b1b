import CKernels
import TestKit
import Testing

@Suite struct RowTests {
    @Test(arguments: [16, 48, 384])
    func `layer normalisation equals the plain loops`(width: Int) {
        var generator = SeededGenerator(seed: UInt64(width))
        let rows = 5
        let values = generator.floats(rows * width).map { $0 * 3 + 2 }
        let (gain, bias) = (generator.floats(width), generator.floats(width))
        let expected = (0..<rows).flatMap { row in
            let row = values[row * width..<(row + 1) * width].map { Double($0) }
            let mean = row.reduce(0, +) / Double(width)
            let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
            let deviation = (variance + 1e-12).squareRoot()
            return row.indices.map { (row[$0] - mean) / deviation * Double(gain[$0]) + Double(bias[$0]) }
        }
        for level in supportedLevels {
            var found = values
            ck_layer_norm_f32(level, &found, gain, bias, Int32(rows), Int32(width), 1e-12)
            #expect(largestDifference(found, expected) < 1e-5, "level \(level)")
        }
    }

    @Test func `gathering adds the position to the row of each id`() {
        let (table, positions) = ((0..<10 * 16).map { Float($0) }, (0..<4 * 16).map { Float($0) / 2 })
        let ids: [Int32] = [9, 0, 9, 3]
        let expected = (0..<4 * 16).map { table[Int(ids[$0 / 16]) * 16 + $0 % 16] + positions[$0] }
        for level in supportedLevels {
            var found = [Float](repeating: .nan, count: 4 * 16)
            ck_gather_f32(level, ids, 4, table, positions, 16, &found)
            #expect(found == expected, "level \(level)")
        }
    }

    @Test(arguments: [1, 2, 255])
    func `the pooled vector has length one and the direction of the mean`(rows: Int) {
        var generator = SeededGenerator(seed: UInt64(rows))
        let values = generator.floats(rows * 384)
        let mean = (0..<384).map { at in (0..<rows).reduce(0.0) { $0 + Double(values[$1 * 384 + at]) } / Double(rows) }
        let length = mean.reduce(0) { $0 + $1 * $1 }.squareRoot()
        for level in supportedLevels {
            var found = [Float](repeating: .nan, count: 384)
            let told = ck_mean_pool_f32(level, values, Int32(rows), 384, &found)
            #expect(abs(Double(told) - length) < 1e-5 * length, "level \(level)")
            #expect(largestDifference(found, mean.map { $0 / length }) < 1e-6, "level \(level)")
        }
    }

    @Test func `a pool without direction says so`() {
        for level in supportedLevels {
            var found = [Float](repeating: 0, count: 16)
            #expect(ck_mean_pool_f32(level, [Float](repeating: 0, count: 16), 1, 16, &found) == 0)
            #expect(!ck_mean_pool_f32(level, [Float](repeating: .nan, count: 16), 1, 16, &found).isFinite)
            #expect(!ck_mean_pool_f32(level, [Float](repeating: .infinity, count: 16), 1, 16, &found).isFinite)
        }
    }
}
