import CKernels
import TestKit
import Testing

@Suite struct QuantizationTests {
    private func quantized(_ values: [Float]) -> (bytes: [Int8], scale: Float) {
        var bytes = [Int8](repeating: 99, count: values.count)
        var scale: Float = .nan
        ck_quantize_i8(values, Int32(values.count), &bytes, &scale)
        return (bytes, scale)
    }

    @Test func `the largest magnitude becomes 127 and halves round to even`() {
        let (bytes, scale) = quantized([127, -127, 0.5, 1.5, 2.5, -2.5, 0])
        #expect(scale == 1)
        #expect(bytes == [127, -127, 0, 2, 2, -2, 0])
    }

    @Test func `zeros and nothing give scale zero`() {
        #expect(quantized([0, -0]) == ([0, 0], 0))
        #expect(quantized([]) == ([], 0))
    }

    @Test func `values that are not finite count as zero`() {
        #expect(quantized([.nan, .infinity, -.infinity, 127]) == ([0, 0, 0, 127], 1))
        #expect(quantized([.nan, .infinity]) == ([0, 0], 0))
    }

    private static let extremes: [Float] = [
        .leastNonzeroMagnitude, 200 * .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude,
    ]

    @Test(arguments: extremes)
    func `extreme magnitudes stay in range`(magnitude: Float) {
        let (bytes, scale) = quantized([magnitude, -magnitude, magnitude / 2])
        #expect(bytes.allSatisfy { $0 >= -127 })
        #expect(scale.isFinite)
        // Below 127 * the smallest number, the scale itself rounds to nothing and with it the vector.
        #expect(scale == 0 || bytes[0] > 0)
    }

    @Test(arguments: 1...20)
    func `every element is off by half a scale at most`(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let values = generator.floats(384)
        let (bytes, scale) = quantized(values)
        for (value, byte) in zip(values, bytes) {
            #expect(abs(Double(value) - Double(byte) * Double(scale)) <= Double(scale) * 0.500_01, "seed \(seed)")
        }
    }
}
