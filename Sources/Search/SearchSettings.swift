import Encoder

/// How two ranked lists become one.
package enum FusionMethod: String, CaseIterable, Codable, Sendable {
    /// `share * dense + (1 - share) * lexical`, each divided by the best score of the reader's own candidates.
    case convex
    /// Reciprocal rank: `1 / (k + rank)` in each list (Cormack, Clarke, Büttcher 2009).
    case reciprocalRank
}

/// What an operator may turn. The defaults were measured on SciFact with `cloister eval retrieval`.
package struct SearchSettings: Sendable, Equatable {
    /// BM25: how soon more of the same term stops to count.
    package var termSaturation = 1.2
    /// BM25: how much long chunks are held back, 0 ... 1.
    package var lengthPenalty = 0.75
    /// BM25: the average length of a chunk in terms. A constant and no statistic, or unseen documents would show in
    /// the scores (DESIGN 7.5). About what a chunk of 512 WordPiece tokens has without stop words; 128 to 320 change
    /// nDCG@10 by less than 0.005.
    package var averageTerms = 256.0
    /// Words that carry no meaning of their own; compared before stemming. Kept in the index: a change of this list
    /// needs a new one.
    package var stopWords = StopWords.english
    package var fusion = FusionMethod.convex
    /// Weight of the dense part in the convex fusion, 0 ... 1.
    package var denseShare = 0.5
    /// The constant of the reciprocal rank fusion.
    package var reciprocalRankConstant = 60.0
    /// How many chunks of each list the fusion considers. Independent of the limit of a query, so that the first
    /// ten of a hundred are the ten of ten.
    package var fusionDepth = 100
    /// How many windows the int8 scan hands to fp32 rescoring.
    package var rescoredWindows = 464
    /// Width of a vector.
    package var dimensions = 384
    /// Which encoder makes the vectors from now on: `Encoder.fingerprint`. Written beside each entry's vectors; those
    /// of two encoders never take part in one score.
    package var encoder = Encoder.identity.name
    /// The encoder of before, where it is still loaded: tenants are searched by it until all of theirs is read anew.
    package var earlierEncoder: String?
    /// Documents in the mutable tail beyond which it is sealed as a segment.
    package var segmentDocuments = 4096
    /// Documents read from the database at a time while catching up.
    package var catchUpDocuments = 256
    package var queryBytesMax = 65_536
    package var chunksMax = 20_000
    package var windowsMax = 64
    /// Allowed sets kept per snapshot, one per permission fingerprint and filter.
    package var allowedSetsMax = 32
    /// Tenants kept in memory; the one unused for longest leaves first.
    package var tenantsMax = 64

    package init() {}

    /// Sentences that say what is wrong; empty when all is well.
    package func problems() -> [String] {
        var problems: [String] = []
        if !(termSaturation > 0) { problems.append("search.termSaturation must be above 0") }
        if !(0...1).contains(lengthPenalty) { problems.append("search.lengthPenalty must be within 0 ... 1") }
        if !(averageTerms >= 1) { problems.append("search.averageTerms must be at least 1") }
        if !(0...1).contains(denseShare) { problems.append("search.denseShare must be within 0 ... 1") }
        if !(reciprocalRankConstant >= 0) { problems.append("search.reciprocalRankConstant must not be negative") }
        if !(1...32_768).contains(dimensions) { problems.append("search.dimensions must be within 1 ... 32768") }
        let positive = [
            ("fusionDepth", fusionDepth), ("rescoredWindows", rescoredWindows), ("segmentDocuments", segmentDocuments),
            ("catchUpDocuments", catchUpDocuments), ("allowedSetsMax", allowedSetsMax), ("tenantsMax", tenantsMax),
        ]
        for (name, value) in positive where value < 1 { problems.append("search.\(name) must be at least 1") }
        return problems
    }
}
