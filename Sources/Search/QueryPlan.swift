import Kit

/// One query against one snapshot for one reader: pure, the same input gives the same bytes.
///
/// allowed set -> dense list and lexical list, each from the allowed set only -> fusion -> cut -> explanation
struct QueryPlan {
    let snapshot: Snapshot
    let query: SearchQuery
    let reader: Principal
    let settings: SearchSettings

    func run(_ analyser: Analyser) -> SearchResult {
        let allowed = snapshot.allowed(for: reader, in: query.collections, among: query.documents)
        let scorers = scorers(over: allowed, analyser)
        let depth = max(settings.fusionDepth, query.limit)
        let dense = scorers.dense?.best(depth, windows: max(settings.rescoredWindows, depth)) ?? []
        let (lexical, matched) = scorers.lexical?.best(depth) ?? ([], 0)
        let candidates = Fusion.candidates(dense: dense, lexical: lexical, scorers)
        let hits = hits(among: candidates, scorers)
        return SearchResult(
            sequence: snapshot.sequence, hits: hits, searched: allowed.chunkCount, matched: matched,
            embedded: allowed.embeddedCount, terms: scorers.lexical?.termCounts ?? [:]
        )
    }

    private func scorers(over allowed: AllowedSet, _ analyser: Analyser) -> Scorers {
        let dense =
            query.mode == .lexical
            ? nil : query.vector.map { DenseScorer(snapshot: snapshot, allowed: allowed, query: $0) }
        let lexical =
            query.mode == .dense
            ? nil
            : LexicalScorer(
                snapshot: snapshot, allowed: allowed, query: analyser.terms(of: Array(query.text.utf8)),
                settings: settings
            )
        return Scorers(dense: dense, lexical: lexical)
    }

    private func hits(among candidates: [Fusion.Candidate], _ scorers: Scorers) -> [SearchHit] {
        let fusion = Fusion(candidates, settings: settings)
        var byPlace: [ChunkPlace: Fusion.Candidate] = [:]
        var best = BestChunks(limit: query.limit, order: RankingOrder(snapshot: snapshot))
        for candidate in candidates {
            byPlace[candidate.place] = candidate
            best.offer(ScoredChunk(place: candidate.place, score: score(candidate, fusion)))
        }
        return best.sorted().compactMap { chunk in
            // Every place came from a candidate.
            byPlace[chunk.place].flatMap { hit(chunk, $0, fusion, scorers) }
        }
    }

    private func score(_ candidate: Fusion.Candidate, _ fusion: Fusion) -> Double {
        switch query.mode {
        case .dense: return candidate.dense?.score ?? 0
        case .lexical: return candidate.lexical
        case .fused:
            let addends = fusion.addends(candidate)
            return addends.dense + addends.lexical
        }
    }

    /// Nil would mean that the plan left the allowed set: the rule is asked again for every hit that leaves here.
    private func hit(
        _ scored: ScoredChunk, _ candidate: Fusion.Candidate, _ fusion: Fusion, _ scorers: Scorers
    ) -> SearchHit? {
        guard let rule = snapshot.rule(for: reader, scored.place) else { return nil }
        let (document, chunk) = (snapshot.document(scored.place), snapshot.chunk(scored.place))
        return SearchHit(
            document: document.document, version: document.version, collection: document.collection,
            chunk: Int(chunk.ordinal), start: Int(chunk.start), end: Int(chunk.end), score: scored.score,
            explanation: query.explain ? explanation(candidate, fusion, scorers, rule: rule) : nil
        )
    }

    private func explanation(
        _ candidate: Fusion.Candidate, _ fusion: Fusion, _ scorers: Scorers, rule: String
    ) -> HitExplanation {
        let addends = fusion.addends(candidate)
        return HitExplanation(
            dense: candidate.dense.map {
                DenseExplanation(rank: candidate.denseRank, score: $0.score, window: $0.window)
            },
            lexical: scorers.lexical.map { lexical in
                LexicalExplanation(
                    rank: candidate.lexicalRank, score: candidate.lexical,
                    length: Int(snapshot.chunk(candidate.place).length), chunks: lexical.allowed.chunkCount,
                    terms: lexical.explain(candidate.place)
                )
            },
            fusion: query.mode == .fused
                ? FusionExplanation(method: settings.fusion, dense: addends.dense, lexical: addends.lexical) : nil,
            access: rule
        )
    }
}
