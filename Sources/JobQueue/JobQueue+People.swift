import AuditTrail
import Kit
import Storage

// What people see and do. An unknown job and somebody else's job answer alike.
extension JobQueue {
    /// Newest first.
    package func list(
        for principal: Principal, state: JobState? = nil, _ request: PageRequest = PageRequest()
    ) async throws -> Page<JobSnapshot> {
        let visibility = try JobVisibility(of: principal, to: .jobsRead)
        let after = try request.after.map(JobCursor.parse)
        return try await database.read { [sealer] connection in
            let rows = try JobStore(connection: connection).page(
                visibility, state: state, after: after, limit: request.limit + 1)
            let items = try rows.prefix(request.limit).map { try JobSnapshot($0, sealer: sealer) }
            let next = rows.count > request.limit ? items.last.map(JobCursor.text) : nil
            return Page(items: items, next: next)
        }
    }

    package func job(_ id: JobID, for principal: Principal) async throws -> JobSnapshot {
        let visibility = try JobVisibility(of: principal, to: .jobsRead)
        return try await database.read { [sealer] connection in
            guard let row = try JobStore(connection: connection).job(id, visibleTo: visibility) else {
                throw JobFailure.unknownJob
            }
            return try JobSnapshot(row, sealer: sealer)
        }
    }

    /// Ends a job at once: a worker that runs it has lost it from here on. Cancelling twice is no error; a job that
    /// finished otherwise throws `alreadyFinished`. Audited.
    package func cancel(_ id: JobID, by principal: Principal, request: RequestID? = nil) async throws -> JobSnapshot {
        try await change(id, by: principal, request, action: "jobs.cancel") { lifecycle, now throws(JobFailure) in
            if lifecycle.state == .cancelled { return false }
            guard lifecycle.cancel(at: now) else { throw .alreadyFinished(lifecycle.state) }
            return true
        }
    }

    /// Queues a dead or cancelled job again, with its attempts starting over. Audited.
    package func retry(_ id: JobID, by principal: Principal, request: RequestID? = nil) async throws -> JobSnapshot {
        try await change(id, by: principal, request, action: "jobs.retry") { lifecycle, now throws(JobFailure) in
            guard lifecycle.retry(at: now) else { throw .notRetryable(lifecycle.state) }
            return true
        }
    }

    /// Removes every job that names `resource`: a step of its erasure. A worker that runs one has lost it.
    package func erase(resource: String, in transaction: any Transaction) throws {
        guard case .tenant(let tenant) = transaction.scope else { throw JobFailure.wrongScope }
        if try JobStore(connection: transaction).erase(resource: resource, tenant: tenant) > 0 {
            transaction.publish(.jobs(tenant))
        }
    }

    /// How many jobs name `resource`: the re-test of its erasure.
    package func mentions(of resource: String, tenant: TenantID) async throws -> Int {
        try await database.read { try JobStore(connection: $0).mentions(of: resource, tenant: tenant) }
    }

    private func change(
        _ id: JobID, by principal: Principal, _ request: RequestID?, action: String,
        _ decide: @escaping @Sendable (inout JobLifecycle, Timestamp) throws(JobFailure) -> Bool
    ) async throws -> JobSnapshot {
        let visibility = try JobVisibility(of: principal, to: .jobsCancel)
        let now = clock.now()
        return try await database.write(.tenant(principal.tenant)) { [self] transaction in
            let store = JobStore(connection: transaction)
            guard var row = try store.job(id, visibleTo: visibility) else { throw JobFailure.unknownJob }
            guard try decide(&row.lifecycle, now) else { return try JobSnapshot(row, sealer: sealer) }
            row.owner = nil
            try store.save(row, at: now)
            try mourn(row, in: transaction)
            try audit.append(
                AuditEntry(
                    action: action, subject: principal.subject, resource: id.description, request: request,
                    facts: ["kind": row.kind]),
                in: transaction)
            transaction.publish(.jobs(principal.tenant))
            guard let saved = try store.job(id, visibleTo: visibility) else { throw JobFailure.unknownJob }
            return try JobSnapshot(saved, sealer: sealer)
        }
    }
}

/// The key of a page's last job: when it was created, and its name.
enum JobCursor {
    static func text(_ job: JobSnapshot) -> String { "\(job.created.microseconds)/\(job.id)" }

    static func parse(_ text: String) throws(JobFailure) -> (Timestamp, JobID) {
        let parts = text.split(separator: "/")
        guard parts.count == 2, let created = Int64(parts[0]), let id = JobID(String(parts[1])) else {
            throw .badCursor
        }
        return (Timestamp(microseconds: created), id)
    }
}
