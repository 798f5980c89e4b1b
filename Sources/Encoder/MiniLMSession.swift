import CKernels

/// One forward pass at a time through the model, with scratch memory of its own. Belongs to one thread.
///
/// Reads top-down as the model does: embeddings, six layers of attention and feed-forward, mean pooling. The rows
/// behind attention go through the feed-forward part in blocks, so that the wide inner activations stay in the cache.
final class MiniLMSession {
    /// Rows of the feed-forward part at a time: 96 x 1,536 floats are 590 kB.
    private static let blockRows = 96

    private let model: MiniLMModel
    private let head: SpanHead
    private let level: Int32
    private let hidden = FloatBuffer(count: MiniLMShape.tokensMax * MiniLMShape.width)
    private let projections = FloatBuffer(count: MiniLMShape.tokensMax * 3 * MiniLMShape.width)
    private let context = FloatBuffer(count: MiniLMShape.tokensMax * MiniLMShape.width)
    private let inner = FloatBuffer(count: blockRows * MiniLMShape.inner)
    private let scratch = FloatBuffer(count: Int(ck_attention_scratch(Int32(MiniLMShape.tokensMax))))

    init(model: MiniLMModel, head: SpanHead, level: KernelLevel) {
        self.model = model
        self.head = head
        self.level = level.rawValue
    }

    /// The vector of a sequence of 1 to `MiniLMShape.tokensMax` ids of the vocabulary, `[CLS]` and `[SEP]` included,
    /// of length 1. Nil if the weights give no direction.
    func vector(of ids: [Int32]) -> [Float]? {
        embed(ids)
        for layer in model.layers { run(layer, rows: ids.count) }
        return pool(rows: ids.count)
    }

    /// The state of every token after the last layer, row by row. Nil if the weights give what is no number.
    func states(of ids: [Int32]) -> [Float]? {
        embed(ids)
        for layer in model.layers { run(layer, rows: ids.count) }
        let states = Array(UnsafeBufferPointer(start: hidden.start, count: ids.count * MiniLMShape.width))
        return states.allSatisfy(\.isFinite) ? states : nil
    }

    /// What the head says: `SpanHead.outputs` numbers for each id of `[CLS] question [SEP] window [SEP]`. Nil if the
    /// weights give what is no number.
    func reading(of ids: [Int32], questionEnd: Int) -> [Float]? {
        embed(ids)
        for layer in model.layers.prefix(head.lower) { run(layer, rows: ids.count) }
        mark(SpanMark.marks(of: ids, questionEnd: questionEnd))
        for layer in head.layers { run(layer, rows: ids.count) }
        let outputs = project(rows: ids.count)
        return outputs.allSatisfy(\.isFinite) ? outputs : nil
    }

    private func run(_ layer: MiniLMModel.Layer, rows: Int) {
        attend(layer, rows: rows)
        for row in stride(from: 0, to: rows, by: Self.blockRows) {
            feedForward(layer, rows: row..<min(row + Self.blockRows, rows))
        }
    }

    private func mark(_ marks: [Int]) {
        let width = MiniLMShape.width
        for (row, mark) in marks.enumerated() {
            for index in 0..<width { hidden.start[row * width + index] += head.marks.start[mark * width + index] }
        }
    }

    private func project(rows: Int) -> [Float] {
        let (width, outputs) = (MiniLMShape.width, SpanHead.outputs)
        return [Float](unsafeUninitializedCapacity: rows * outputs) { buffer, count in
            for index in 0..<rows * outputs {
                let (row, output) = index.quotientAndRemainder(dividingBy: outputs)
                let dot = ck_dot_f32_at(
                    level, hidden.start + row * width, head.output.start + output * width, Int32(width))
                buffer[index] = dot + head.outputBias.start[output]
            }
            count = rows * outputs
        }
    }

    private func embed(_ ids: [Int32]) {
        precondition((1...MiniLMShape.tokensMax).contains(ids.count), "The caller checks the number of tokens.")
        ck_gather_f32(
            level, ids, Int32(ids.count), model.words.baseAddress, model.positions.start, Int32(MiniLMShape.width),
            hidden.start)
        normalise(hidden.start, rows: ids.count, with: model.embeddingNorm)
    }

    private func attend(_ layer: MiniLMModel.Layer, rows: Int) {
        apply(layer.queryKeyValue, to: hidden.start, rows: rows, into: projections.start)
        ck_attention_f32(
            level, projections.start, Int32(rows), Int32(MiniLMShape.heads), context.start, scratch.start)
    }

    private func feedForward(_ layer: MiniLMModel.Layer, rows: Range<Int>) {
        let at = rows.lowerBound * MiniLMShape.width
        let block = hidden.start + at
        apply(layer.attentionOutput, to: context.start + at, rows: rows.count, into: block, adding: block)
        normalise(block, rows: rows.count, with: layer.attentionNorm)
        apply(layer.expand, to: block, rows: rows.count, into: inner.start, activation: CK_ACTIVATION_GELU)
        apply(layer.contract, to: inner.start, rows: rows.count, into: block, adding: block)
        normalise(block, rows: rows.count, with: layer.outputNorm)
    }

    private func pool(rows: Int) -> [Float]? {
        var length: Float = 0
        let vector = [Float](unsafeUninitializedCapacity: MiniLMShape.width) { buffer, count in
            length = ck_mean_pool_f32(
                level, hidden.start, Int32(rows), Int32(MiniLMShape.width), buffer.baseAddress)
            count = MiniLMShape.width
        }
        return length.isFinite && length > 0 ? vector : nil
    }

    private func apply(
        _ linear: MiniLMModel.Linear, to input: UnsafeMutablePointer<Float>, rows: Int,
        into output: UnsafeMutablePointer<Float>, adding residual: UnsafeMutablePointer<Float>? = nil,
        activation: Int = CK_ACTIVATION_NONE
    ) {
        ck_linear_f32(
            level, input, Int32(linear.depth), linear.packed.start, linear.bias.start, output, Int32(linear.columns),
            residual, Int32(rows), Int32(linear.columns), Int32(linear.depth), Int32(activation))
    }

    private func normalise(_ rows: UnsafeMutablePointer<Float>, rows count: Int, with norm: MiniLMModel.Norm) {
        ck_layer_norm_f32(
            level, rows, norm.gain.start, norm.bias.start, Int32(count), Int32(MiniLMShape.width),
            MiniLMShape.normEpsilon)
    }
}
