import AuditTrail
import Keyring
import Kit
import Storage
import Synchronization
import TestKit
import Testing

@testable import JobQueue

@Suite struct EnqueueTests {
    @Test func `the same kind and key are one job, also after it has finished`() async throws {
        try await JobWorld.each { world in
            let (queue, anna) = (world.queue(), world.person())
            let done = Mutex(0)
            queue.register(kind: "test.work") { _ in done.withLock { $0 += 1 } }
            let first = try await world.enqueue("a", as: anna, on: queue)
            #expect(try await world.enqueue("a", payload: "other", as: anna, on: queue) == first)
            #expect(try await world.enqueue("b", as: anna, on: queue) != first)
            #expect(try await world.enqueue("a", kind: "test.other", as: anna, on: queue) != first)
            while try await queue.performNext(of: world.tenant) {}
            #expect(try await world.enqueue("a", as: anna, on: queue) == first)
            #expect(try await !queue.performNext(of: world.tenant))
            #expect(done.withLock { $0 } == 2)
        }
    }

    @Test func `two tenants may use one key`() async throws {
        try await JobWorld.each { world in
            let queue = world.queue()
            let first = try await world.enqueue(as: world.person(), on: queue)
            let second = try await world.enqueue(as: world.person(of: world.otherTenant), on: queue)
            #expect(first != second)
        }
    }

    @Test func `an act that is undone enqueues nothing`() async throws {
        try await JobWorld.each { world in
            let (queue, anna) = (world.queue(), world.person())
            await #expect(throws: JobWorld.Suspended.self) {
                try await world.database.write(.tenant(world.tenant)) { transaction in
                    try queue.enqueue(
                        JobRequest(kind: "k", payload: [], idempotencyKey: "a"), as: anna, in: transaction)
                    throw JobWorld.Suspended()
                }
            }
            let found = try await queue.list(for: anna).items
            #expect(found.isEmpty)
        }
    }

    @Test func `another tenant's transaction and a huge request are refused`() async throws {
        try await JobWorld.each { world in
            let (queue, anna) = (world.queue(), world.person())
            await #expect(throws: JobFailure.wrongScope) {
                try await world.database.write(.tenant(world.otherTenant)) { transaction in
                    try queue.enqueue(
                        JobRequest(kind: "k", payload: [], idempotencyKey: "a"), as: anna, in: transaction)
                }
            }
            for (payload, key, field) in [((1 << 20) + 1, 1, "payload"), (1, 513, "idempotencyKey")] {
                await #expect(throws: JobFailure.requestTooLarge(field: field)) {
                    try await world.enqueue(
                        String(repeating: "k", count: key), payload: String(repeating: "p", count: payload), as: anna,
                        on: queue)
                }
            }
        }
    }

    @Test func `many requests with one key at once make one job`() async throws {
        try await JobWorld.each { world in
            let (queue, anna) = (world.queue(), world.person())
            let jobs = try await withThrowingTaskGroup(of: JobID.self) { group in
                for _ in 0..<12 { group.addTask { try await world.enqueue(as: anna, on: queue) } }
                return try await group.reduce(into: Set<JobID>()) { $0.insert($1) }
            }
            #expect(jobs.count == 1)
        }
    }
}

