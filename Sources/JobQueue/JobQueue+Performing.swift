import Kit
import Storage
import Synchronization

// One attempt: rights, handler, outcome.
extension JobQueue {
    private enum Outcome {
        case succeeded
        case failed(JobFault)
        /// The process is asked to stop: the job goes back.
        case interrupted
        case lost
    }

    func perform(_ job: ClaimedJob) async {
        let start = clock.now()
        observe(.started(job.lease.job, kind: job.lease.kind, attempt: job.attempt))
        let outcome = await attempt(job)
        // The note of what happened is written even while the process stops: a task of its own is not cancelled.
        let state = await Task { await settle(job.lease, outcome) }.value
        running.remove(job.lease)
        if let state {
            let seconds = Double((clock.now() - start).wholeMicroseconds) / 1_000_000
            observe(.ended(job.lease.job, kind: job.lease.kind, state: state, seconds: seconds))
        } else {
            observe(.leaseLost(job.lease.job, kind: job.lease.kind))
        }
    }

    private func attempt(_ job: ClaimedJob) async -> Outcome {
        let handler = handlers.withLock { $0[job.lease.kind] }
        let work = Task {
            let principal = try await principal(for: job)
            try await handler?(LeasedJob(queue: self, lease: job.lease, claimed: job, principal: principal))
        }
        running.started(job.lease) { work.cancel() }
        let result = await withTaskCancellationHandler {
            await work.result
        } onCancel: {
            work.cancel()
        }
        switch result {
        case .success: return .succeeded
        case .failure(JobFailure.leaseLost): return .lost
        case .failure where Task.isCancelled: return .interrupted
        case .failure(let error):
            observe(.attemptFailed(job.lease.job, kind: job.lease.kind, error: String(describing: error)))
            return .failed(error as? JobFault ?? explain(error))
        }
    }

    /// The subject's rights of this moment. A database that is away is a reason to try again; everything else means
    /// that the subject may not do it any more.
    func principal(for job: ClaimedJob) async throws -> Principal {
        do {
            return try await resolve(job.lease.tenant, job.subject, job.purpose, job.lease.job)
        } catch let error where error is StorageFailure || error is CancellationError {
            throw error
        } catch {
            throw JobFault.rightsLost
        }
    }

    /// The state that was written; nil when the lease was lost, or the database did not take it and the lease will
    /// run out.
    private func settle(_ lease: Lease, _ outcome: Outcome) async -> JobState? {
        do {
            if case .succeeded = outcome, try await isSettled(lease) { return .succeeded }
            return try await database.write(.tenant(lease.tenant)) { [self] transaction in
                switch outcome {
                case .succeeded:
                    try succeed(lease, in: transaction)
                    return .succeeded
                case .failed(let fault): return try fail(lease, fault, in: transaction)
                case .interrupted:
                    try release(lease, in: transaction)
                    return .queued
                case .lost: throw JobFailure.leaseLost
                }
            }
        } catch {
            if error as? JobFailure != .leaseLost { observe(.stalled(error: String(describing: error))) }
            return nil
        }
    }

    /// Whether the handler completed the job in the transaction of its effect: then there is nothing to write.
    private func isSettled(_ lease: Lease) async throws -> Bool {
        let row = try await database.read { try JobStore(connection: $0).job(lease.job, tenant: lease.tenant) }
        return row?.lifecycle.state == .succeeded && row?.lifecycle.fence == lease.fence
    }
}
