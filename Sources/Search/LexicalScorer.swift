import Foundation

/// BM25 relative to the reader (Robertson, Zaragoza 2009, with the idf of Lucene, which is never negative):
///
///     score(chunk) = sum over terms t of the query:
///         qtf * idf(t) * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / averageTerms))
///     idf(t) = ln(1 + (N - df + 0.5) / (df + 0.5))
///
/// N and df count the chunks that the reader may see and no others; `averageTerms` is a setting. Addends are summed
/// in the order of the terms' bytes, in doubles. So a score has the same bits with and without unseen documents, and
/// however documents are spread over parts (DESIGN 7.5). Nothing in a part has statistics baked in.
struct LexicalScorer {
    struct QueryTerm {
        let bytes: ArraySlice<UInt8>
        let queryFrequency: Int
        /// Per view the term's number in that part, if it has it.
        let numbers: [Int?]
        /// Chunks with it among the allowed.
        let chunks: Int
        let idf: Double
    }

    private let snapshot: Snapshot
    private let settings: SearchSettings
    let allowed: AllowedSet
    /// Those that occur in an allowed chunk, by bytes.
    let terms: [QueryTerm]
    /// Per view and chunk; 0 where nothing matches.
    private let scores: [[Double]]

    init(snapshot: Snapshot, allowed: AllowedSet, query: TermList, settings: SearchSettings) {
        self.snapshot = snapshot
        self.allowed = allowed
        self.settings = settings
        let terms = query.terms.compactMap { Self.queryTerm($0, snapshot, allowed) }
        self.terms = terms
        scores = allowed.views.indices.map { view in
            let numbered = terms.map { ($0, $0.numbers[view]) }
            return Self.scores(of: snapshot.views[view].part, allowed.views[view], numbered, settings)
        }
    }

    /// Chunks with each term among the allowed.
    var termCounts: [String: Int] {
        Dictionary(terms.map { (String(decoding: $0.bytes, as: UTF8.self), $0.chunks) }, uniquingKeysWith: max)
    }

    /// 0 when no term matches.
    func score(_ place: ChunkPlace) -> Double { scores[place.view][place.chunk] }

    /// The best `depth` chunks with at least one term, and how many there are in all.
    func best(_ depth: Int) -> (chunks: [ScoredChunk], matched: Int) {
        var best = BestChunks(limit: depth, order: RankingOrder(snapshot: snapshot))
        var matched = 0
        for view in scores.indices where !scores[view].isEmpty {
            for run in allowed.views[view].runs {
                for chunk in run where scores[view][chunk] > 0 {
                    matched += 1
                    if scores[view][chunk] < best.threshold { continue }
                    best.offer(ScoredChunk(place: ChunkPlace(view: view, chunk: chunk), score: scores[view][chunk]))
                }
            }
        }
        return (best.sorted(), matched)
    }

    /// The addends of a chunk's score, recomputed.
    func explain(_ place: ChunkPlace) -> [TermExplanation] {
        let part = snapshot.views[place.view].part
        return terms.compactMap { term in
            guard let number = term.numbers[place.view] else { return nil }
            let postings = part.postings[part.postings(of: number)]
            guard let posting = postings.first(where: { $0.chunk == UInt32(place.chunk) }) else { return nil }
            let weight = Self.weight(term, settings)
            return TermExplanation(
                term: String(decoding: term.bytes, as: UTF8.self), queryFrequency: term.queryFrequency,
                frequency: Int(posting.frequency), chunks: term.chunks, idf: term.idf,
                contribution: Self.contribution(posting, weight, length: snapshot.chunk(place).length, settings)
            )
        }
    }

    private static func queryTerm(_ term: TermList.Term, _ snapshot: Snapshot, _ allowed: AllowedSet) -> QueryTerm? {
        let numbers = term.bytes.withUnsafeBytes { bytes in snapshot.views.map { $0.part.terms.find(bytes) } }
        var chunks = 0
        for (view, number) in numbers.enumerated() {
            guard let number else { continue }
            let part = snapshot.views[view].part
            let range = part.postings(of: number)
            let allowedView = allowed.views[view]
            chunks += allowedView.isWhole ? range.count : part.postings[range].count { allowedView.contains($0.chunk) }
        }
        guard chunks > 0 else { return nil }
        return QueryTerm(
            bytes: term.bytes, queryFrequency: term.frequency, numbers: numbers, chunks: chunks,
            idf: idf(chunks: allowed.chunkCount, with: chunks)
        )
    }

    static func idf(chunks: Int, with term: Int) -> Double {
        log(1 + (Double(chunks) - Double(term) + 0.5) / (Double(term) + 0.5))
    }

    private static func weight(_ term: QueryTerm, _ settings: SearchSettings) -> Double {
        Double(term.queryFrequency) * term.idf * (settings.termSaturation + 1)
    }

    @inline(__always)
    private static func contribution(
        _ posting: IndexPart.Posting, _ weight: Double, length: UInt32, _ settings: SearchSettings
    ) -> Double {
        let frequency = Double(posting.frequency)
        let relative = 1 - settings.lengthPenalty + settings.lengthPenalty * Double(length) / settings.averageTerms
        return weight * frequency / (frequency + settings.termSaturation * relative)
    }

    private static func scores(
        of part: IndexPart, _ allowed: AllowedView, _ terms: [(term: QueryTerm, number: Int?)],
        _ settings: SearchSettings
    ) -> [Double] {
        var scores = [Double](repeating: 0, count: part.chunkCount)
        for (term, number) in terms {
            guard let number else { continue }
            let weight = weight(term, settings)
            for posting in part.postings[part.postings(of: number)] where allowed.contains(posting.chunk) {
                let length = part.chunks[Int(posting.chunk)].length
                scores[Int(posting.chunk)] += contribution(posting, weight, length: length, settings)
            }
        }
        return scores
    }
}
