import Kit
import Storage

// The workers of this process.
extension JobQueue {
    /// Runs jobs until it is cancelled, and then gives unfinished ones back without counting the attempt.
    package func run() async throws {
        let (wakeups, doubts) = (Wakeups(), LeaseDoubts())
        let signals = database.signals()
        if settings.isExclusive { await tell { try await self.takeOverAll() } }
        await withDiscardingTaskGroup { group in
            group.addTask { await self.follow(signals, wakeups, doubts) }
            group.addTask { await self.settle(doubts) }
            group.addTask { await self.heartbeat() }
            group.addTask { await self.tick(wakeups) }
            group.addTask { await self.pruneHourly() }
            wakeups.fire()
            var turn = Turn()
            for await _ in wakeups.stream {
                await fill(&group, &turn, wakeups)
            }
            group.cancelAll()
        }
    }

    /// Which tenant was served last.
    private struct Turn {
        var last: TenantID?
    }

    /// Claims jobs until the workers are busy or nothing is due.
    private func fill(_ group: inout DiscardingTaskGroup, _ turn: inout Turn, _ wakeups: Wakeups) async {
        var empty: Set<TenantID> = []
        while !Task.isCancelled {
            let portions = await portions(turn, without: empty)
            guard !portions.isEmpty else { return }
            for portion in portions {
                let claimed = await tell { try await self.claim(portion.tenant, limit: portion.jobs) } ?? []
                if claimed.count < portion.jobs { empty.insert(portion.tenant) }
                turn.last = portion.tenant
                for job in claimed {
                    running.insert(job.lease, until: job.until)
                    group.addTask {
                        await self.perform(job)
                        wakeups.fire()
                    }
                }
            }
        }
    }

    private func portions(_ turn: Turn, without empty: Set<TenantID>) async -> [FairShare.Portion] {
        let slots = settings.workers - running.count
        guard slots > 0 else { return [] }
        let now = clock.now()
        let active = await tell { try await self.activeTenants() } ?? []
        let waiting = active.filter { $0.firstDue <= now && !empty.contains($0.tenant) }.map(\.tenant).sorted()
        return FairShare.portions(of: slots, among: waiting, running: running.countsByTenant, after: turn.last)
    }

    private func activeTenants() async throws -> [JobStore.Activity] {
        try await database.read { try JobStore(connection: $0).activeTenants() }
    }

    /// A signal is a hint: that a job came, or that one of ours was taken away.
    private func follow(_ signals: AsyncStream<Signal>, _ wakeups: Wakeups, _ doubts: LeaseDoubts) async {
        for await case .jobs(let tenant) in signals {
            wakeups.fire()
            doubts.add(tenant)
        }
    }

    /// Every step of every job is a signal: those that come during a look share the next one.
    private func settle(_ doubts: LeaseDoubts) async {
        for await _ in doubts.stream {
            for tenant in doubts.take() { await tell { try await self.dropLostLeases(of: tenant) } }
        }
    }

    /// Looks again when the next job is due, after `poll` at the latest and a second at the soonest.
    private func tick(_ wakeups: Wakeups) async {
        while !Task.isCancelled {
            let first = await tell { try await self.activeTenants() }?.map(\.firstDue).min()
            let wait = first.map { $0 - clock.now() } ?? settings.poll
            guard await slept(min(settings.poll, max(.seconds(1), wait))) else { return }
            wakeups.fire()
        }
    }

    private func heartbeat() async {
        while await slept(settings.rules.lease / 3) {
            for leases in Dictionary(grouping: running.leases, by: \.tenant).values {
                await tell { try await self.renew(leases) }
            }
            // A lease that could not be renewed in time may be another's already.
            let now = clock.now()
            running.leases.filter { !running.holds($0, at: now) }.forEach(running.lose)
        }
    }

    /// For a process that knows itself alone: whoever held these leases is dead.
    private func takeOverAll() async throws {
        let now = clock.now()
        for activity in try await activeTenants() {
            try await database.write(.tenant(activity.tenant)) { [owner] transaction in
                let store = JobStore(connection: transaction)
                for var row in try store.leased(activity.tenant, notBy: owner, limit: 10_000) {
                    row.lifecycle.abandon(at: now)
                    try store.saveLease(row)
                }
            }
        }
    }

    private func pruneHourly() async {
        repeat {
            await tell { try await self.prune() }
        } while await slept(.seconds(3600))
    }

    /// False when the task is told to stop.
    private func slept(_ duration: Duration) async -> Bool {
        (try? await clock.sleep(duration)) != nil && !Task.isCancelled
    }

    /// Removes jobs that finished longer ago than they are kept, in small transactions.
    func prune() async throws {
        let limit = 500
        let oldest = clock.now() - settings.keep
        let tenants = try await database.read { try JobStore(connection: $0).tenantsToPrune(finishedBefore: oldest) }
        for tenant in tenants {
            while try await database.write(
                .tenant(tenant),
                { transaction in
                    try JobStore(connection: transaction).prune(tenant, finishedBefore: oldest, limit: limit)
                }) == limit
            {}
        }
    }

    /// A database that does not answer must not end the workers: it is told, and tried again.
    @discardableResult
    func tell<Value: Sendable>(_ work: () async throws -> Value) async -> Value? {
        do {
            return try await work()
        } catch {
            if !(error is CancellationError) { observe(.stalled(error: String(describing: error))) }
            return nil
        }
    }
}
