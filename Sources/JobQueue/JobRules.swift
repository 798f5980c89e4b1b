import Kit

/// The numbers that a job's life follows.
package struct JobRules: Equatable, Sendable {
    package var lease: Duration = .seconds(60)
    package var attemptsMax = 5
    /// Wait after the first failure; doubles with each.
    package var backoffMin: Duration = .seconds(2)
    package var backoffMax: Duration = .seconds(600)

    package init(attemptsMax: Int = 5, lease: Duration = .seconds(60)) {
        self.attemptsMax = attemptsMax
        self.lease = lease
    }

    /// Half of the doubling wait is fixed and half random, so that jobs that failed together do not return together.
    func backoff(afterAttempt attempt: Int, jitter: Double) -> Duration {
        let doublings = min(max(attempt - 1, 0), 30)
        let wait = min(backoffMax, backoffMin * (1 << doublings))
        return wait * (0.5 + 0.5 * jitter)
    }
}

/// How one process runs jobs. Built in wiring from the `jobs` section of the settings.
package struct JobSettings: Equatable, Sendable {
    /// Jobs that run at once in this process.
    package var workers: Int
    package var rules: JobRules
    /// How long finished jobs are kept.
    package var keep: Duration
    /// No other process shares the database (SQLite under its lock): a lease found at start belongs to nobody alive
    /// and is taken over at once.
    package var isExclusive: Bool
    /// How often due jobs are looked for when no signal comes.
    package var poll: Duration
    /// A job's progress is written at most this often.
    package var progressInterval: Duration

    package init(
        workers: Int = 2, rules: JobRules = JobRules(), keepDays: Int = 30, isExclusive: Bool = false,
        poll: Duration = .seconds(5), progressInterval: Duration = .milliseconds(250)
    ) {
        self.workers = workers
        self.rules = rules
        self.keep = .seconds(keepDays * 86_400)
        self.isExclusive = isExclusive
        self.poll = poll
        self.progressInterval = progressInterval
    }
}
