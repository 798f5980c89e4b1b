import Kit
import Storage
import Synchronization

// What workers do to rows. Every change is a transaction of the job's tenant and starts from the row it finds.
extension JobQueue {
    /// Takes up to `limit` due jobs of one tenant in one transaction. Jobs that cannot be run any more are buried.
    func claim(_ tenant: TenantID, limit: Int) async throws -> [ClaimedJob] {
        let kinds = handlers.withLock { $0.keys.sorted() }
        let now = clock.now()
        return try await database.write(.tenant(tenant)) { [self] transaction in
            let store = JobStore(connection: transaction)
            let rows = try store.claimable(tenant, kinds: kinds, at: now, limit: limit)
            let claimed = try rows.compactMap { try claim($0, at: now, in: transaction) }
            if !rows.isEmpty { transaction.publish(.jobs(tenant)) }
            return claimed
        }
    }

    private func claim(_ row: JobRow, at now: Timestamp, in transaction: any Transaction) throws -> ClaimedJob? {
        let store = JobStore(connection: transaction)
        var row = row
        switch row.lifecycle.claim(at: now, by: settings.rules) {
        case .refused: return nil
        case .exhausted:
            try bury(row, .exhausted, at: now, in: transaction)
            return nil
        case .leased: break
        }
        row.owner = owner
        let claimed: ClaimedJob
        do {
            claimed = try open(row, payload: try store.payload(row.id, tenant: row.tenant))
        } catch is SealFailure {
            try row.lifecycle.fail(row.lifecycle.fence, permanently: true, at: now, by: settings.rules, jitter: 0)
            try bury(row, .unreadable, at: now, in: transaction)
            return nil
        }
        try store.save(row, at: now)
        return claimed
    }

    private func open(_ row: JobRow, payload: [UInt8]?) throws -> ClaimedJob {
        let seal = JobSeal(sealer: sealer, tenant: row.tenant, id: row.id)
        return ClaimedJob(
            lease: Lease(job: row.id, tenant: row.tenant, kind: row.kind, fence: row.lifecycle.fence),
            subject: row.subject, purpose: row.purpose, attempt: row.lifecycle.attempt, resource: row.resource,
            title: try seal.openText(row.sealedTitle, .title),
            payload: try payload.map { try seal.open($0, .payload) } ?? [],
            until: row.lifecycle.due ?? clock.now())
    }

    private func bury(_ row: JobRow, _ fault: JobFault, at now: Timestamp, in transaction: any Transaction) throws {
        var row = row
        row.owner = nil
        explain(fault, on: &row)
        try JobStore(connection: transaction).save(row, at: now)
        try mourn(row, in: transaction)
    }

    /// Tells whoever waits for this kind of job when it has ended without success.
    func mourn(_ row: JobRow, in transaction: any Transaction) throws {
        guard [.dead, .cancelled].contains(row.lifecycle.state) else { return }
        let job = GivenUpJob(
            id: row.id, tenant: row.tenant, subject: row.subject, resource: row.resource, state: row.lifecycle.state)
        try mourners.withLock({ $0[row.kind] })?(job, transaction)
    }

    /// The code always; the sentence unless the tenant's key is gone.
    private func explain(_ fault: JobFault, on row: inout JobRow) {
        row.reasonCode = fault.code
        let seal = JobSeal(sealer: sealer, tenant: row.tenant, id: row.id)
        row.sealedReason = (try? seal.seal(fault.reason, .reason)) ?? nil
    }

    func row(of lease: Lease, in transaction: any Transaction) throws -> JobRow {
        guard transaction.scope == .tenant(lease.tenant) else { throw JobFailure.wrongScope }
        guard let row = try JobStore(connection: transaction).job(lease.job, tenant: lease.tenant) else {
            throw JobFailure.leaseLost
        }
        return row
    }

