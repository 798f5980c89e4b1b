import AuditTrail
import Foundation
import Keyring
import Kit
import Storage
import Synchronization
import TestKit
import TestStorage
import Testing

@testable import JobQueue

/// A database with two tenants and some people, and queues on it: each queue is a node.
final class JobWorld: Sendable {
    /// Stands for what handlers do: one row for each effect.
    static let effects = Schema(
        owner: "effects",
        migrations: [
            Migration(
                "effects.001", ["CREATE TABLE effects (tenant TEXT NOT NULL, job TEXT NOT NULL, by TEXT NOT NULL)"])
        ],
        sealedTables: [], plainTables: ["effects"])

    let database: any Database
    let keyring: Keyring
    let audit: AuditTrail
    let time = VirtualClock()
    let randomness: Randomness
    let tenant: TenantID
    let otherTenant: TenantID
    let suspended = Mutex<Set<SubjectID>>([])
    let databaseIsAway = Mutex(false)

    init(_ database: any Database, keys: String, seed: UInt64 = 1) throws {
        self.database = database
        randomness = .seeded(seed)
        tenant = randomness.identifier()
        otherTenant = randomness.identifier()
        keyring = try Keyring.open(directory: keys, rootKey: randomness.bytes(32))
        try keyring.createKeys([.tenant(tenant), .tenant(otherTenant)])
        audit = AuditTrail(database: database, sealer: keyring, clock: time.clock, randomness: randomness)
    }

    /// Runs `body` on both engines.
    static func each(seed: UInt64 = 1, _ body: (JobWorld) async throws -> Void) async throws {
        try await TestDatabases.each(schemas: [AuditMigrations.schema, JobQueue.schema, effects]) {
            _, database in
            try await TestEnvironment.withTemporaryDirectory { folder in
                try await body(try JobWorld(database, keys: folder + "/keys", seed: seed))
            }
        }
    }

    func queue(
        workers: Int = 2, attempts: Int = 3, isExclusive: Bool = false,
        observe: @escaping @Sendable (JobObservation) -> Void = { _ in }
    ) -> JobQueue {
        JobQueue(
            database: database, sealer: keyring, audit: audit, clock: time.clock, randomness: randomness,
            settings: JobSettings(
                workers: workers, rules: JobRules(attemptsMax: attempts), isExclusive: isExclusive),
            resolve: { [self] tenant, subject, purpose, job in
                if databaseIsAway.withLock({ $0 }) { throw StorageFailure.unavailable(reason: "test") }
                if suspended.withLock({ $0.contains(subject) }) { throw Suspended() }
                return Self.principal(tenant, subject, purpose: purpose, credential: .job(job))
            },
            observe: observe)
    }

    struct Suspended: Error {}

    func person(
        admin: Bool = false, of tenant: TenantID? = nil, permissions: Set<Permission> = Set(Permission.allCases)
    ) -> Principal {
        Self.principal(
            tenant ?? self.tenant, randomness.identifier(), roles: admin ? [.admin] : [.user], permissions: permissions)
    }

    private static func principal(
        _ tenant: TenantID, _ subject: SubjectID, roles: Set<Role> = [.user], purpose: Purpose = .general,
        permissions: Set<Permission> = Set(Permission.allCases), credential: Credential = .localOperator
    ) -> Principal {
        Principal(
            tenant: tenant, subject: subject, groups: [], roles: roles, clearance: .internal, purpose: purpose,
            permissions: permissions, credential: credential)
    }
}

extension JobWorld {
    @discardableResult
    func enqueue(
        _ key: String = "key", kind: String = "test.work", payload: String = "payload", resource: String? = nil,
        title: String? = nil, notBefore: Timestamp? = nil, as principal: Principal, on queue: JobQueue
    ) async throws -> JobID {
        let request = JobRequest(
            kind: kind, payload: Array(payload.utf8), idempotencyKey: key, resource: resource, title: title,
            notBefore: notBefore)
        return try await database.write(.tenant(principal.tenant)) { try queue.enqueue(request, as: principal, in: $0) }
    }

    /// A handler's effect and whatever else belongs into its transaction.
    func effect(of job: LeasedJob, _ together: @escaping @Sendable (any Transaction) throws -> Void) async throws {
        let tenant = job.principal.tenant
        let (id, by) = (job.id, job.principal.subject)
        try await database.write(.tenant(tenant)) { transaction in
            try transaction.execute("INSERT INTO effects (tenant, job, by) VALUES (\(tenant), \(id), \(by))")
            try together(transaction)
        }
    }

    func effects(of job: JobID) async throws -> Int {
        try await database.read { connection in
            let row = try connection.row("SELECT COUNT(*) AS found FROM effects WHERE job = \(job)")
            return try row?["found"] ?? 0
        }
    }

    func row(_ id: JobID, of tenant: TenantID? = nil) async throws -> JobRow? {
        let tenant = tenant ?? self.tenant
        return try await database.read { try JobStore(connection: $0).job(id, tenant: tenant) }
    }

    func state(_ id: JobID) async throws -> JobState? { try await row(id)?.lifecycle.state }
}

extension JobQueue {
    /// A claimed job as its handler gets it, without running a handler.
    func leased(_ claimed: ClaimedJob) async throws -> LeasedJob {
        running.insert(claimed.lease, until: claimed.until)
        return LeasedJob(
            queue: self, lease: claimed.lease, claimed: claimed, principal: try await principal(for: claimed))
    }

    /// Claims one job and performs it with the registered handler; false when nothing was due.
    func performNext(of tenant: TenantID) async throws -> Bool {
        guard let job = try await claim(tenant, limit: 1).first else { return false }
        running.insert(job.lease, until: job.until)
        await perform(job)
        return true
    }

    /// Runs the queue's workers for as long as `body` takes.
    func running(_ body: () async throws -> Void) async throws {
        let service = Task { try await run() }
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
        service.cancel()
        try await service.value
        try outcome.get()
    }
}

/// Waits for a condition by looking again, and fails after a minute: order is tested, not time.
func eventually(_ what: String, _ condition: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(300)
    while try await !condition() {
        guard ContinuousClock.now < deadline else { throw Watchdog(what: what) }
        await Task.yield()
    }
}

struct Watchdog: Error { let what: String }

/// A gate that a handler waits at until the test opens it, or its task is cancelled.
final class Gate: Sendable {
    private let wakeups = Wakeups()
    private let arrivals = Mutex(0)

    var arrived: Int { arrivals.withLock { $0 } }

    func pass() async throws {
        arrivals.withLock { $0 += 1 }
        for await _ in wakeups.stream { return }
        try Task.checkCancellation()
    }

    func open() { wakeups.fire() }
}
