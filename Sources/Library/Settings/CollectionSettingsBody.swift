import Kit

/// How documents are cut, as JSON. A field that is left out is as the product has it.
struct ChunkingBody: Codable, Sendable {
    let strategy: ChunkingStrategy?
    /// The most tokens of a chunk, and how many of them are repeated from the chunk before.
    let tokens, overlap: Int?

    init(_ chunker: Chunker) {
        strategy = chunker.strategy
        tokens = chunker.tokensTarget
        overlap = chunker.tokensOverlap
    }

    var chunker: Chunker {
        var chunker = Chunker()
        chunker.strategy = strategy ?? chunker.strategy
        chunker.tokensTarget = tokens ?? chunker.tokensTarget
        chunker.tokensOverlap = overlap ?? min(chunker.tokensOverlap, chunker.tokensTarget / 2)
        return chunker
    }
}

/// A field that is left out stays as it is.
struct CollectionSettingsBody: Codable, Sendable {
    let label: Classification?
    let quarantine: QuarantineRule?
    let chunking: ChunkingBody?

    var change: CollectionChange {
        CollectionChange(label: label, quarantine: quarantine, chunking: chunking?.chunker)
    }
}