    /// `done` are the steps that the job had, where it tells of any.
    func succeed(_ lease: Lease, done: Int = 0, in transaction: any Transaction) throws {
        var row = try row(of: lease, in: transaction)
        guard row.lifecycle.state != .succeeded || row.lifecycle.fence != lease.fence else { return }
        let now = clock.now()
        try row.lifecycle.succeed(lease.fence, at: now)
        row.owner = nil
        row.reasonCode = nil
        row.sealedReason = nil
        if done > 0 { (row.done, row.total) = (done, done) }
        let store = JobStore(connection: transaction)
        try store.save(row, at: now)
        try store.dropPayload(lease.job, tenant: lease.tenant)
        transaction.publish(.jobs(lease.tenant))
    }

    func fail(_ lease: Lease, _ fault: JobFault, in transaction: any Transaction) throws -> JobState {
        var row = try row(of: lease, in: transaction)
        let now = clock.now()
        try row.lifecycle.fail(
            lease.fence, permanently: fault.isPermanent, at: now, by: settings.rules, jitter: jitter())
        row.owner = nil
        explain(fault, on: &row)
        try JobStore(connection: transaction).save(row, at: now)
        try mourn(row, in: transaction)
        transaction.publish(.jobs(lease.tenant))
        return row.lifecycle.state
    }

    func release(_ lease: Lease, in transaction: any Transaction) throws {
        var row = try row(of: lease, in: transaction)
        let now = clock.now()
        try row.lifecycle.release(lease.fence, at: now)
        row.owner = nil
        try JobStore(connection: transaction).save(row, at: now)
        transaction.publish(.jobs(lease.tenant))
    }

    func giveWay(_ lease: Lease, always: Bool) async throws {
        let now = clock.now()
        let waits = try await database.read { connection in
            try JobStore(connection: connection).hasDue(lease.tenant, besides: lease.job, at: now)
        }
        guard always || waits else { return }
        try await database.write(.tenant(lease.tenant)) { try self.release(lease, in: $0) }
        throw JobFailure.leaseLost
    }

    func report(_ progress: JobProgress, _ lease: Lease) async throws {
        try await database.write(.tenant(lease.tenant)) { [self] transaction in
            var row = try row(of: lease, in: transaction)
            try row.lifecycle.confirm(lease.fence)
            row.done = progress.done
            row.total = progress.total
            row.sealedStep = try JobSeal(sealer: sealer, tenant: lease.tenant, id: lease.job).seal(progress.step, .step)
            try JobStore(connection: transaction).save(row, at: clock.now())
            transaction.publish(.jobs(lease.tenant))
        }
    }

    /// Extends the leases of one tenant's jobs; those that are lost are told to stop.
    func renew(_ leases: [Lease]) async throws {
        guard let tenant = leases.first?.tenant else { return }
        let now = clock.now()
        let lost = try await database.write(.tenant(tenant)) { [self] transaction in
            try leases.filter { lease in
                do {
                    var row = try row(of: lease, in: transaction)
                    try row.lifecycle.renew(lease.fence, at: now, by: settings.rules)
                    try JobStore(connection: transaction).saveLease(row)
                    return false
                } catch JobFailure.leaseLost {
                    return true
                }
            }
        }
        lost.forEach(running.lose)
        for lease in leases where !lost.contains(lease) {
            running.renewed(lease, until: now + settings.rules.lease)
        }
    }

    /// Stops the handlers whose jobs were cancelled or taken over, as soon as a signal hints at it.
    func dropLostLeases(of tenant: TenantID) async throws {
        let leases = running.leases.filter { $0.tenant == tenant }
        guard !leases.isEmpty else { return }
        let lost = try await database.read { connection in
            let store = JobStore(connection: connection)
            // Its own handler may have completed it: then it is about to return and needs no telling.
            return try leases.filter { try store.fence(of: $0.job, tenant: tenant) != $0.fence }
        }
        lost.forEach(running.lose)
    }

    /// 0 ..< 1 in steps of 2^-53.
    private func jitter() -> Double {
        Double(randomness.bytes(8).reduce(0) { $0 << 8 | UInt64($1) } >> 11) / Double(UInt64(1) << 53)
    }
}
