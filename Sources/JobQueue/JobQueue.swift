import AuditTrail
import Kit
import Storage
import Synchronization

/// What runs later, and what if it dies: durable jobs in the database, leased by workers on any node.
///
/// A job is enqueued in the transaction of the act that asks for it and is known by (tenant, kind, key), so neither a
/// crash nor a repeated request loses or doubles it. It stores who asked and what for; that person's rights are
/// resolved anew at every lease (DESIGN 7.4).
///
///     queue.register(kind: "library.process") { job in try await library.process(job) }
///     try await database.write(.tenant(tenant)) { tx in try queue.enqueue(request, as: principal, in: tx) }
///
/// An attempt may run twice when its worker dies between its effect and the queue's note of it. A handler makes its
/// effect happen once by `job.complete(in:)`, or `job.confirmLease(in:)`, in the transaction of the effect.
package final class JobQueue: Sendable {
    package typealias Handler = @Sendable (LeasedJob) async throws -> Void
    package typealias GivenUp = @Sendable (GivenUpJob, any Transaction) throws -> Void
    package typealias Resolve = @Sendable (TenantID, SubjectID, Purpose, JobID) async throws -> Principal

    let database: any Database
    let sealer: any Sealer
    let audit: AuditTrail
    let clock: WallClock
    let randomness: Randomness
    let settings: JobSettings
    let resolve: Resolve
    let explain: @Sendable (any Error) -> JobFault
    let observe: @Sendable (JobObservation) -> Void
    /// Names this process in the leases it holds.
    let owner: String
    let handlers = Mutex<[String: Handler]>([:])
    let mourners = Mutex<[String: GivenUp]>([:])
    let running = RunningJobs()

    /// `resolve` gives a subject's rights of this moment and throws when it has none any more. `explain` turns what a
    /// handler threw into words for the job's owner.
    package init(
        database: any Database, sealer: any Sealer, audit: AuditTrail, clock: WallClock, randomness: Randomness,
        settings: JobSettings, resolve: @escaping Resolve,
        explain: @escaping @Sendable (any Error) -> JobFault = JobRoutes.fault,
        observe: @escaping @Sendable (JobObservation) -> Void = { _ in }
    ) {
        self.database = database
        self.sealer = sealer
        self.audit = audit
        self.clock = clock
        self.randomness = randomness
        self.settings = settings
        self.resolve = resolve
        self.explain = explain
        self.observe = observe
        owner = Hex.encode(randomness.bytes(8))
    }

    /// Before `run`: a worker leases only kinds that it can do.
    package func register(kind: String, handler: @escaping Handler) {
        handlers.withLock { $0[kind] = handler }
    }

    /// Before `run`: what else must happen when a job of this kind ends without success, so that nobody waits for it
    /// for ever. Part of the transaction that ends it.
    package func whenGivenUp(kind: String, _ mourner: @escaping GivenUp) {
        mourners.withLock { $0[kind] = mourner }
    }

    /// Forgets what was registered. Handlers hold what they work on and that, in turn, this queue: without it, neither
    /// ever ends. Call it after `run` has ended.
    package func close() {
        handlers.withLock { $0 = [:] }
        mourners.withLock { $0 = [:] }
    }

    /// Adds a job in the caller's transaction, which is one of the principal's tenant. The same kind and key give the
    /// same job, also after it has finished; its payload is then the first one's.
    @discardableResult
    package func enqueue(
        _ request: JobRequest, as principal: Principal, in transaction: any Transaction
    ) throws -> JobID {
        guard transaction.scope == .tenant(principal.tenant) else { throw JobFailure.wrongScope }
        try request.checkSize()
        let store = JobStore(connection: transaction)
        let keyIndex = try index(of: request.idempotencyKey, kind: request.kind, principal.tenant)
        if let known = try store.job(ofKind: request.kind, keyIndex: keyIndex, tenant: principal.tenant) {
            return known
        }
        let id = randomness.identifier(JobID.self)
        let seal = JobSeal(sealer: sealer, tenant: principal.tenant, id: id)
        let now = clock.now()
        let new = JobStore.New(
            id: id, keyIndex: keyIndex, sealedTitle: try seal.seal(request.title, .title),
            sealedPayload: try seal.seal(request.payload, .payload), due: request.notBefore ?? now, now: now)
        // The tenant's counter row is locked, so nobody can have added the key since it was looked up.
        guard try store.insert(new, request, for: principal) else { throw JobFailure.wrongScope }
        transaction.publish(.jobs(principal.tenant))
        return id
    }

    /// Makes the job of that kind and key, of the transaction's tenant, due at `time` where that is sooner. False when
    /// it does not wait: it runs, waits after a failure, has ended, or never was.
    @discardableResult
    package func hasten(
        kind: String, key: String, to time: Timestamp, in transaction: any Transaction
    ) throws -> Bool {
        guard case .tenant(let tenant) = transaction.scope else { throw JobFailure.wrongScope }
        let store = JobStore(connection: transaction)
        guard let id = try store.job(ofKind: kind, keyIndex: index(of: key, kind: kind, tenant), tenant: tenant),
            var row = try store.job(id, tenant: tenant), row.lifecycle.hasten(to: time)
        else { return false }
        try store.save(row, at: clock.now())
        transaction.publish(.jobs(tenant))
        return true
    }

    private func index(of key: String, kind: String, _ tenant: TenantID) throws -> [UInt8] {
        try sealer.blindIndex(Array(key.utf8), tenant: tenant, purpose: "jobs.key.\(kind)")
    }
}
