import Foundation

/// What the pool's threads do.
extension WorkerPool {
    /// One job and the place it has.
    private struct Turn {
        let job: WorkerJob
        let choice: WorkerRoster<JailedProcess>.Choice
    }

    /// The life of a thread that does jobs.
    func work() {
        while let turn = nextTurn() { perform(turn) }
    }

    /// Waits for a job; nil when the pool is closed. There are as many threads as places, so there is a place.
    private func nextTurn() -> Turn? {
        condition.lock()
        defer { condition.unlock() }
        while waiting.isEmpty, !isClosed {
            freeThreads += 1
            condition.wait()
            freeThreads -= 1
        }
        guard !waiting.isEmpty, let choice = roster.checkOut(for: waiting[0].tenant) else {
            threads -= 1
            return nil
        }
        let job = waiting.removeFirst()
        job.state = .running(nil)
        running[ObjectIdentifier(job)] = job
        return Turn(job: job, choice: choice)
    }

    private func perform(_ turn: Turn) {
        turn.choice.evicted?.worker.end()
        let answer: WorkerJob.Answer
        var process: JailedProcess?
        do {
            process = try turn.choice.warm?.worker ?? start()
            answer = try perform(turn.job, process)
        } catch {
            answer = WorkerJob.Answer(isSound: false) { turn.job.fail(error) }
        }
        if !answer.isSound { process?.end() }
        let interruption = finish(turn, process, isSound: answer.isSound)
        // A killed worker looks like a crash to the body; the pool knows better.
        if let interruption, !answer.isSound { turn.job.fail(interruption) } else { answer.send() }
    }

    private func perform(_ job: WorkerJob, _ process: JailedProcess?) throws -> WorkerJob.Answer {
        guard let process, begin(job, process) else { throw CancellationError() }
        guard .now < job.deadline else { throw JailFailure.timedOut }
        return job.perform(WorkerConnection(process: process, deadline: job.deadline))
    }

    /// From here on a cancellation kills the process. False when it came before, or the pool was closed.
    private func begin(_ job: WorkerJob, _ process: JailedProcess) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        guard case .running = job.state, !isClosed else { return false }
        job.state = .running(process)
        return true
    }

    /// Gives the place back. Returns what came between the caller and an answer, if anything did.
    private func finish(_ turn: Turn, _ process: JailedProcess?, isSound: Bool) -> (any Error)? {
        condition.lock()
        var interruption: (any Error)? = isClosed ? JailFailure.closed : nil
        if case .cancelled = turn.job.state { interruption = CancellationError() }
        turn.job.state = .done
        running[ObjectIdentifier(turn.job)] = nil
        let isKept = settle(turn, isSound && interruption == nil ? process : nil)
        condition.broadcast()
        condition.unlock()
        if !isKept { process?.end() }
        return interruption
    }

    /// True if the worker stays, for the next job of its tenant.
    private func settle(_ turn: Turn, _ sound: JailedProcess?) -> Bool {
        guard let sound else {
            roster.leave()
            return false
        }
        let jobs = (turn.choice.warm?.jobs ?? 0) + 1
        return roster.checkIn(sound, of: turn.job.tenant, jobs: jobs, at: .now)
    }

    // ---- time

    /// The life of the thread that ends what has waited or idled for too long.
    func keepTime() {
        condition.lock()
        while !isClosed {
            let now = ContinuousClock.now
            let late = waiting.filter { $0.deadline <= now }
            let retired = roster.retire(idleSince: now - bounds.idleMax)
            if late.isEmpty, retired.isEmpty {
                waitForNextTime(now)
                continue
            }
            for job in late { job.state = .done }
            waiting.removeAll { $0.deadline <= now }
            condition.unlock()
            for process in retired { process.end() }
            for job in late { job.fail(JailFailure.timedOut) }
            condition.lock()
        }
        condition.unlock()
    }

    private func waitForNextTime(_ now: ContinuousClock.Instant) {
        let idle = roster.idle.first.map { $0.since + bounds.idleMax }
        guard let next = ([idle] + waiting.map(\.deadline)).compactMap({ $0 }).min() else { return condition.wait() }
        // A wall clock that is set back must not hold anybody longer than this.
        let seconds = min(10, max(0, now.duration(to: next) / .seconds(1)))
        _ = condition.wait(until: Date(timeIntervalSinceNow: seconds))
    }
}
