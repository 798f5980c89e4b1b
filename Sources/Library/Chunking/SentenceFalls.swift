import Documents
import Encoder

/// How far the meaning falls from one sentence to the next: one less the cosine of their vectors.
struct SentenceFalls {
    /// Sentences for each call of the encoder, so that all its threads have work.
    private static let batch = 64
    /// Of all falls in a document, the part that are breaks.
    private static let breakShare = 0.1
    /// A chunk that ends at a break has at least this part of the target.
    private static let sizeMin = 0.25

    /// By the place where the later sentence begins; 0 where nobody would part what belongs together.
    private var falls: [Int: Float] = [:]
    private var breakMin = Float.infinity

    static func measured(on plan: CutPlan, _ embed: WindowEmbedding) async throws -> SentenceFalls {
        var sentences: [(place: Int, window: Range<Int>, mayPart: Bool)] = []
        plan.eachSection { sentences += plan.sentences(of: $0) }
        var measured = SentenceFalls()
        var previous: [Float] = []
        for start in stride(from: 0, to: sentences.count, by: batch) {
            let part = sentences[start..<min(start + batch, sentences.count)]
            let vectors = try await embed(part.map { plan.ruler.tokens[$0.window].map(\.id) })
            for (sentence, vector) in zip(part, vectors) {
                if sentence.mayPart { measured.falls[sentence.place] = 1 - dot(previous, vector) }
                previous = vector
            }
        }
        let sorted = measured.falls.values.sorted(by: >)
        if !sorted.isEmpty { measured.breakMin = sorted[Int(Double(sorted.count - 1) * breakShare)] }
        return measured
    }

    private static func dot(_ first: [Float], _ second: [Float]) -> Float {
        zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// The first break that leaves the least size on both sides; without one all that is left where it fits, else the
    /// deepest fall in the chunk's second half.
    func end(_ packer: CutPacker, _ ends: ClosedRange<Int>, tokensTarget: Int) -> Int {
        let first = ends.lowerBound - 1
        let sizeMin = Int(Double(tokensTarget) * Self.sizeMin)
        var deepest = ends.upperBound
        var depth: Float = 0
        for next in ends where next < packer.end {
            let size = packer.tokens(from: first, to: next)
            guard size >= sizeMin, packer.tokens(from: next, to: packer.end) >= sizeMin else { continue }
            let fall = falls[packer.place(next)] ?? 0
            if fall > 0, fall >= breakMin { return next }
            if size >= tokensTarget / 2, fall > depth { (deepest, depth) = (next, fall) }
        }
        return ends.upperBound == packer.end ? packer.end : deepest
    }
}

extension CutPlan {
    func chunks(parting falls: SentenceFalls) -> [Chunk] {
        var ranges: [Range<Int>] = []
        eachSection { section in
            ranges += CutPacker(self, section, tokensOverlap: 0).ranges {
                falls.end($0, $1, tokensTarget: tokensTarget)
            }
        }
        return chunks(ranges)
    }

    /// What is compared: the beginning of each sentence that the encoder can read, and of each table and piece of code
    /// as a whole. A section's first sentence, and one after a heading, stays with what is above it.
    func sentences(of section: Section) -> [(place: Int, window: Range<Int>, mayPart: Bool)] {
        var found: [(place: Int, window: Range<Int>, mayPart: Bool)] = []
        var isAfterHeading = true
        var whole: Range<Int>?
        for (number, place) in section.places.enumerated() {
            if whole?.contains(place) == true { continue }
            let block = document.blocks[max(0, document.blocks.partitioningIndex { $0.range.lowerBound > place } - 1)]
            let isHeading = if case .heading = block.kind { true } else { false }
            whole = block.table != nil || block.kind == .code ? block.range : nil
            let next = number + 1 < section.places.count ? section.places[number + 1] : section.end
            let tokens = ruler.indices(in: place..<(whole?.upperBound ?? next))
            guard !tokens.isEmpty else { continue }
            found.append((place, tokens.prefix(Encoder.windowTokensMax), !isAfterHeading))
            isAfterHeading = isHeading
        }
        return found
    }
}
