import Kit

/// A job that ended without success: dead after its last attempt, or cancelled. A person may still retry it.
package struct GivenUpJob: Sendable {
    package let id: JobID
    package let tenant: TenantID
    /// Who asked for it.
    package let subject: SubjectID
    package let resource: String?
    /// `.dead` or `.cancelled`.
    package let state: JobState
}
