import Kit

/// Where a job stands.
package enum JobState: String, CaseIterable, Codable, Sendable {
    /// Waits for a worker.
    case queued
    /// A worker holds it until its lease ends.
    case leased
    case succeeded
    /// Failed, and waits to be tried again.
    case retrying
    /// Failed for good: the dead-letter list.
    case dead
    case cancelled

    /// No worker will touch it again unless a person retries it.
    package var isFinished: Bool {
        switch self {
        case .queued, .leased, .retrying: false
        case .succeeded, .dead, .cancelled: true
        }
    }
}

/// The life of one job, without clock or I/O: the store loads it, asks it what may happen, and saves it, all in one
/// transaction that holds the tenant's counter row. So two workers never decide about one job at the same time.
///
/// Every lease has a number, the fence, that grows with each lease and each cancel. Whoever comes back with an older
/// number has lost the job: it may not complete, fail or renew it, and a transaction that it confirms is undone.
/// Time alone never takes a job from its worker: only another claim after the lease's end, or a cancel, does.
package struct JobLifecycle: Equatable, Sendable {
    package private(set) var state: JobState
    /// Attempts begun, this one included.
    package private(set) var attempt: Int
    package private(set) var fence: Int64
    /// When a worker may take it: the end of the lease while leased, nil when finished.
    package private(set) var due: Timestamp?
    package private(set) var finished: Timestamp?

    package init(queuedUntil due: Timestamp) {
        self.init(state: .queued, attempt: 0, fence: 0, due: due, finished: nil)
    }

    init(state: JobState, attempt: Int, fence: Int64, due: Timestamp?, finished: Timestamp?) {
        self.state = state
        self.attempt = attempt
        self.fence = fence
        self.due = due
        self.finished = finished
    }

    /// False when it does not wait to be run.
    mutating func hasten(to time: Timestamp) -> Bool {
        guard state == .queued, let due else { return false }
        self.due = min(due, time)
        return true
    }

    enum Claim: Equatable {
        case leased
        /// Its attempts are used up by workers that died.
        case exhausted
        /// Not due, or finished.
        case refused
    }

    mutating func claim(at now: Timestamp, by rules: JobRules) -> Claim {
        guard let due, due <= now, !state.isFinished else { return .refused }
        fence += 1
        guard attempt < rules.attemptsMax else {
            finish(.dead, at: now)
            return .exhausted
        }
        attempt += 1
        state = .leased
        self.due = now + rules.lease
        return .leased
    }

    /// Throws unless `fence` is the lease of this moment.
    func confirm(_ fence: Int64) throws(JobFailure) {
        guard state == .leased, self.fence == fence else { throw .leaseLost }
    }

    mutating func renew(_ fence: Int64, at now: Timestamp, by rules: JobRules) throws(JobFailure) {
        try confirm(fence)
        due = now + rules.lease
    }

    mutating func succeed(_ fence: Int64, at now: Timestamp) throws(JobFailure) {
        // The handler's own transaction may have completed it already.
        if state == .succeeded, self.fence == fence { return }
        try confirm(fence)
        finish(.succeeded, at: now)
    }

    /// `jitter` is 0 ..< 1, from injected randomness.
    mutating func fail(
        _ fence: Int64, permanently: Bool, at now: Timestamp, by rules: JobRules, jitter: Double
    ) throws(JobFailure) {
        try confirm(fence)
        guard !permanently, attempt < rules.attemptsMax else { return finish(.dead, at: now) }
        state = .retrying
        due = now + rules.backoff(afterAttempt: attempt, jitter: jitter)
    }

    /// Gives an unfinished job back without counting the attempt: its worker is told to stop.
    mutating func release(_ fence: Int64, at now: Timestamp) throws(JobFailure) {
        try confirm(fence)
        attempt -= 1
        state = .queued
        due = now
    }

    /// The lease's holder is known to be gone.
    mutating func abandon(at now: Timestamp) {
        if state == .leased { due = now }
    }

    /// False when it was finished already.
    mutating func cancel(at now: Timestamp) -> Bool {
        guard !state.isFinished else { return false }
        fence += 1
        finish(.cancelled, at: now)
        return true
    }

    /// False unless it is dead or cancelled. Attempts start over.
    mutating func retry(at now: Timestamp) -> Bool {
        guard state == .dead || state == .cancelled else { return false }
        self = JobLifecycle(state: .queued, attempt: 0, fence: fence, due: now, finished: nil)
        return true
    }

    private mutating func finish(_ state: JobState, at now: Timestamp) {
        self.state = state
        due = nil
        finished = now
    }
}
