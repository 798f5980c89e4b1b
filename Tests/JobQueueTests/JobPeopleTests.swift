import AuditTrail
import Kit
import Storage
import TestKit
import Testing

@testable import JobQueue

@Suite struct JobPeopleTests {
    @Test func `everybody sees their own jobs, an administrator the tenant's, another tenant none`() async throws {
        try await JobWorld.each { world in
            let queue = world.queue()
            let (anna, ben, boss) = (world.person(), world.person(), world.person(admin: true))
            let stranger = world.person(admin: true, of: world.otherTenant)
            let job = try await world.enqueue("a", title: "Annual report", as: anna, on: queue)
            try await world.enqueue("b", as: ben, on: queue)
            #expect(try await queue.list(for: anna).items.map(\.id) == [job])
            #expect(try await queue.list(for: boss).items.count == 2)
            #expect(try await queue.list(for: stranger).items.isEmpty)
            #expect(try await queue.job(job, for: boss).title == "Annual report")
            for person in [ben, stranger] {
                await #expect(throws: JobFailure.unknownJob) { try await queue.job(job, for: person) }
                await #expect(throws: JobFailure.unknownJob) { try await queue.cancel(job, by: person) }
                await #expect(throws: JobFailure.unknownJob) { try await queue.retry(job, by: person) }
            }
            #expect(try await world.state(job) == .queued)
        }
    }

    @Test func `without the permission nothing is seen or done`() async throws {
        try await JobWorld.each { world in
            let (queue, anna) = (world.queue(), world.person())
            let job = try await world.enqueue(as: anna, on: queue)
            let blind = world.person(admin: true, permissions: [])
            let reader = world.person(admin: true, permissions: [.jobsRead])
            await #expect(throws: JobFailure.notPermitted(.jobsRead)) { try await queue.list(for: blind) }
            await #expect(throws: JobFailure.notPermitted(.jobsRead)) { try await queue.job(job, for: blind) }
            #expect(throws: JobFailure.notPermitted(.jobsRead)) { try queue.events(for: blind) }
            await #expect(throws: JobFailure.notPermitted(.jobsCancel)) { try await queue.cancel(job, by: reader) }
            await #expect(throws: JobFailure.notPermitted(.jobsCancel)) { try await queue.retry(job, by: reader) }
        }
    }

    @Test func `pages give every job once, newest first`() async throws {
        try await JobWorld.each { world in
            let (queue, anna) = (world.queue(), world.person())
            var made: [JobID] = []
            for key in 0..<7 {
                made.append(try await world.enqueue("\(key)", as: anna, on: queue))
                // Two share a moment, so the name has to order them.
                if key.isMultiple(of: 2) { world.time.advance(by: .seconds(1)) }
            }
            var (found, after): ([JobSnapshot], String?) = ([], nil)
            repeat {
                let page = try await queue.list(for: anna, PageRequest(limit: 2, after: after))
                found += page.items
                after = page.next
            } while after != nil
            #expect(found.count == 7 && Set(found.map(\.id)) == Set(made))
            #expect(zip(found, found.dropFirst()).allSatisfy { ($0.created, $0.id) > ($1.created, $1.id) })
            await #expect(throws: JobFailure.badCursor) { try await queue.list(for: anna, PageRequest(after: "x")) }
        }
    }

