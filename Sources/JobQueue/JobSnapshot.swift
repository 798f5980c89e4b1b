import Kit

/// How far a job has come. `step` is content: it may name a document.
package struct JobProgress: Hashable, Sendable {
    package let done: Int
    /// 0 when unknown.
    package let total: Int
    package let step: String?

    package init(done: Int, total: Int, step: String? = nil) {
        self.done = done
        self.total = total
        self.step = step
    }
}

/// What a principal may see of a job.
package struct JobSnapshot: Equatable, Sendable {
    package let id: JobID
    package let tenant: TenantID
    package let subject: SubjectID
    package let purpose: Purpose
    package let kind: String
    package let resource: String?
    package let title: String?
    package let state: JobState
    package let attempt: Int
    package let progress: JobProgress
    /// Code and sentence of the last failure.
    package let reasonCode: String?
    package let reason: String?
    package let created: Timestamp
    package let updated: Timestamp
    package let finished: Timestamp?
    /// Position in the tenant's stream of job changes; the id of a server-sent event.
    package let revision: Int64
}

/// A job as it was after one change. Changes that follow each other quickly may come as one.
package struct JobEvent: Equatable, Sendable {
    package let job: JobSnapshot
    package var revision: Int64 { job.revision }
}

/// Whose jobs a principal may see: its own, and an administrator all of the tenant. Needs `jobs.read` in any case.
struct JobVisibility: Sendable {
    let tenant: TenantID
    /// Nil for all of the tenant.
    let subject: SubjectID?

    init(of principal: Principal, to permission: Permission) throws(JobFailure) {
        guard principal.permissions.contains(permission) else { throw .notPermitted(permission) }
        tenant = principal.tenant
        subject = principal.roles.contains(.admin) ? nil : principal.subject
    }
}
