import Kit

/// What the queue tells its operator: wiring turns it into log lines and metrics. Holds no content.
package enum JobObservation: Sendable {
    case started(JobID, kind: String, attempt: Int)
    case ended(JobID, kind: String, state: JobState, seconds: Double)
    /// An attempt ended with this error.
    case attemptFailed(JobID, kind: String, error: String)
    /// A worker came back after it had lost the job; nothing was changed.
    case leaseLost(JobID, kind: String)
    /// The database could not be asked; it is tried again at the next poll.
    case stalled(error: String)
}
