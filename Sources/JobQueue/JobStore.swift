import Kit
import Storage

/// SQL of the jobs table. Every call names a tenant; the two that look over all tenants (`activeTenants`,
/// `tenantsToPrune`) give nothing but which tenants a worker should look at.
struct JobStore {
    let connection: any SQLConnection

    private static let columns: SQLStatement = """
        id, tenant, subject, purpose, kind, resource, title, state, attempt, fence, owner, due, done, total, step, \
        reason_code, reason, created, updated, finished, revision
        """

    struct New {
        let id: JobID
        let keyIndex: [UInt8]
        let sealedTitle: [UInt8]?
        let sealedPayload: [UInt8]
        let due: Timestamp
        let now: Timestamp
    }

    /// False when the tenant has a job of this kind and key already.
    func insert(_ new: New, _ request: JobRequest, for principal: Principal) throws -> Bool {
        let revision = try nextRevision(principal.tenant)
        return try connection.execute(
            """
            INSERT INTO jobs (id, tenant, subject, purpose, kind, key_index, resource, title, payload, state, attempt,
                fence, due, done, total, created, updated, revision)
            VALUES (\(new.id), \(principal.tenant), \(principal.subject), \(principal.purpose.rawValue),
                \(request.kind), \(new.keyIndex), \(request.resource), \(new.sealedTitle), \(new.sealedPayload),
                \(JobState.queued.rawValue), 0, 0, \(new.due), 0, 0, \(new.now), \(new.now), \(revision))
            ON CONFLICT (tenant, kind, key_index) DO NOTHING
            """) == 1
    }

    func job(ofKind kind: String, keyIndex: [UInt8], tenant: TenantID) throws -> JobID? {
        try connection.row(
            """
            SELECT id FROM jobs WHERE tenant = \(tenant) AND kind = \(kind) AND key_index = \(keyIndex)
            """)?["id"]
    }

    func job(_ id: JobID, tenant: TenantID) throws -> JobRow? {
        try connection.row("SELECT \(Self.columns) FROM jobs WHERE tenant = \(tenant) AND id = \(id)").map(JobRow.init)
    }

    func job(_ id: JobID, visibleTo visibility: JobVisibility) throws -> JobRow? {
        guard let row = try job(id, tenant: visibility.tenant) else { return nil }
        return visibility.subject.map { $0 == row.subject } ?? true ? row : nil
    }

    func fence(of id: JobID, tenant: TenantID) throws -> Int64? {
        try connection.row("SELECT fence FROM jobs WHERE tenant = \(tenant) AND id = \(id)")?["fence"]
    }

    func payload(_ id: JobID, tenant: TenantID) throws -> [UInt8]? {
        try connection.row("SELECT payload FROM jobs WHERE tenant = \(tenant) AND id = \(id)")?["payload"]
    }

    /// Due jobs of these kinds, the longest waiting first. Rows that another worker's transaction holds are skipped.
    func claimable(_ tenant: TenantID, kinds: [String], at now: Timestamp, limit: Int) throws -> [JobRow] {
        try connection.rows(
            """
            SELECT \(Self.columns) FROM jobs WHERE tenant = \(tenant) AND due <= \(now) AND kind IN (\(list: kinds))
            ORDER BY due, id LIMIT \(limit)\(connection.dialect.skipLocked)
            """
        ).map(JobRow.init)
    }

    /// Whether another job has waited for a worker since before `now`, and so comes before one that is due then.
    func hasDue(_ tenant: TenantID, besides job: JobID, at now: Timestamp) throws -> Bool {
        try connection.row(
            """
            SELECT 1 AS found FROM jobs WHERE tenant = \(tenant) AND due < \(now) AND id <> \(job)
                AND state <> \(JobState.leased.rawValue) LIMIT 1
            """) != nil
    }

    /// Leases of other processes, for a process that knows itself alone.
    func leased(_ tenant: TenantID, notBy owner: String, limit: Int) throws -> [JobRow] {
        try connection.rows(
            """
            SELECT \(Self.columns) FROM jobs
            WHERE tenant = \(tenant) AND due IS NOT NULL AND state = \(JobState.leased.rawValue) AND owner <> \(owner)
            ORDER BY due, id LIMIT \(limit)
            """
        ).map(JobRow.init)
    }

    /// Saves what can change, as a new revision that event streams see.
    func save(_ row: JobRow, at now: Timestamp) throws {
        let revision = try nextRevision(row.tenant)
        try connection.execute(
            """
            UPDATE jobs SET \(lifecycle(of: row)), done = \(row.done), total = \(row.total), step = \(row.sealedStep),
                reason_code = \(row.reasonCode), reason = \(row.sealedReason), updated = \(now), revision = \(revision)
            WHERE tenant = \(row.tenant) AND id = \(row.id)
            """)
    }

    /// Saves the lease alone: nobody watches a heartbeat.
    func saveLease(_ row: JobRow) throws {
        try connection.execute(
            """
            UPDATE jobs SET \(lifecycle(of: row)) WHERE tenant = \(row.tenant) AND id = \(row.id)
            """)
    }

