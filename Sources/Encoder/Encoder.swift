/// Text in, vectors out: the tokenizer and the forward pass of all-MiniLM-L6-v2, in this process.
///
///     let encoder = try Encoder(directory: "/var/lib/cloister/encoder")
///     let tokens = encoder.tokens(of: text)
///     let windows = encoder.windows(of: tokens)
///     let vectors = try await encoder.embed(windows.map { tokens[$0].map(\.id) })
///     let query = try await encoder.embedQuery("who may read this?")
///
/// Vectors have `dimensions` elements and length 1, so their inner product is their cosine. The same window gives
/// the same bits on one machine whatever else runs; machines with other vector instructions differ in the last
/// digits (cosine above 0.9999). The model reads `windowTokensMax` tokens at a time and nothing is cut silently.
package final class Encoder: Sendable {
    /// Elements of a vector.
    package static let dimensions = MiniLMShape.width
    /// Tokens of a window, without the two that frame it.
    package static let windowTokensMax = MiniLMShape.tokensMax - 2
    /// Tokens that neighbouring windows share.
    package static let windowOverlap = 32
    package static let identity = EncoderIdentity(
        name: "all-MiniLM-L6-v2", precision: "fp32", tokenizer: "wordpiece-uncased/tokenizers-0.23/1")

    /// Of the model that was shipped before fingerprints were written; the text is in databases and never changes.
    package static let firstFingerprint = "all-MiniLM-L6-v2/fp32/e840d4753b696f71"

    /// What the vectors were made with (`EncoderFingerprint`): those of two may not be compared.
    package let fingerprint: String

    let tokenizer: WordPieceTokenizer
    let head: SpanHead
    private let batchLane: EncodingLane
    let queryLane: EncodingLane

    /// Opens `model.safetensors` and `vocab.txt` in `directory` and starts the threads.
    package init(directory: String, settings: EncoderSettings = EncoderSettings()) throws(EncoderFailure) {
        let settings = settings.bounded
        guard settings.level.isSupported else { throw .levelUnsupported(settings.level) }
        let vocabulary = try Vocabulary(path: directory + "/vocab.txt")
        let weights = try MappedFile(path: directory + "/model.safetensors")
        let model = try Self.model(weights, pieces: vocabulary.count)
        fingerprint = EncoderFingerprint.text(
            weights: weights, vocabulary: try MappedFile(path: directory + "/vocab.txt"))
        let head = try Self.shippedHead()
        let session = { @Sendable in MiniLMSession(model: model, head: head, level: settings.level) }
        self.head = head
        tokenizer = WordPieceTokenizer(vocabulary: vocabulary)
        batchLane = EncodingLane(
            name: "encoder-batch", threads: settings.batchThreads, niceness: settings.batchNiceness,
            waitingMax: settings.waitingWindowsMax, session: session)
        queryLane = EncodingLane(
            name: "encoder-query", threads: settings.queryThreads, niceness: 0,
            waitingMax: settings.waitingQueriesMax, session: session)
    }

    deinit { close() }

    /// Ends the threads; work that waits fails with `EncoderFailure.closed`. Letting go of the encoder does the same.
    package func close() {
        batchLane.close()
        queryLane.close()
    }

    private static func model(_ file: MappedFile, pieces: Int) throws(EncoderFailure) -> MiniLMModel {
        do throws(WeightsDefect) {
            return try MiniLMModel(tensors: SafeTensors(file: file), pieces: pieces)
        } catch { throw .weights(error) }
    }

    // MARK: Tokens

    /// The word pieces of a UTF-8 text, in order, without frame tokens. Costs about 20 microseconds per 256 tokens.
    package func tokens(of text: [UInt8]) -> [Token] { tokenizer.tokens(of: text) }

    package func tokenCount(of text: [UInt8]) -> Int { tokenizer.tokens(of: text).count }

    /// Index ranges of `tokens` that cover all of them: at most `windowTokensMax` each, neighbours share
    /// `windowOverlap`, lengths differ by one at most.
    package func windows(of tokens: [Token]) -> [Range<Int>] {
        TokenWindows.ranges(count: tokens.count, limit: Self.windowTokensMax, overlap: Self.windowOverlap)
    }

    // MARK: Vectors

    /// The vectors of windows of token ids, without frame tokens, in the order given. Waits in the batch lane.
    package func embed(_ windows: [[Int32]]) async throws -> [[Float]] {
        try await batchLane.vectors(of: windows.map(framed))
    }

    /// The vector of a query. Its lane has threads of its own: it never waits for documents.
    /// Fails with `tooManyTokens` for a query longer than a window.
    package func embedQuery(_ text: String) async throws -> [Float] {
        let ids = tokenizer.tokens(of: Array(text.utf8)).map(\.id)
        return try await queryLane.vectors(of: [framed(ids)])[0]
    }

    func framed(_ ids: [Int32]) throws(EncoderFailure) -> [Int32] {
        guard ids.count <= Self.windowTokensMax else {
            throw .tooManyTokens(count: ids.count, limit: Self.windowTokensMax)
        }
        let vocabulary = tokenizer.vocabulary
        if let id = ids.first(where: { $0 < 0 || $0 >= vocabulary.count }) { throw .unknownToken(id: id) }
        return [vocabulary.classification] + ids + [vocabulary.separator]
    }
}
