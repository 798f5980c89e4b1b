import Kit

/// Which warm workers there are and whose, without processes and clock.
///
/// At most `workersMax` exist, busy ones included. A worker serves the tenant it was started for and no other.
struct WorkerRoster<Worker> {
    struct Idle {
        let tenant: TenantID
        let worker: Worker
        /// Jobs it has done.
        let jobs: Int
        let since: ContinuousClock.Instant
    }

    /// What to do for one job: use `warm`, or start a worker after ending `evicted`.
    struct Choice {
        let warm: Idle?
        let evicted: Idle?
    }

    let workersMax: Int
    let jobsPerWorkerMax: Int
    private(set) var busy = 0
    /// In the order in which they became idle.
    private(set) var idle: [Idle] = []

    init(workersMax: Int, jobsPerWorkerMax: Int) {
        self.workersMax = workersMax
        self.jobsPerWorkerMax = jobsPerWorkerMax
    }

    /// Takes a place for one job; nil when all workers are busy. The place is given back by `checkIn` or `leave`.
    mutating func checkOut(for tenant: TenantID) -> Choice? {
        guard busy < workersMax else { return nil }
        busy += 1
        if let index = idle.lastIndex(where: { $0.tenant == tenant }) {
            return Choice(warm: idle.remove(at: index), evicted: nil)
        }
        let isFull = busy + idle.count > workersMax
        return Choice(warm: nil, evicted: isFull ? idle.removeFirst() : nil)
    }

    /// The job went well. True if the worker is kept, false if it has done enough and must end.
    mutating func checkIn(_ worker: Worker, of tenant: TenantID, jobs: Int, at now: ContinuousClock.Instant) -> Bool {
        busy -= 1
        guard jobs < jobsPerWorkerMax else { return false }
        idle.append(Idle(tenant: tenant, worker: worker, jobs: jobs, since: now))
        return true
    }

    /// The job failed and its worker has ended.
    mutating func leave() { busy -= 1 }

    /// Takes out the workers that have been idle since before `limit`; they must end.
    mutating func retire(idleSince limit: ContinuousClock.Instant) -> [Worker] {
        let old = idle.prefix { $0.since <= limit }
        idle.removeFirst(old.count)
        return old.map(\.worker)
    }
}
