import Foundation

/// Threads that do nothing but run forward passes, and the queue in front of them.
///
/// A pass keeps a processor busy for milliseconds; on the threads of Swift's concurrency it would hold up every request
/// of the process. Callers suspend; the lane's own threads compute. The threads end when the lane is closed.
final class EncodingLane: @unchecked Sendable {  // Every variable is behind `condition`.
    private let condition = NSCondition()
    private var queue: LaneQueue
    private var callers: [LaneQueue.BatchID: CheckedContinuation<[[Float]], any Error>] = [:]
    private var lastBatch: LaneQueue.BatchID = 0
    private var isClosed = false

    /// - Parameter niceness: how much the threads yield to others, 0 to 19.
    init(
        name: String, threads: Int, niceness: Int32, waitingMax: Int, session: @escaping @Sendable () -> MiniLMSession
    ) {
        queue = LaneQueue(waitingMax: waitingMax)
        for index in 0..<threads {
            let thread = Thread { [self] in
                // On Linux, 0 means the calling thread. Refusal would only cost politeness.
                if niceness > 0 { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness) }
                work(with: session())
            }
            thread.name = "\(name)-\(index)"
            thread.start()
        }
    }

    /// Computes the vectors of `windows`, or other `work` on them, in their order. Windows not yet begun are dropped
    /// when the task is cancelled.
    func vectors(of windows: [[Int32]], for work: LaneQueue.Work = .vector) async throws -> [[Float]] {
        guard !windows.isEmpty else { return [] }
        let id = nextBatch()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { caller in submit(windows, for: work, as: id, caller) }
        } onCancel: {
            fail(id, with: CancellationError())
        }
    }

    /// Fails what waits and lets the threads end.
    func close() {
        let waiting = condition.withLock {
            isClosed = true
            condition.broadcast()
            for id in callers.keys { queue.drop(id) }
            defer { callers = [:] }
            return Array(callers.values)
        }
        for caller in waiting { caller.resume(throwing: EncoderFailure.closed) }
    }

    private func nextBatch() -> LaneQueue.BatchID {
        condition.withLock {
            lastBatch += 1
            return lastBatch
        }
    }

    private func submit(
        _ windows: [[Int32]], for work: LaneQueue.Work, as id: LaneQueue.BatchID,
        _ caller: CheckedContinuation<[[Float]], any Error>
    ) {
        let refusal: (any Error)? = condition.withLock {
            if isClosed { return EncoderFailure.closed }
            // A cancellation before this point found nothing to drop.
            if Task.isCancelled { return CancellationError() }
            do throws(EncoderFailure) { try queue.submit(windows, for: work, as: id) } catch { return error }
            callers[id] = caller
            condition.broadcast()
            return nil
        }
        if let refusal { caller.resume(throwing: refusal) }
    }

    private func fail(_ id: LaneQueue.BatchID, with error: any Error) {
        let caller = condition.withLock {
            queue.drop(id)
            return callers.removeValue(forKey: id)
        }
        caller?.resume(throwing: error)
    }

    private func work(with session: MiniLMSession) {
        while let ticket = nextTicket() {
            if let vector = session.result(of: ticket) {
                finish(ticket, with: vector)
            } else {
                fail(ticket.batch, with: EncoderFailure.degenerateVector)
            }
        }
    }

    /// Waits for work; nil when the lane is closed.
    private func nextTicket() -> LaneQueue.Ticket? {
        condition.withLock {
            while !isClosed {
                if let ticket = queue.take() { return ticket }
                condition.wait()
            }
            return nil
        }
    }

    private func finish(_ ticket: LaneQueue.Ticket, with vector: [Float]) {
        let done = condition.withLock { () -> (CheckedContinuation<[[Float]], any Error>, [[Float]])? in
            guard let vectors = queue.finish(ticket, with: vector) else { return nil }
            return callers.removeValue(forKey: ticket.batch).map { ($0, vectors) }
        }
        if let (caller, vectors) = done { caller.resume(returning: vectors) }
    }
}

extension MiniLMSession {
    fileprivate func result(of ticket: LaneQueue.Ticket) -> [Float]? {
        switch ticket.work {
        case .vector: vector(of: ticket.ids)
        case .states: states(of: ticket.ids)
        case .reading(let questionEnd): reading(of: ticket.ids, questionEnd: questionEnd)
        }
    }
}
