import Kit

/// A chunk with a score on its way into a list.
struct ScoredChunk: Sendable {
    let place: ChunkPlace
    let score: Double
    /// The window that was scored or was best; 0 where windows do not matter.
    var window = 0
}

/// The order of every list: higher score first, then document, chunk and window, so that ties never depend on where
/// the index keeps a chunk.
struct RankingOrder {
    let snapshot: Snapshot

    func precedes(_ left: ScoredChunk, _ right: ScoredChunk) -> Bool {
        if left.score != right.score { return left.score > right.score }
        let (leftDocument, rightDocument) = (
            snapshot.document(left.place).document, snapshot.document(right.place).document
        )
        if leftDocument != rightDocument { return leftDocument < rightDocument }
        let (leftChunk, rightChunk) = (snapshot.chunk(left.place), snapshot.chunk(right.place))
        if leftChunk.ordinal != rightChunk.ordinal { return leftChunk.ordinal < rightChunk.ordinal }
        return left.window < right.window
    }
}

/// Keeps the best `limit` of a stream: a heap whose root is the worst that is kept.
struct BestChunks {
    private let limit: Int
    private let order: RankingOrder
    private var heap: [ScoredChunk] = []

    init(limit: Int, order: RankingOrder) {
        self.limit = limit
        self.order = order
        heap.reserveCapacity(limit)
    }

    /// Below this nothing enters any more.
    var threshold: Double { heap.count < limit ? -.infinity : heap[0].score }

    mutating func offer(_ chunk: ScoredChunk) {
        if heap.count < limit {
            heap.append(chunk)
            rise(from: heap.count - 1)
        } else if order.precedes(chunk, heap[0]) {
            heap[0] = chunk
            sink()
        }
    }

    func sorted() -> [ScoredChunk] { heap.sorted(by: order.precedes) }

    private mutating func rise(from start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard order.precedes(heap[parent], heap[child]) else { return }
            heap.swapAt(parent, child)
            child = parent
        }
    }

    private mutating func sink() {
        var parent = 0
        while 2 * parent + 1 < heap.count {
            var child = 2 * parent + 1
            if child + 1 < heap.count, order.precedes(heap[child], heap[child + 1]) { child += 1 }
            guard order.precedes(heap[parent], heap[child]) else { return }
            heap.swapAt(parent, child)
            parent = child
        }
    }
}
