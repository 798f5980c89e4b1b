import CKernels

/// The weights of all-MiniLM-L6-v2, arranged for the kernels. Immutable and shared by all sessions.
///
/// The word table (47 MB) stays in the mapped file, of which a text touches few pages; the linear layers are packed
/// into 42 MB of panels. Three things are folded into the weights once, so that no text pays for them: the query, key
/// and value layers become one; the queries carry the factor 1 / sqrt(32); the positions carry segment vector 0.
final class MiniLMModel: @unchecked Sendable {  // Nothing is written after `init`.
    struct Linear {
        let packed: FloatBuffer
        let bias: FloatBuffer
        let columns: Int
        let depth: Int
    }

    struct Norm {
        let gain: FloatBuffer
        let bias: FloatBuffer
    }

    struct Layer {
        let queryKeyValue: Linear
        let attentionOutput: Linear
        let attentionNorm: Norm
        let expand: Linear
        let contract: Linear
        let outputNorm: Norm
    }

    let words: UnsafeBufferPointer<Float>
    let positions: FloatBuffer
    let embeddingNorm: Norm
    let layers: [Layer]
    /// Keeps `words` alive.
    private let tensors: SafeTensors

    /// - Parameter pieces: the size of the vocabulary, which the word table must match.
    init(tensors: SafeTensors, pieces: Int) throws(WeightsDefect) {
        let reader = TensorReader(tensors: tensors)
        words = try reader.words(pieces: pieces)
        positions = try reader.positions()
        embeddingNorm = try reader.norm("embeddings.LayerNorm")
        var layers: [Layer] = []
        for index in 0..<MiniLMShape.layers { layers.append(try reader.layer(index)) }
        self.layers = layers
        self.tensors = tensors
    }
}

/// Takes tensors out of the file by their names there, in the form the model keeps.
private struct TensorReader {
    let tensors: SafeTensors

    func words(pieces: Int) throws(WeightsDefect) -> UnsafeBufferPointer<Float> {
        let name = "embeddings.word_embeddings.weight"
        do throws(WeightsDefect) {
            return try tensors.floats(name, shape: [pieces, MiniLMShape.width])
        } catch .shape(_, let found) where found.count == 2 && found[1] == MiniLMShape.width {
            throw .vocabularySize(rows: found[0], pieces: pieces)
        }
    }

    func positions() throws(WeightsDefect) -> FloatBuffer {
        let width = MiniLMShape.width
        let positions = try tensors.floats(
            "embeddings.position_embeddings.weight", shape: [MiniLMShape.positions, width])
        let segments = try tensors.floats(
            "embeddings.token_type_embeddings.weight", shape: [MiniLMShape.segments, width])
        let sums = FloatBuffer(count: MiniLMShape.tokensMax * width)
        for index in 0..<sums.count { sums.start[index] = positions[index] + segments[index % width] }
        return sums
    }

    func layer(_ index: Int) throws(WeightsDefect) -> MiniLMModel.Layer {
        let (name, width, inner) = ("encoder.layer.\(index).", MiniLMShape.width, MiniLMShape.inner)
        return MiniLMModel.Layer(
            queryKeyValue: try queryKeyValue(name + "attention.self."),
            attentionOutput: try linear(name + "attention.output.dense", columns: width, depth: width),
            attentionNorm: try norm(name + "attention.output.LayerNorm"),
            expand: try linear(name + "intermediate.dense", columns: inner, depth: width),
            contract: try linear(name + "output.dense", columns: width, depth: inner),
            outputNorm: try norm(name + "output.LayerNorm"))
    }

    func norm(_ name: String) throws(WeightsDefect) -> MiniLMModel.Norm {
        MiniLMModel.Norm(
            gain: try copy(name + ".weight", shape: [MiniLMShape.width]),
            bias: try copy(name + ".bias", shape: [MiniLMShape.width]))
    }

    private func linear(_ name: String, columns: Int, depth: Int) throws(WeightsDefect) -> MiniLMModel.Linear {
        let weights = try tensors.floats(name + ".weight", shape: [columns, depth])
        return pack(
            weights.baseAddress, bias: try copy(name + ".bias", shape: [columns]), columns: columns, depth: depth)
    }

    private func queryKeyValue(_ name: String) throws(WeightsDefect) -> MiniLMModel.Linear {
        let width = MiniLMShape.width
        let weights = FloatBuffer(count: 3 * width * width)
        let biases = FloatBuffer(count: 3 * width)
        for (part, layer) in ["query", "key", "value"].enumerated() {
            let scale: Float = part == 0 ? 1 / Float(MiniLMShape.headWidth).squareRoot() : 1
            let weight = try tensors.floats(name + layer + ".weight", shape: [width, width])
            let bias = try tensors.floats(name + layer + ".bias", shape: [width])
            for index in weight.indices { weights.start[part * width * width + index] = weight[index] * scale }
            for index in bias.indices { biases.start[part * width + index] = bias[index] * scale }
        }
        return withExtendedLifetime(weights) {
            pack(UnsafePointer(weights.start), bias: biases, columns: 3 * width, depth: width)
        }
    }

    private func pack(
        _ weights: UnsafePointer<Float>?, bias: FloatBuffer, columns: Int, depth: Int
    ) -> MiniLMModel.Linear {
        let packed = FloatBuffer(count: columns * depth)
        ck_pack_f32(weights, Int32(columns), Int32(depth), packed.start)
        return MiniLMModel.Linear(packed: packed, bias: bias, columns: columns, depth: depth)
    }

    private func copy(_ name: String, shape: [Int]) throws(WeightsDefect) -> FloatBuffer {
        let values = try tensors.floats(name, shape: shape)
        let buffer = FloatBuffer(count: values.count)
        for index in values.indices { buffer.start[index] = values[index] }
        return buffer
    }
}
