import CKernels

/// The head that reads: two transformer layers over the token states of the encoder's first layers, in which question
/// and passage stand in one sequence. It tells where an answer begins and ends, how well each token supports an answer,
/// and whether there is one. Immutable and shared by all sessions.
///
/// Written by `Training/reader/export.py`, where the design, the data and the figures are. Weights are signed bytes
/// with one scale a row; they are unpacked into panels once.
///
/// Layout, little-endian: `CSH1`; four UInt32: layers of the encoder that run first, layers here, tokens of a sequence
/// at most, tokens of a question at most; four Float of the calibration; marks, 4 x 384 Float; per layer the linear
/// layers query-key-value, output, expand, contract (bytes `[columns][depth]`, scales, biases), each of output and
/// contract followed by its norm (gains, biases); the output, 4 x 384 Float, and its 4 biases.
final class SpanHead: @unchecked Sendable {  // Nothing is written after `init`.
    static let outputs = 4
    static let layersMax = 6

    let lower: Int
    let layers: [MiniLMModel.Layer]
    let tokensMax: Int
    let questionTokensMax: Int
    let calibration: SpanCalibration
    /// One row for each `SpanMark`, added to the states.
    let marks: FloatBuffer
    let output: FloatBuffer
    let outputBias: FloatBuffer

    init(bytes: UnsafeRawBufferPointer) throws(WeightsDefect) {
        var reader = HeadReader(bytes: bytes)
        guard try reader.word() == 0x3148_5343 else { throw .headerUnreadable }
        let shape = [try reader.word(), try reader.word(), try reader.word(), try reader.word()].map(Int.init)
        guard (0...MiniLMShape.layers).contains(shape[0]), (1...Self.layersMax).contains(shape[1]),
            (16...MiniLMShape.tokensMax).contains(shape[2]), (1..<shape[2] - 8).contains(shape[3])
        else { throw .shape(tensor: "head", found: shape) }
        (lower, tokensMax, questionTokensMax) = (shape[0], shape[2], shape[3])
        let constants = try reader.floats(4)
        calibration = SpanCalibration(
            span: constants.start[0], answerable: constants.start[1], bias: constants.start[2],
            threshold: constants.start[3])
        let width = MiniLMShape.width
        marks = try reader.floats(SpanMark.count * width)
        var layers: [MiniLMModel.Layer] = []
        for _ in 0..<shape[1] { layers.append(try reader.layer()) }
        self.layers = layers
        output = try reader.floats(Self.outputs * width)
        outputBias = try reader.floats(Self.outputs)
        guard reader.isAtEnd else { throw .layout(offset: reader.position) }
    }
}

/// Turns the two scores of a reading into the probability that the passage answers (logistic regression, Platt 1999).
package struct SpanCalibration: Sendable, Equatable {
    let span: Float
    let answerable: Float
    let bias: Float
    /// The probability below which the reader declines: the best F1 on the tuning split.
    package let threshold: Float
}

/// What the head is told of each token besides its state.
enum SpanMark {
    static let count = 4

    /// 0 and 1 for tokens of the question, 2 and 3 for those of the passage; odd when the piece stands on the other
    /// side too. `[CLS]` and the first `[SEP]` belong to the question.
    static func marks(of ids: [Int32], questionEnd: Int) -> [Int] {
        // The frame is no word: neither `[CLS]` nor `[SEP]` counts as shared.
        let asked = Set(ids[1..<questionEnd - 1])
        let read = Set(ids[questionEnd..<ids.count - 1])
        return ids.indices.map { index in
            index < questionEnd
                ? (read.contains(ids[index]) ? 1 : 0) : 2 + (asked.contains(ids[index]) ? 1 : 0)
        }
    }
}

/// Takes the parts of the file in their order.
private struct HeadReader {
    let bytes: UnsafeRawBufferPointer
    private(set) var position = 0

    init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func word() throws(WeightsDefect) -> UInt32 {
        UInt32(littleEndian: try take(4).loadUnaligned(as: UInt32.self))
    }

    mutating func floats(_ count: Int) throws(WeightsDefect) -> FloatBuffer {
        let from = try take(count * 4)
        let buffer = FloatBuffer(count: count)
        for index in 0..<count {
            let bits = UInt32(littleEndian: from.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self))
            buffer.start[index] = Float(bitPattern: bits)
        }
        return buffer
    }

    mutating func layer() throws(WeightsDefect) -> MiniLMModel.Layer {
        let (width, inner) = (MiniLMShape.width, MiniLMShape.inner)
        let queryKeyValue = try linear(columns: 3 * width, depth: width)
        let attentionOutput = try linear(columns: width, depth: width)
        let attentionNorm = try norm()
        let expand = try linear(columns: inner, depth: width)
        let contract = try linear(columns: width, depth: inner)
        return MiniLMModel.Layer(
            queryKeyValue: queryKeyValue, attentionOutput: attentionOutput, attentionNorm: attentionNorm,
            expand: expand, contract: contract, outputNorm: try norm())
    }

    private mutating func norm() throws(WeightsDefect) -> MiniLMModel.Norm {
        MiniLMModel.Norm(gain: try floats(MiniLMShape.width), bias: try floats(MiniLMShape.width))
    }

    private mutating func linear(columns: Int, depth: Int) throws(WeightsDefect) -> MiniLMModel.Linear {
        let quantised = try take(columns * depth)
        let scales = try floats(columns)
        let bias = try floats(columns)
        let weights = FloatBuffer(count: columns * depth)
        for column in 0..<columns {
            for index in column * depth..<(column + 1) * depth {
                weights.start[index] = Float(Int8(bitPattern: quantised[index])) * scales.start[column]
            }
        }
        let packed = FloatBuffer(count: columns * depth)
        ck_pack_f32(weights.start, Int32(columns), Int32(depth), packed.start)
        return MiniLMModel.Linear(packed: packed, bias: bias, columns: columns, depth: depth)
    }

    private mutating func take(_ count: Int) throws(WeightsDefect) -> UnsafeRawBufferPointer {
        guard bytes.count - position >= count else { throw .fileTooShort(bytes: bytes.count) }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }
}
