// A chunker as a collection's setting.
extension Chunker {
    package static let tokensRange = 32...2048
    /// Raised when the same setting begins to cut otherwise: documents are then read again.
    private static let version = 1

    /// Of one setting and version: kept with each document version that was cut so.
    ///
    ///     structure/512/50/1
    package var fingerprint: String { "\(stored)/\(Self.version)" }

    /// Stored form.
    var stored: String { "\(strategy.rawValue)/\(tokensTarget)/\(tokensOverlap)" }

    init?(stored: String) {
        let parts = stored.split(separator: "/").map(String.init)
        guard parts.count == 3, let strategy = ChunkingStrategy(rawValue: parts[0]), let target = Int(parts[1]),
            let overlap = Int(parts[2])
        else { return nil }
        self.init()
        (self.strategy, tokensTarget, tokensOverlap) = (strategy, target, overlap)
    }

    /// What is wrong with it, for whoever sets it; nil when nothing is.
    package var problem: String? {
        guard Self.tokensRange.contains(tokensTarget) else {
            return "A chunk has \(Self.tokensRange.lowerBound) to \(Self.tokensRange.upperBound) tokens."
        }
        guard tokensOverlap >= 0, tokensOverlap <= tokensTarget / 2 else {
            return "Chunks overlap by 0 tokens up to half of a chunk."
        }
        return nil
    }
}
