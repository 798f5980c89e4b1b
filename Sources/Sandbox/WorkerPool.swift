import Foundation
import Kit

/// Warm jailed workers, each of one tenant, for jobs that block. The pool has threads of its own: as many as there may
/// be workers, which do the jobs, and one that looks after time.
///
/// A worker is killed after any failure of its job, when the calling task is cancelled, after its share of jobs, when
/// it was idle for long, and to make room for another tenant. Waiting calls are served in the order they came.
package final class WorkerPool: @unchecked Sendable {  // All state is behind `condition`.
    /// Starts a worker; on a thread of the pool.
    package typealias Start = @Sendable () throws(JailFailure) -> JailedProcess

    let bounds: WorkerPoolBounds
    let start: Start
    let condition = NSCondition()
    var roster: WorkerRoster<JailedProcess>
    var waiting: [WorkerJob] = []
    var running: [ObjectIdentifier: WorkerJob] = [:]
    var threads = 0
    var freeThreads = 0
    var hasTimekeeper = false
    var isClosed = false

    package init(bounds: WorkerPoolBounds = WorkerPoolBounds(), start: @escaping Start) {
        self.bounds = bounds
        self.start = start
        roster = WorkerRoster(workersMax: bounds.workersMax, jobsPerWorkerMax: bounds.jobsPerWorkerMax)
    }

    /// A pool of workers of that name, all under one policy.
    package convenience init(
        policy: JailPolicy, worker: String, launcher: JailLauncher = .thisProgram,
        bounds: WorkerPoolBounds = WorkerPoolBounds()
    ) {
        self.init(bounds: bounds) { () throws(JailFailure) in
            try JailedProcess(policy: policy, .run(worker), launcher: launcher)
        }
    }

    /// Runs `body` with a worker of `tenant`, on a thread where it may block. `deadline` is for waiting and working
    /// together. When `body` throws, whatever it is, the worker is killed, so a refusal that a worker utters properly
    /// is better returned.
    ///
    /// Throws `.tooManyWaiting`, `.timedOut`, `.unavailable`, `.closed`, what `body` throws, or `CancellationError`.
    package func withWorker<Value: Sendable>(
        for tenant: TenantID, deadline: Duration,
        _ body: @escaping @Sendable (borrowing WorkerConnection) throws -> Value
    ) async throws -> Value {
        let ticket = WorkerTicket()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let job = WorkerJob(
                    tenant: tenant, deadline: .now + deadline, body: body, continuation: continuation)
                submit(job, ticket)
            }
        } onCancel: {
            cancel(ticket)
        }
    }

    /// Takes no more calls, fails those that wait, kills all workers and lets the threads end.
    package func close() {
        condition.lock()
        isClosed = true
        let (refused, retired) = (waiting, roster.retire(idleSince: .now))
        waiting = []
        for job in refused { job.state = .done }
        for job in running.values { if case .running(let process) = job.state { process?.kill() } }
        condition.broadcast()
        condition.unlock()
        for process in retired { process.end() }
        for job in refused { job.fail(JailFailure.closed) }
    }

    /// Callers that wait for a worker now.
    package var waitingCount: Int { condition.withLock { waiting.count } }

    private func submit(_ job: WorkerJob, _ ticket: WorkerTicket) {
        condition.lock()
        let refusal = refusal(ticket)
        if refusal == nil {
            ticket.job = job
            waiting.append(job)
            addThreads()
            condition.broadcast()
        } else {
            job.state = .done
        }
        condition.unlock()
        if let refusal { job.fail(refusal) }
    }

    private func refusal(_ ticket: WorkerTicket) -> (any Error)? {
        if ticket.isCancelled { return CancellationError() }
        if isClosed { return JailFailure.closed }
        let isFull = waiting.count + roster.busy >= bounds.waitingMax + bounds.workersMax
        return isFull ? JailFailure.tooManyWaiting(max: bounds.waitingMax) : nil
    }

    private func cancel(_ ticket: WorkerTicket) {
        condition.lock()
        ticket.isCancelled = true
        var waiter: WorkerJob?
        switch ticket.job?.state {
        case .waiting:
            waiter = ticket.job
            waiter?.state = .done
            waiting.removeAll { $0 === waiter }
        case .running(let process):
            ticket.job?.state = .cancelled
            process?.kill()
        case .cancelled, .done, nil: break
        }
        condition.unlock()
        waiter?.fail(CancellationError())
    }

    private func addThreads() {
        if !hasTimekeeper {
            hasTimekeeper = true
            startThread("jail-time") { $0.keepTime() }
        }
        if freeThreads < waiting.count, threads < bounds.workersMax {
            threads += 1
            startThread("jail-\(threads)") { $0.work() }
        }
    }

    private func startThread(_ name: String, _ body: @escaping @Sendable (WorkerPool) -> Void) {
        let thread = Thread { body(self) }
        thread.name = name
        thread.start()
    }
}

/// What a cancelled task holds of its call, also before the call has become a job. The pool's lock guards it.
final class WorkerTicket: @unchecked Sendable {  // See above.
    var job: WorkerJob?
    var isCancelled = false
}
