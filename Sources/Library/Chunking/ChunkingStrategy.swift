import Documents
import Encoder

/// How a document is cut into chunks.
///
/// Whichever it is: a chunk has at most the target of tokens, a heading begins a chunk or follows headings only, a
/// table is cut between rows, and a later part of it knows the header. Only what fits no chunk by itself, such as an
/// endless row, is cut within.
package enum ChunkingStrategy: String, CaseIterable, Codable, Sendable {
    /// Whole blocks, packed: see `Chunker`. Needs nothing but the layout.
    case structure
    /// Windows of the target's size over a section's tokens, wherever its sentences end, with overlap.
    case fixed
    /// Paragraphs where they fit, else sentences, else words, packed up to the target, with overlap.
    case recursive
    /// Sentences, parted where the vectors of neighbours differ most; without overlap. Costs an embedding of all
    /// sentences.
    case semantic
}

/// Vectors of unit length of token windows of at most `Encoder.windowTokensMax`, in order, such as `Encoder.embed`.
package typealias WindowEmbedding = @Sendable ([[Int32]]) async throws -> [[Float]]

extension Chunker {
    /// By `strategy`. `tokens` are of the whole text, in order; `embed` is asked by the semantic strategy only.
    package func chunks(
        of document: ParsedDocument, tokens: [Token], embed: WindowEmbedding
    ) async throws -> [Chunk] {
        if strategy == .structure { return chunks(of: document, tokens: tokens) }
        let plan = CutPlan(document, tokens, tokensTarget: tokensTarget, strategy: strategy)
        guard strategy == .semantic else { return plan.chunks(tokensOverlap: tokensOverlap) }
        return plan.chunks(parting: try await SentenceFalls.measured(on: plan, embed))
    }
}
