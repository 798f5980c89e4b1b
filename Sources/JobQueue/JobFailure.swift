import Kit

/// What the queue can refuse.
package enum JobFailure: Error, Equatable, Sendable {
    /// No such job, or not for this principal to know.
    case unknownJob
    /// The principal's permissions do not include it.
    case notPermitted(Permission)
    /// Cancel of a job that has finished otherwise.
    case alreadyFinished(JobState)
    /// Retry of a job that is neither dead nor cancelled.
    case notRetryable(JobState)
    /// The job was cancelled, or another worker has taken it over.
    case leaseLost
    case requestTooLarge(field: String)
    /// A transaction of another scope than the job's tenant: a defect of ours.
    case wrongScope
    /// A malformed page cursor.
    case badCursor
}

/// Why an attempt failed, as the job's owner may read it. A handler throws one to say it in its own words.
package struct JobFault: Error, Equatable, Sendable {
    /// `jobs.rights_lost`, `library.unreadable`: stable, part of the API.
    package let code: String
    /// A sentence for people; sealed at rest.
    package let reason: String
    /// Another attempt would fail alike.
    package let isPermanent: Bool

    package init(code: String, reason: String, isPermanent: Bool) {
        self.code = code
        self.reason = reason
        self.isPermanent = isPermanent
    }

    static let failed = JobFault(
        code: "jobs.failed", reason: "The work failed. The server's log says more.", isPermanent: false)
    static let rightsLost = JobFault(
        code: "jobs.rights_lost", reason: "Whoever started this is suspended or no longer has the right to do it.",
        isPermanent: true)
    static let exhausted = JobFault(
        code: "jobs.attempts_exhausted", reason: "Every attempt ended with its worker, so it is not tried again.",
        isPermanent: true)
    static let unreadable = JobFault(
        code: "jobs.unreadable", reason: "Its payload can no longer be opened.", isPermanent: true)
}