@Suite(.timeLimit(.minutes(10))) struct LeaseTests {
    @Test func `one job goes to one worker, also when many ask at once`() async throws {
        try await JobWorld.each { world in
            let (queue, anna) = (world.queue(), world.person())
            queue.register(kind: "test.work") { _ in }
            for key in 0..<5 { try await world.enqueue("\(key)", as: anna, on: queue) }
            let leases = try await withThrowingTaskGroup(of: [ClaimedJob].self) { group in
                for _ in 0..<8 { group.addTask { try await queue.claim(world.tenant, limit: 2) } }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(leases.count == 5)
            #expect(Set(leases.map(\.lease.job)).count == 5)
        }
    }

    @Test func `a job of an unknown kind waits for a node that knows it`() async throws {
        try await JobWorld.each { world in
            let (old, new) = (world.queue(), world.queue())
            new.register(kind: "test.work") { _ in }
            let job = try await world.enqueue(as: world.person(), on: old)
            #expect(try await old.claim(world.tenant, limit: 9).isEmpty)
            #expect(try await new.claim(world.tenant, limit: 9).map(\.lease.job) == [job])
        }
    }

    @Test func `after its worker's death a job is taken over, and the dead worker's late effect is undone`()
        async throws
    {
        try await JobWorld.each { world in
            let (dying, living) = (world.queue(), world.queue())
            for queue in [dying, living] { queue.register(kind: "test.work") { _ in } }
            let job = try await world.enqueue(as: world.person(), on: dying)
            let stale = try await dying.leased(#require(try await dying.claim(world.tenant, limit: 1).first))
            world.time.advance(by: .seconds(59))
            #expect(try await living.claim(world.tenant, limit: 1).isEmpty)
            world.time.advance(by: .seconds(1))
            let fresh = try await living.leased(#require(try await living.claim(world.tenant, limit: 1).first))
            #expect(fresh.id == job && fresh.attempt == 2)

            await #expect(throws: JobFailure.leaseLost) {
                try await world.effect(of: stale) { try stale.confirmLease(in: $0) }
            }
            await #expect(throws: JobFailure.leaseLost) {
                try await world.effect(of: stale) { try stale.complete(in: $0) }
            }
            await #expect(throws: JobFailure.leaseLost) { try await stale.renew() }
            await #expect(throws: JobFailure.leaseLost) { try await stale.report(JobProgress(done: 1, total: 1)) }
            #expect(try await world.effects(of: job) == 0)
            #expect(try await world.state(job) == .leased)

            try await world.effect(of: fresh) { try fresh.complete(in: $0) }
            #expect(try await world.effects(of: job) == 1)
            #expect(try await world.state(job) == .succeeded)
        }
    }

    @Test func `a transaction of another tenant cannot confirm a lease`() async throws {
        try await JobWorld.each { world in
            let queue = world.queue()
            queue.register(kind: "test.work") { _ in }
            try await world.enqueue(as: world.person(), on: queue)
            let job = try await queue.leased(#require(try await queue.claim(world.tenant, limit: 1).first))
            await #expect(throws: JobFailure.wrongScope) {
                try await world.database.write(.tenant(world.otherTenant)) { try job.confirmLease(in: $0) }
            }
        }
    }

    @Test func `a process that is alone takes over at once what the one before it held`() async throws {
        try await JobWorld.each { world in
            let (before, after) = (world.queue(), world.queue(isExclusive: true))
            for queue in [before, after] { queue.register(kind: "test.work") { _ in } }
            let job = try await world.enqueue(as: world.person(), on: before)
            _ = try await before.claim(world.tenant, limit: 1)
            try await after.running {
                try await eventually("the job succeeds") { try await world.state(job) == .succeeded }
            }
        }
    }

    @Test func `rights are resolved at each lease, and a suspended subject's job ends with a clear reason`()
        async throws
    {
        try await JobWorld.each { world in
            let (queue, anna) = (world.queue(), world.person())
            let seen = Mutex<[Credential]>([])
            queue.register(kind: "test.work") { job in
                seen.withLock { $0.append(job.principal.credential) }
                throw JobFault(code: "test.again", reason: "Again.", isPermanent: false)
            }
            let job = try await world.enqueue(as: anna, on: queue)
            #expect(try await queue.performNext(of: world.tenant))
            #expect(seen.withLock { $0 } == [.job(job)])
            world.suspended.withLock { _ = $0.insert(anna.subject) }
            world.time.advance(by: .seconds(60))
            #expect(try await queue.performNext(of: world.tenant))
            let found = try await queue.job(job, for: anna)
            #expect(found.state == .dead && found.reasonCode == "jobs.rights_lost")
            #expect(found.reason == "Whoever started this is suspended or no longer has the right to do it.")
            #expect(seen.withLock { $0.count } == 1)
        }
    }

    @Test func `rights that are lost while it runs end a job at its next batch`() async throws {
        try await JobWorld.each { world in
            let (queue, anna) = (world.queue(), world.person())
            queue.register(kind: "test.work") { job in
                world.suspended.withLock { _ = $0.insert(job.principal.subject) }
                _ = try await job.principalNow()
            }
            let job = try await world.enqueue(as: anna, on: queue)
            #expect(try await queue.performNext(of: world.tenant))
            #expect(try await queue.job(job, for: anna).reasonCode == "jobs.rights_lost")
        }
    }

    @Test func `a database that is away while rights are asked for is a reason to try again`() async throws {
        try await JobWorld.each { world in
            let (queue, anna) = (world.queue(), world.person())
            queue.register(kind: "test.work") { _ in }
            let job = try await world.enqueue(as: anna, on: queue)
            world.databaseIsAway.withLock { $0 = true }
            #expect(try await queue.performNext(of: world.tenant))
            #expect(try await world.state(job) == .retrying)
        }
    }

    @Test func `a job whose tenant's key is destroyed is buried without a word`() async throws {
        try await JobWorld.each { world in
            let queue = world.queue()
            queue.register(kind: "test.work") { _ in }
            let job = try await world.enqueue(as: world.person(), on: queue)
            try world.keyring.destroyKey(.tenant(world.tenant))
            #expect(try await queue.claim(world.tenant, limit: 1).isEmpty)
            let row = try #require(try await world.row(job))
            #expect(row.lifecycle.state == .dead && row.reasonCode == "jobs.unreadable" && row.sealedReason == nil)
        }
    }
}

@Suite struct OutcomeTests {
    @Test func `a failing job backs off, dies after its attempts, and lives again when retried`() async throws {
        try await JobWorld.each { world in
            let (queue, anna, boss) = (world.queue(attempts: 3), world.person(), world.person(admin: true))
            queue.register(kind: "test.work") { _ in throw JobFault(code: "test.no", reason: "No.", isPermanent: false)
            }
            let job = try await world.enqueue(as: anna, on: queue)
            for attempt in 1...3 {
                #expect(try await queue.performNext(of: world.tenant))
                #expect(try await !queue.performNext(of: world.tenant))
                #expect(try await world.state(job) == (attempt < 3 ? .retrying : .dead))
                world.time.advance(by: .seconds(8))
            }
            let dead = try await queue.list(for: boss, state: .dead).items
            #expect(dead.map(\.id) == [job] && dead[0].reason == "No." && dead[0].reasonCode == "test.no")
            #expect(try await queue.retry(job, by: boss).state == .queued)
            queue.register(kind: "test.work") { _ in }
            #expect(try await queue.performNext(of: world.tenant))
            let found = try await queue.job(job, for: anna)
            #expect(found.state == .succeeded && found.reason == nil && found.reasonCode == nil)
        }
    }

    @Test func `an error that is nobody's words is told without its text`() async throws {
        try await JobWorld.each { world in
            let (queue, anna) = (world.queue(attempts: 1), world.person())
            queue.register(kind: "test.work") { _ in throw StorageFailure.io(path: "/secret/name", code: 5) }
            let job = try await world.enqueue(as: anna, on: queue)
            #expect(try await queue.performNext(of: world.tenant))
            let found = try await queue.job(job, for: anna)
            #expect(found.reasonCode == "jobs.failed" && found.reason?.contains("secret") == false)
        }
    }

    @Test func `a job waits for the time it was asked for`() async throws {
        try await JobWorld.each { world in
            let queue = world.queue()
            queue.register(kind: "test.work") { _ in }
            try await world.enqueue(notBefore: world.time.now + .seconds(30), as: world.person(), on: queue)
            #expect(try await !queue.performNext(of: world.tenant))
            world.time.advance(by: .seconds(30))
            #expect(try await queue.performNext(of: world.tenant))
        }
    }

    @Test func `what succeeded keeps no payload, and old finished jobs are removed`() async throws {
        try await JobWorld.each { world in
            let (queue, anna) = (world.queue(), world.person())
            queue.register(kind: "test.work") { _ in }
            let job = try await world.enqueue("done", as: anna, on: queue)
            #expect(try await queue.performNext(of: world.tenant))
            let payload = try await world.database.read {
                try JobStore(connection: $0).payload(job, tenant: world.tenant)
            }
            #expect(payload == nil)
            world.time.advance(by: .seconds(29 * 86_400))
            let young = try await world.enqueue("open", as: anna, on: queue)
            try await queue.prune()
            #expect(try await world.row(job) != nil)
            world.time.advance(by: .seconds(2 * 86_400))
            try await queue.prune()
            #expect(try await world.row(job) == nil)
            #expect(try await world.row(young) != nil)
        }
    }

    @Test func `erasure of a resource removes its jobs and fences their workers`() async throws {
        try await JobWorld.each { world in
            let (queue, anna) = (world.queue(), world.person())
            queue.register(kind: "test.work") { _ in }
            let job = try await world.enqueue("a", resource: "doc_1", as: anna, on: queue)
            let other = try await world.enqueue("b", resource: "doc_2", as: anna, on: queue)
            let leased = try await queue.leased(#require(try await queue.claim(world.tenant, limit: 1).first))
            #expect(leased.id == job || leased.id == other)
            try await world.database.write(.tenant(world.tenant)) {
                try queue.erase(resource: leased.resource!, in: $0)
            }
            #expect(try await queue.mentions(of: leased.resource!, tenant: world.tenant) == 0)
            await #expect(throws: JobFailure.leaseLost) {
                try await world.effect(of: leased) { try leased.confirmLease(in: $0) }
            }
            #expect(try await queue.list(for: anna).items.count == 1)
        }
    }
}
