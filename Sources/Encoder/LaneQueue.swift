/// The waiting work of one lane: which window is next, and when a batch is complete. No threads, no clock.
///
/// Batches take turns window by window, so a small one does not wait for the whole of a large one.
struct LaneQueue {
    typealias BatchID = UInt64

    /// What is to be computed from each window of a batch.
    enum Work: Equatable {
        case vector
        /// The state of every token, frame included, `MiniLMShape.width` numbers each.
        case states
        /// The head's reading; a question of so many tokens, frame included, stands before the window.
        case reading(questionEnd: Int)
    }

    /// One window to compute.
    struct Ticket: Equatable {
        let batch: BatchID
        let index: Int
        let ids: [Int32]
        let work: Work
    }

    private struct Batch {
        let windows: [[Int32]]
        let work: Work
        var taken = 0
        var finished = 0
        var vectors: [[Float]]
    }

    let waitingMax: Int
    private(set) var waiting = 0
    private var batches: [BatchID: Batch] = [:]
    /// Batches that still have windows nobody has taken, in the order of their turns.
    private var turns: [BatchID] = []
    private var turn = 0

    init(waitingMax: Int) { self.waitingMax = waitingMax }

    /// Adds a batch of one window or more. Fails when the queue would grow beyond its limit.
    mutating func submit(_ windows: [[Int32]], for work: Work = .vector, as id: BatchID) throws(EncoderFailure) {
        guard waiting + windows.count <= waitingMax else {
            throw .overloaded(waiting: waiting, limit: waitingMax)
        }
        waiting += windows.count
        let vectors = [[Float]](repeating: [], count: windows.count)
        batches[id] = Batch(windows: windows, work: work, vectors: vectors)
        turns.append(id)
    }

    mutating func take() -> Ticket? {
        guard !turns.isEmpty else { return nil }
        turn %= turns.count
        let id = turns[turn]
        guard var batch = batches[id] else { return nil }
        let ticket = Ticket(batch: id, index: batch.taken, ids: batch.windows[batch.taken], work: batch.work)
        batch.taken += 1
        waiting -= 1
        if batch.taken == batch.windows.count { turns.remove(at: turn) } else { turn += 1 }
        batches[id] = batch
        return ticket
    }

    /// Stores a vector; returns all of the batch's, in the order of its windows, when it was the last one.
    mutating func finish(_ ticket: Ticket, with vector: [Float]) -> [[Float]]? {
        // A batch that was dropped in the meantime has no use for the vector.
        guard var batch = batches[ticket.batch] else { return nil }
        batch.vectors[ticket.index] = vector
        batch.finished += 1
        let isComplete = batch.finished == batch.windows.count
        batches[ticket.batch] = isComplete ? nil : batch
        return isComplete ? batch.vectors : nil
    }

    /// Forgets a batch: it was cancelled, or one of its windows failed.
    mutating func drop(_ id: BatchID) {
        guard let batch = batches.removeValue(forKey: id) else { return }
        waiting -= batch.windows.count - batch.taken
        guard let position = turns.firstIndex(of: id) else { return }
        turns.remove(at: position)
        if position < turn { turn -= 1 }
    }
}