    /// A job that succeeded needs its payload no more.
    func dropPayload(_ id: JobID, tenant: TenantID) throws {
        try connection.execute("UPDATE jobs SET payload = NULL WHERE tenant = \(tenant) AND id = \(id)")
    }

    private func lifecycle(of row: JobRow) -> SQLStatement {
        """
        state = \(row.lifecycle.state.rawValue), attempt = \(row.lifecycle.attempt), fence = \(row.lifecycle.fence), \
        owner = \(row.owner), due = \(row.lifecycle.due), finished = \(row.lifecycle.finished)
        """
    }

    private func nextRevision(_ tenant: TenantID) throws -> Int64 {
        let row = try connection.row(
            """
            INSERT INTO job_revisions (tenant, revision) VALUES (\(tenant), 1)
            ON CONFLICT (tenant) DO UPDATE SET revision = job_revisions.revision + 1 RETURNING revision
            """)
        guard let revision: Int64 = try row?["revision"] else {
            throw StorageFailure.unexpectedValue(column: "revision")
        }
        return revision
    }
}

// Reading, for people.
extension JobStore {
    /// Newest first, from after the job that was created at `after.0` and is called `after.1`.
    func page(
        _ visibility: JobVisibility, state: JobState?, after: (Timestamp, JobID)?, limit: Int
    ) throws -> [JobRow] {
        let position: SQLStatement =
            after.map { created, id in
                " AND (created < \(created) OR (created = \(created) AND id < \(id)))"
            } ?? ""
        let chosen: SQLStatement = state.map { " AND state = \($0.rawValue)" } ?? ""
        return try connection.rows(
            """
            SELECT \(Self.columns) FROM jobs WHERE \(condition(visibility))\(chosen)\(position)
            ORDER BY created DESC, id DESC LIMIT \(limit)
            """
        ).map(JobRow.init)
    }

    /// In order of revision.
    func changed(_ visibility: JobVisibility, after revision: Int64, limit: Int) throws -> [JobRow] {
        try connection.rows(
            """
            SELECT \(Self.columns) FROM jobs WHERE \(condition(visibility)) AND revision > \(revision)
            ORDER BY revision LIMIT \(limit)
            """
        ).map(JobRow.init)
    }

    func unfinished(_ visibility: JobVisibility, limit: Int) throws -> [JobRow] {
        try connection.rows(
            """
            SELECT \(Self.columns) FROM jobs WHERE \(condition(visibility)) AND due IS NOT NULL
            ORDER BY revision LIMIT \(limit)
            """
        ).map(JobRow.init)
    }

    /// The newest revision of the tenant; 0 before the first job.
    func revision(_ tenant: TenantID) throws -> Int64 {
        try connection.row("SELECT revision FROM job_revisions WHERE tenant = \(tenant)")?["revision"] ?? 0
    }

    private func condition(_ visibility: JobVisibility) -> SQLStatement {
        guard let subject = visibility.subject else { return "tenant = \(visibility.tenant)" }
        return "tenant = \(visibility.tenant) AND subject = \(subject)"
    }
}

// Over all tenants, for workers.
extension JobStore {
    struct Activity: Equatable, Sendable {
        let tenant: TenantID
        let firstDue: Timestamp
    }

    /// Tenants with unfinished jobs and when the first of them is due. Jumps from tenant to tenant over the index
    /// (a "loose index scan"), so a long queue costs no more than a short one.
    func activeTenants() throws -> [Activity] {
        try connection.rows(
            """
            WITH RECURSIVE active (tenant) AS (
                SELECT MIN(tenant) FROM jobs WHERE due IS NOT NULL
                UNION ALL
                SELECT (SELECT MIN(tenant) FROM jobs WHERE due IS NOT NULL AND tenant > active.tenant)
                FROM active WHERE active.tenant IS NOT NULL)
            SELECT tenant,
                (SELECT MIN(due) FROM jobs WHERE jobs.tenant = active.tenant AND due IS NOT NULL) AS first_due
            FROM active WHERE tenant IS NOT NULL
            """
        ).map { Activity(tenant: try $0["tenant"], firstDue: try $0["first_due"]) }
    }

    func tenantsToPrune(finishedBefore time: Timestamp) throws -> [TenantID] {
        try connection.rows("SELECT DISTINCT tenant FROM jobs WHERE finished < \(time)").map { try $0["tenant"] }
    }

    /// How many were removed.
    func prune(_ tenant: TenantID, finishedBefore time: Timestamp, limit: Int) throws -> Int {
        try connection.execute(
            """
            DELETE FROM jobs WHERE tenant = \(tenant) AND id IN (
                SELECT id FROM jobs WHERE tenant = \(tenant) AND finished < \(time) ORDER BY finished LIMIT \(limit))
            """)
    }

    func erase(resource: String, tenant: TenantID) throws -> Int {
        try connection.execute("DELETE FROM jobs WHERE tenant = \(tenant) AND resource = \(resource)")
    }

    func mentions(of resource: String, tenant: TenantID) throws -> Int {
        let row = try connection.row(
            """
            SELECT COUNT(*) AS found FROM jobs WHERE tenant = \(tenant) AND resource = \(resource)
            """)
        return try row?["found"] ?? 0
    }
}
