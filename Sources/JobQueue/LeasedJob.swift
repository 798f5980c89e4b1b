import Kit
import Storage

/// A job in the hands of its handler.
///
/// The contract of a handler: it can run again after any of its steps, so it asks what is done already; it calls
/// `checkCancelled` between steps; it puts `confirmLease` or `complete` into every transaction with an effect, so that
/// a worker that was given up for dead changes nothing any more.
package struct LeasedJob: Sendable {
    let queue: JobQueue
    let lease: Lease
    let claimed: ClaimedJob

    /// The rights of whoever asked, resolved when this lease began.
    package let principal: Principal

    package var id: JobID { lease.job }
    package var kind: String { lease.kind }
    package var payload: [UInt8] { claimed.payload }
    package var resource: String? { claimed.resource }
    package var title: String? { claimed.title }
    /// 1 for the first.
    package var attempt: Int { claimed.attempt }

    /// Throws `CancellationError` or `leaseLost` when the work should stop: cancelled, taken over, or the process ends.
    package func checkCancelled() throws {
        try Task.checkCancellation()
        guard queue.running.holds(lease, at: queue.clock.now()) else { throw JobFailure.leaseLost }
    }

    /// The principal's rights of this moment; call it before each batch of a long job. Throws the job's end when the
    /// subject has been suspended or deleted since.
    package func principalNow() async throws -> Principal {
        try await queue.principal(for: claimed)
    }

    /// Tells people how far the work is. Written at most every quarter of a second, the last step always.
    package func report(_ progress: JobProgress) async throws {
        try checkCancelled()
        let now = queue.clock.now()
        let isLast = progress.total > 0 && progress.done >= progress.total
        guard queue.running.mayReport(lease, at: now, every: queue.settings.progressInterval) || isLast else { return }
        try await queue.report(progress, lease)
    }

    /// For a long job that others must not wait for: when another job of the tenant is due, or `always`, it goes back
    /// behind what waits, the attempt uncounted, and this throws `leaseLost`. Call it where a step is done and kept.
    package func giveWay(always: Bool = false) async throws {
        try await queue.giveWay(lease, always: always)
    }

    /// Extends the lease by hand; the queue does it every third of the lease.
    package func renew() async throws {
        try await queue.renew([lease])
        try checkCancelled()
    }

    /// Throws `leaseLost`, and so undoes the transaction, unless this worker still holds the job. The transaction is
    /// one of the job's tenant: the lock on its counter row makes the answer hold until the commit.
    package func confirmLease(in transaction: any Transaction) throws {
        try queue.row(of: lease, in: transaction).lifecycle.confirm(lease.fence)
    }

    /// Completes the job in the transaction of its effect: both happen, or neither. The handler returns soon after.
    /// `done` steps, all there were, need no report of their own.
    package func complete(done: Int = 0, in transaction: any Transaction) throws {
        try queue.succeed(lease, done: done, in: transaction)
    }
}
