import CKernels
import TestKit
import Testing

@Suite struct ScanTests {
    private static let lengths = [0, 1, 15, 16, 31, 32, 33, 63, 64, 65, 127, 128, 129, 384, 385, 1_024]

    @Test(arguments: lengths)
    func `the byte product is exact at every level`(count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        let (a, b) = (generator.bytes(count), generator.bytes(count))
        let expected = zip(a, b).reduce(Int32(0)) { $0 + Int32($1.0) * Int32($1.1) }
        for level in supportedLevels { #expect(ck_dot_i8_at(level, a, b, Int32(count)) == expected, "level \(level)") }
        #expect(ck_dot_i8(a, b, Int32(count)) == expected)
    }

    @Test(arguments: [(-128, -128), (-128, 127), (127, 127), (127, -128)] as [(Int8, Int8)])
    func `the byte product does not overflow at the longest length`(values: (Int8, Int8)) {
        let count = Int(CK_DIMENSIONS_MAX)
        let a = [Int8](repeating: values.0, count: count)
        let b = [Int8](repeating: values.1, count: count)
        let expected = Int32(values.0) * Int32(values.1) * Int32(count)
        for level in supportedLevels { #expect(ck_dot_i8_at(level, a, b, Int32(count)) == expected, "level \(level)") }
    }

    @Test(arguments: lengths)
    func `the float product has the same bits at every level and is near the exact one`(count: Int) {
        var generator = SeededGenerator(seed: UInt64(count) + 1_000)
        let (a, b) = (generator.floats(count), generator.floats(count))
        let exact = zip(a, b).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        let first = ck_dot_f32_at(0, a, b, Int32(count))
        #expect(abs(Double(first) - exact) < 1e-5)
        for level in supportedLevels {
            #expect(ck_dot_f32_at(level, a, b, Int32(count)).bitPattern == first.bitPattern, "level \(level)")
        }
    }

    @Test(arguments: [1, 64, 100, 384])
    func `a scan gives the same bits at every level, with and without a list of rows`(dimensions: Int) {
        var generator = SeededGenerator(seed: UInt64(dimensions) + 2_000)
        let rows = 57
        let (query, data) = (generator.bytes(dimensions), generator.bytes(rows * dimensions))
        let scales = generator.floats(rows)
        let ids = (0..<40).map { _ in UInt32.random(in: 0..<UInt32(rows), using: &generator) }
        let expected = (0..<rows).map { row in
            let dot = (0..<dimensions).reduce(Int32(0)) { $0 + Int32(query[$1]) * Int32(data[row * dimensions + $1]) }
            return Float(dot) * (0.25 * scales[row])
        }
        for level in supportedLevels {
            var all = [Float](repeating: .nan, count: rows)
            ck_scan_i8_at(level, query, 0.25, data, scales, nil, Int64(rows), Int32(dimensions), &all)
            #expect(all == expected, "level \(level)")
            var listed = [Float](repeating: .nan, count: ids.count)
            ck_scan_i8_at(level, query, 0.25, data, scales, ids, Int64(ids.count), Int32(dimensions), &listed)
            #expect(listed == ids.map { expected[Int($0)] }, "level \(level)")
        }
    }
}