    @Test func `cancel and retry are audited with their act, and refusals change nothing`() async throws {
        try await JobWorld.each { world in
            let (queue, anna, boss) = (world.queue(), world.person(), world.person(admin: true))
            queue.register(kind: "test.work") { _ in }
            let job = try await world.enqueue(as: anna, on: queue)
            await #expect(throws: JobFailure.notRetryable(.queued)) { try await queue.retry(job, by: anna) }
            #expect(try await queue.cancel(job, by: boss).state == .cancelled)
            #expect(try await queue.cancel(job, by: boss).state == .cancelled)
            #expect(try await !queue.performNext(of: world.tenant))
            #expect(try await queue.retry(job, by: anna).state == .queued)
            #expect(try await queue.performNext(of: world.tenant))
            await #expect(throws: JobFailure.alreadyFinished(.succeeded)) { try await queue.cancel(job, by: anna) }
            await #expect(throws: JobFailure.notRetryable(.succeeded)) { try await queue.retry(job, by: anna) }
            let entries = try await world.audit.entries(for: boss, page: PageRequest()).items.map(\.record.entry)
            let acts = entries.filter { $0.action.hasPrefix("jobs.") }.reversed().map { ($0.action, $0.subject) }
            #expect(acts.map(\.0) == ["jobs.cancel", "jobs.retry"])
            #expect(acts.map(\.1) == [boss.subject, anna.subject])
            #expect(entries.filter { $0.action.hasPrefix("jobs.") }.allSatisfy { $0.resource == job.description })
        }
    }

    @Test func `a cancel is undone when the audit log cannot be written`() async throws {
        try await JobWorld.each { world in
            let (queue, anna) = (world.queue(), world.person())
            let job = try await world.enqueue(as: anna, on: queue)
            try await world.database.write(.platform) { _ = try $0.execute("DROP TABLE audit_leaves") }
            await #expect(throws: (any Error).self) { try await queue.cancel(job, by: anna) }
            #expect(try await world.state(job) == .queued)
        }
    }

    @Test func `a cancelled job's worker cannot commit its effect`() async throws {
        try await JobWorld.each { world in
            let (queue, anna) = (world.queue(), world.person())
            queue.register(kind: "test.work") { _ in }
            let job = try await world.enqueue(as: anna, on: queue)
            let leased = try await queue.leased(#require(try await queue.claim(world.tenant, limit: 1).first))
            _ = try await queue.cancel(job, by: anna)
            await #expect(throws: JobFailure.leaseLost) {
                try await world.effect(of: leased) { try leased.confirmLease(in: $0) }
            }
            #expect(try await world.effects(of: job) == 0)
        }
    }
}

@Suite struct SealedJobTests {
    private let canary = "the heron of the northern harbour"

    @Test func `no cell of a job holds its words`() async throws {
        try await JobWorld.each { world in
            let (queue, anna) = (world.queue(attempts: 1), world.person())
            let words = canary
            queue.register(kind: "test.work") { job in
                try await job.report(JobProgress(done: 1, total: 2, step: words))
                throw JobFault(code: "test.no", reason: words, isPermanent: true)
            }
            let job = try await world.enqueue(words, payload: words, title: words, as: anna, on: queue)
            #expect(try await queue.performNext(of: world.tenant))
            let found = try await queue.job(job, for: anna)
            #expect(found.title == words && found.reason == words && found.progress.step == words)
            let cells = try await world.database.read { connection in
                try connection.rows("SELECT key_index, title, payload, step, reason FROM jobs").flatMap { row in
                    try ["key_index", "title", "payload", "step", "reason"].map { try row[$0] as [UInt8] }
                }
            }
            #expect(cells.count == 5)
            for cell in cells { #expect(!String(decoding: cell, as: UTF8.self).contains("heron")) }
        }
    }

    @Test func `a payload moved to another job does not open`() async throws {
        try await JobWorld.each { world in
            let (queue, anna) = (world.queue(), world.person())
            queue.register(kind: "test.work") { _ in }
            let first = try await world.enqueue("a", payload: "first", as: anna, on: queue)
            let second = try await world.enqueue("b", payload: "second", as: anna, on: queue)
            try await world.database.write(.tenant(world.tenant)) { transaction in
                _ = try transaction.execute(
                    """
                    UPDATE jobs SET payload = (SELECT payload FROM jobs WHERE id = \(first)) WHERE id = \(second)
                    """)
            }
            #expect(try await queue.claim(world.tenant, limit: 9).map(\.lease.job) == [first])
            #expect(try await world.row(second)?.reasonCode == "jobs.unreadable")
        }
    }
}
