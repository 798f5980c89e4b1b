/// Search by vector over the allowed windows, exactly: an int8 scan of all of them picks candidates, fp32 decides.
///
/// A chunk scores as its best window. The int8 product errs by less than one part in a hundred for unit vectors, so
/// the true best ten are among the best hundreds of the scan (measured: `DenseRecallTests`); both steps depend on the
/// query and the window alone, so unseen windows change nothing.
struct DenseScorer {
    let snapshot: Snapshot
    let allowed: AllowedSet
    let query: [Float]

    /// The best `depth` chunks, from `windows` rescored ones.
    func best(_ depth: Int, windows: Int) -> [ScoredChunk] {
        let order = RankingOrder(snapshot: snapshot)
        let places = Set(candidates(windows, order).map(\.place))
        let chunks = places.compactMap { exact($0) }.sorted(by: order.precedes)
        return Array(chunks.prefix(depth))
    }

    /// The fp32 score of a chunk's best window, the first of equals; nil for a chunk without any.
    func exact(_ place: ChunkPlace) -> ScoredChunk? {
        let part = snapshot.views[place.view].part
        let windows = part.windows(of: place.chunk..<place.chunk + 1)
        var best: ScoredChunk?
        for window in windows {
            let score = Double(part.vectors.score(query, window: window))
            if score <= best?.score ?? -.infinity { continue }
            best = ScoredChunk(place: place, score: score, window: window - windows.lowerBound)
        }
        return best
    }

    private func candidates(_ limit: Int, _ order: RankingOrder) -> [ScoredChunk] {
        let quantised = QuantisedQuery(query)
        var best = BestChunks(limit: limit, order: order)
        var scores: [Float] = []
        for (view, allowedView) in allowed.views.enumerated() {
            let part = snapshot.views[view].part
            for run in allowedView.runs {
                let windows = part.windows(of: run)
                if scores.count < windows.count { scores = [Float](repeating: 0, count: windows.count) }
                part.vectors.scan(quantised, windows: windows, into: &scores)
                offer(scores, of: run, in: view, to: &best)
            }
        }
        return best.sorted()
    }

    private func offer(_ scores: [Float], of run: Range<Int>, in view: Int, to best: inout BestChunks) {
        let chunks = snapshot.views[view].part.chunks
        let base = Int(chunks[run.lowerBound].firstWindow)
        for chunk in run {
            let first = Int(chunks[chunk].firstWindow)
            for window in first..<Int(chunks[chunk + 1].firstWindow) {
                let score = Double(scores[window - base])
                if score < best.threshold { continue }
                let place = ChunkPlace(view: view, chunk: chunk)
                best.offer(ScoredChunk(place: place, score: score, window: window - first))
            }
        }
    }
}
