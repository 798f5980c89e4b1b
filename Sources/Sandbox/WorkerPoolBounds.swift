/// The bounds of a pool of warm workers.
package struct WorkerPoolBounds: Hashable, Sendable {
    /// Processes at a time, busy and idle.
    package var workersMax: Int
    /// Callers that wait for a worker; one more is refused.
    package var waitingMax: Int
    /// Jobs after which a worker is replaced.
    package var jobsPerWorkerMax: Int
    /// Time without a job after which a worker is ended.
    package var idleMax: Duration

    package init(
        workersMax: Int = 2, waitingMax: Int = 1000, jobsPerWorkerMax: Int = 100, idleMax: Duration = .seconds(60)
    ) {
        self.workersMax = max(1, workersMax)
        self.waitingMax = max(0, waitingMax)
        self.jobsPerWorkerMax = max(1, jobsPerWorkerMax)
        self.idleMax = idleMax
    }
}
