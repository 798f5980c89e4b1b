import Kit
import Synchronization

/// The jobs that this process runs: when their leases end, and how to stop them.
final class RunningJobs: Sendable {
    private struct Entry {
        let lease: Lease
        var until: Timestamp
        var cancel: (@Sendable () -> Void)?
        var reportedAt: Timestamp?
        var isLost = false
    }

    private let entries = Mutex<[JobID: Entry]>([:])

    var count: Int { entries.withLock { $0.count } }

    var leases: [Lease] { entries.withLock { $0.values.map(\.lease) } }

    var countsByTenant: [TenantID: Int] {
        entries.withLock { entries in
            entries.values.reduce(into: [:]) { $0[$1.lease.tenant, default: 0] += 1 }
        }
    }

    /// An earlier lease of the same job, whose handler has not ended yet, is lost.
    func insert(_ lease: Lease, until: Timestamp) {
        let earlier = entries.withLock { $0.updateValue(Entry(lease: lease, until: until), forKey: lease.job) }
        earlier?.cancel?()
    }

    /// Calls `cancel` at once when the lease was lost before the handler began.
    func started(_ lease: Lease, cancel: @escaping @Sendable () -> Void) {
        let isLost = entries.withLock { entries in
            guard entries[lease.job]?.lease == lease else { return true }
            entries[lease.job]?.cancel = cancel
            return entries[lease.job]?.isLost == true
        }
        if isLost { cancel() }
    }

    func remove(_ lease: Lease) {
        entries.withLock { entries in
            if entries[lease.job]?.lease == lease { entries[lease.job] = nil }
        }
    }

    func renewed(_ lease: Lease, until: Timestamp) {
        entries.withLock { entries in
            if entries[lease.job]?.lease == lease { entries[lease.job]?.until = until }
        }
    }

    /// Tells the handler to stop.
    func lose(_ lease: Lease) {
        let cancel = entries.withLock { entries -> (@Sendable () -> Void)? in
            guard entries[lease.job]?.lease == lease else { return nil }
            entries[lease.job]?.isLost = true
            return entries[lease.job]?.cancel
        }
        cancel?()
    }

    /// Whether the lease still stands as far as this process knows, without asking the database.
    func holds(_ lease: Lease, at now: Timestamp) -> Bool {
        entries.withLock { entries in
            guard let entry = entries[lease.job], entry.lease == lease else { return false }
            return !entry.isLost && now < entry.until
        }
    }

    /// True at most once in `interval` for each job.
    func mayReport(_ lease: Lease, at now: Timestamp, every interval: Duration) -> Bool {
        entries.withLock { entries in
            guard var entry = entries[lease.job], entry.lease == lease else { return true }
            if let last = entry.reportedAt, now - last < interval { return false }
            entry.reportedAt = now
            entries[lease.job] = entry
            return true
        }
    }
}
