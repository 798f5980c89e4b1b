import Kit

/// One worker's hold on one job.
struct Lease: Hashable, Sendable {
    let job: JobID
    let tenant: TenantID
    let kind: String
    /// The lifecycle's number of this lease.
    let fence: Int64
}

/// A job whose lease has just been taken, before its subject's rights are known.
struct ClaimedJob: Sendable {
    let lease: Lease
    let subject: SubjectID
    let purpose: Purpose
    let attempt: Int
    let resource: String?
    let title: String?
    let payload: [UInt8]
    let until: Timestamp
}
