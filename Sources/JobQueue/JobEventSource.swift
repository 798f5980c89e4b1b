import Kit
import Storage

/// Changes of the jobs that one principal may see, read from the table as fast as the reader takes them: a slow
/// reader costs no memory and misses only states that were overtaken.
actor JobEventSource {
    private static let batch = 100

    private let database: any Database
    private let sealer: any Sealer
    private let visibility: JobVisibility
    private let wakeups: Wakeups
    private let feeders: [Task<Void, Never>]
    private var revision: Int64?
    private var pending: ArraySlice<JobEvent> = []

    /// Starts after `revision`, or with all unfinished jobs when that is nil. Signals are subscribed to before the
    /// first read, so nothing falls between.
    init(_ queue: JobQueue, for principal: Principal, after revision: Int64?) throws(JobFailure) {
        visibility = try JobVisibility(of: principal, to: .jobsRead)
        database = queue.database
        sealer = queue.sealer
        self.revision = revision
        let wakeups = Wakeups()
        self.wakeups = wakeups
        let signals = queue.database.signals()
        let (clock, poll) = (queue.clock, queue.settings.poll)
        feeders = [
            Task { await Self.follow(signals, for: principal, wakeups) },
            Task { while (try? await clock.sleep(poll)) != nil, !Task.isCancelled { wakeups.fire() } },
        ]
    }

    deinit { for feeder in feeders { feeder.cancel() } }

    /// Nil when the reader is cancelled, its rights were cut, or the database went away: it comes back with the
    /// revision it saw last.
    func next() async -> JobEvent? {
        while pending.isEmpty {
            guard let read = try? await read(), !Task.isCancelled else { return nil }
            pending = read[...]
            if pending.isEmpty {
                var changes = wakeups.stream.makeAsyncIterator()
                guard await changes.next(isolation: self) != nil else { return nil }
            }
        }
        return pending.popFirst()
    }

    private func read() async throws -> [JobEvent] {
        let (found, reached) = try await database.read { [visibility, sealer, revision] connection in
            let store = JobStore(connection: connection)
            let newest = try store.revision(visibility.tenant)
            let rows =
                try revision.map { try store.changed(visibility, after: $0, limit: Self.batch) }
                ?? store.unfinished(visibility, limit: PageRequest.limitMax)
            let events = try rows.map { JobEvent(job: try JobSnapshot($0, sealer: sealer)) }
            let isFull = revision != nil && rows.count == Self.batch
            return (events, isFull ? events.last?.revision ?? newest : newest)
        }
        revision = reached
        return found
    }

    private static func follow(_ signals: AsyncStream<Signal>, for principal: Principal, _ wakeups: Wakeups) async {
        for await signal in signals {
            switch signal {
            case .jobs(let tenant) where tenant == principal.tenant: wakeups.fire()
            case .revoked(let revocation) where revocation.touches(principal): return wakeups.finish()
            default: break
            }
        }
        wakeups.finish()
    }
}

extension JobQueue {
    /// The principal's jobs as they change; an administrator's tenant's. Begins with the unfinished ones, or after
    /// `revision`. Ends when the principal's rights are cut. Throws `notPermitted` without `jobs.read`.
    package func events(for principal: Principal, after revision: Int64? = nil) throws -> AsyncStream<JobEvent> {
        let source = try JobEventSource(self, for: principal, after: revision)
        return AsyncStream(unfolding: { await source.next() })
    }
}
