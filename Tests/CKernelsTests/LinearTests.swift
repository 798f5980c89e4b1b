import CKernels
import Foundation
import TestKit
import Testing

@Suite struct LinearTests {
    private struct Layer {
        let rows: Int
        let columns: Int
        let depth: Int
        let input: [Float]
        let weights: [Float]
        let bias: [Float]
        let residual: [Float]

        init(rows: Int, columns: Int, depth: Int) {
            var generator = SeededGenerator(seed: UInt64(rows * 1_000_000 + columns * 1_000 + depth))
            (self.rows, self.columns, self.depth) = (rows, columns, depth)
            input = generator.floats(rows * depth)
            weights = generator.floats(columns * depth)
            bias = generator.floats(columns)
            residual = generator.floats(rows * columns)
        }

        func expected(gelu: Bool, adding: Bool) -> [Double] {
            (0..<rows * columns).map { at in
                let (row, column) = (at / columns, at % columns)
                var sum = Double(bias[column])
                for k in 0..<depth { sum += Double(input[row * depth + k]) * Double(weights[column * depth + k]) }
                if gelu { sum = sum * (1 + erf(sum / 2.0.squareRoot())) / 2 }
                return adding ? sum + Double(residual[at]) : sum
            }
        }

        func computed(level: ck_level, gelu: Bool, adding: Bool) -> [Float] {
            var packed = [Float](repeating: 0, count: weights.count)
            ck_pack_f32(weights, Int32(columns), Int32(depth), &packed)
            // The output is its own residual, as in the model.
            var output = adding ? residual : [Float](repeating: .nan, count: rows * columns)
            output.withUnsafeMutableBufferPointer { buffer in
                ck_linear_f32(
                    level, input, Int32(depth), packed, bias, buffer.baseAddress, Int32(columns),
                    adding ? UnsafePointer(buffer.baseAddress) : nil, Int32(rows), Int32(columns), Int32(depth),
                    gelu ? Int32(CK_ACTIVATION_GELU) : Int32(CK_ACTIVATION_NONE))
            }
            return output
        }
    }

    @Test(arguments: Array(1...17) + [23, 24, 25])
    func `a layer of any number of rows equals the plain loops`(rows: Int) {
        let layer = Layer(rows: rows, columns: 96, depth: 37)
        for level in supportedLevels {
            let found = layer.computed(level: level, gelu: false, adding: false)
            #expect(largestDifference(found, layer.expected(gelu: false, adding: false)) < 2e-5, "level \(level)")
        }
    }

    @Test(arguments: [(1, 48, 1), (5, 144, 16), (14, 1_152, 384), (3, 384, 1_536)])
    func `residual and GELU are applied as told`(shape: (Int, Int, Int)) {
        let layer = Layer(rows: shape.0, columns: shape.1, depth: shape.2)
        for level in supportedLevels {
            for (gelu, adding) in [(true, false), (false, true)] {
                let found = layer.computed(level: level, gelu: gelu, adding: adding)
                let difference = largestDifference(found, layer.expected(gelu: gelu, adding: adding))
                #expect(difference < 1e-4, "level \(level), gelu \(gelu), residual \(adding)")
            }
        }
    }

    @Test func `GELU is right from far below zero to far above`() {
        let values = (0...960).map { Float($0 - 480) / 32 }.prefix(960)
        let bias = [Float](repeating: 0, count: 48)
        let identity = [Float](unsafeUninitializedCapacity: 48 * 48) { buffer, count in
            for at in 0..<48 * 48 { buffer[at] = at / 48 == at % 48 ? 1 : 0 }
            count = 48 * 48
        }
        var packed = [Float](repeating: 0, count: 48 * 48)
        ck_pack_f32(identity, 48, 48, &packed)
        for level in supportedLevels {
            var output = [Float](repeating: .nan, count: 960)
            ck_linear_f32(
                level, Array(values), 48, packed, bias, &output, 48, nil, 20, 48, 48, Int32(CK_ACTIVATION_GELU))
            for (value, found) in zip(values, output) {
                let expected = Double(value) * (1 + erf(Double(value) / 2.0.squareRoot())) / 2
                #expect(abs(Double(found) - expected) < 1e-6 * max(1, abs(Double(value))), "level \(level), \(value)")
            }
        }
    }
}
