import Kit
import Storage
import Synchronization
import TestKit
import Testing

@testable import JobQueue

@Suite(.timeLimit(.minutes(10))) struct JobRunningTests {
    @Test func `an enqueued job wakes a worker and its events tell how it goes`() async throws {
        try await JobWorld.each { world in
            let (queue, anna) = (world.queue(), world.person())
            queue.register(kind: "test.work") { job in
                for done in 1...3 { try await job.report(JobProgress(done: done, total: 3, step: "step \(done)")) }
            }
            let events = try queue.events(for: anna)
            try await queue.running {
                let id = try await world.enqueue(as: anna, on: queue)
                var (states, last): ([JobState], Int64) = ([], 0)
                for await event in events {
                    #expect(event.job.id == id && event.revision > last)
                    last = event.revision
                    states.append(event.job.state)
                    if event.job.state.isFinished {
                        #expect(event.job.progress.done == 3)
                        break
                    }
                }
                #expect(states.last == .succeeded)
            }
        }
    }

    @Test func `a cancel reaches the running handler`() async throws {
        try await JobWorld.each { world in
            let (queue, anna, gate) = (world.queue(), world.person(), Gate())
            let ending = Mutex<String?>(nil)
            queue.register(kind: "test.work") { job in
                do { try await gate.pass() } catch {
                    let stopped = (try? job.checkCancelled()) == nil
                    ending.withLock { $0 = stopped ? "stopped" : "not told" }
                    throw error
                }
            }
            try await queue.running {
                let job = try await world.enqueue(as: anna, on: queue)
                try await eventually("the handler runs") { gate.arrived == 1 }
                #expect(try await queue.cancel(job, by: anna).state == .cancelled)
                try await eventually("the handler ends") { queue.running.count == 0 }
                #expect(ending.withLock { $0 } == "stopped")
                #expect(try await world.state(job) == .cancelled)
            }
        }
    }

    @Test func `a process that stops gives its jobs back without counting the attempt`() async throws {
        try await JobWorld.each { world in
            let (queue, anna, gate) = (world.queue(), world.person(), Gate())
            queue.register(kind: "test.work") { _ in try await gate.pass() }
            let job = try await world.enqueue(as: anna, on: queue)
            try await queue.running {
                try await eventually("the handler runs") { gate.arrived == 1 }
            }
            let row = try #require(try await world.row(job))
            #expect(row.lifecycle.state == .queued && row.lifecycle.attempt == 0 && row.owner == nil)
        }
    }

    @Test func `a heartbeat keeps a long job's lease`() async throws {
        try await JobWorld.each { world in
            let (queue, other, gate) = (world.queue(), world.queue(), Gate())
            for queue in [queue, other] { queue.register(kind: "test.work") { _ in try await gate.pass() } }
            let job = try await world.enqueue(as: world.person(), on: queue)
            try await queue.running {
                try await eventually("the handler runs") { gate.arrived == 1 }
                for _ in 0..<9 {
                    // Heartbeat, ticker and the hourly cleaning sleep: only then does time pass for all of them.
                    try await eventually("all wait") { world.time.sleeping == 3 }
                    let before = try await world.row(job)?.lifecycle.due
                    world.time.advance(by: .seconds(20))
                    try await eventually("the lease is renewed") { try await world.row(job)?.lifecycle.due != before }
                }
                #expect(try await other.claim(world.tenant, limit: 1).isEmpty)
                gate.open()
                try await eventually("the job succeeds") { try await world.state(job) == .succeeded }
                #expect(try await world.row(job)?.lifecycle.attempt == 1)
            }
        }
    }

    @Test func `no more jobs run at once than there are workers, and tenants take turns`() async throws {
        try await JobWorld.each { world in
            let queue = world.queue(workers: 2)
            let order = Mutex<[TenantID]>([])
            let atOnce = Mutex((now: 0, most: 0))
            queue.register(kind: "test.work") { job in
                atOnce.withLock {
                    $0.now += 1
                    $0.most = max($0.most, $0.now)
                }
                order.withLock { $0.append(job.principal.tenant) }
                for _ in 0..<20 { await Task.yield() }
                atOnce.withLock { $0.now -= 1 }
            }
            let (anna, ben) = (world.person(), world.person(of: world.otherTenant))
            for key in 0..<10 { try await world.enqueue("\(key)", as: anna, on: queue) }
            for key in 0..<3 { try await world.enqueue("\(key)", as: ben, on: queue) }
            try await queue.running {
                try await eventually("all are done") { order.withLock { $0.count } == 13 }
            }
            #expect(atOnce.withLock { $0.most } <= 2)
            // While both wait, each round serves both: the second tenant's three are among the first eight.
            #expect(order.withLock { $0.prefix(8).filter { $0 == world.otherTenant }.count } == 3)
        }
    }

    @Test func `a retry wakes up by itself when its time has come`() async throws {
        try await JobWorld.each { world in
            let queue = world.queue()
            let tries = Mutex(0)
            queue.register(kind: "test.work") { _ in
                if tries.withLock({
                    $0 += 1
                    return $0
                }) == 1 {
                    throw JobWorld.Suspended()
                }
            }
            let job = try await world.enqueue(as: world.person(), on: queue)
            try await queue.running {
                try await eventually("the first attempt fails") { try await world.state(job) == .retrying }
                try await eventually("the job succeeds") {
                    if world.time.sleeping == 3 { world.time.advance(by: .seconds(5)) }
                    return try await world.state(job) == .succeeded
                }
            }
            #expect(tries.withLock { $0 } == 2)
        }
    }

    @Test func `two nodes share the work and do each job once`() async throws {
        try await JobWorld.each { world in
            let (first, second) = (world.queue(workers: 3), world.queue(workers: 3))
            for queue in [first, second] {
                queue.register(kind: "test.work") { job in
                    try await world.effect(of: job) { try job.complete(in: $0) }
                }
            }
            var jobs: [JobID] = []
            for key in 0..<20 { jobs.append(try await world.enqueue("\(key)", as: world.person(), on: first)) }
            try await first.running {
                try await second.running {
                    for job in jobs {
                        try await eventually("\(job) is done") { try await world.state(job) == .succeeded }
                    }
                }
            }
            for job in jobs { #expect(try await world.effects(of: job) == 1) }
        }
    }
}

@Suite(.timeLimit(.minutes(10))) struct JobEventTests {
    @Test func `a stream shows its principal's jobs only and resumes after a revision`() async throws {
        try await JobWorld.each { world in
            let (queue, anna) = (world.queue(), world.person())
            try await world.enqueue("ben", as: world.person(), on: queue)
            try await world.enqueue("other", as: world.person(of: world.otherTenant), on: queue)
            let own = try await world.enqueue("a", as: anna, on: queue)
            var events = try queue.events(for: anna).makeAsyncIterator()
            let first = try #require(await events.next())
            #expect(first.job.id == own)
            _ = try await queue.cancel(own, by: anna)
            #expect(await events.next()?.job.state == .cancelled)
            var resumed = try queue.events(for: anna, after: first.revision).makeAsyncIterator()
            #expect(await resumed.next()?.job.state == .cancelled)
            var boss = try queue.events(for: world.person(admin: true), after: 0).makeAsyncIterator()
            var seen: Set<JobID> = []
            for _ in 0..<2 { seen.insert(try #require(await boss.next()).job.id) }
            #expect(seen.count == 2)
        }
    }

    @Test func `a stream ends when its principal's rights are cut`() async throws {
        try await JobWorld.each { world in
            let (queue, anna) = (world.queue(), world.person())
            var events = try queue.events(for: anna).makeAsyncIterator()
            try await world.database.write(.tenant(world.tenant)) { transaction in
                transaction.publish(.revoked(Revocation(tenant: world.tenant, reach: .subject(anna.subject))))
            }
            #expect(await events.next() == nil)
        }
    }

    @Test func `a lost signal is made up for by looking again`() async throws {
        try await JobWorld.each { world in
            let (queue, anna) = (world.queue(), world.person())
            var signals = world.database.signals().makeAsyncIterator()
            let id = try await world.enqueue(as: anna, on: queue)
            // The stream begins after the only signal there is.
            #expect(await signals.next() == .jobs(world.tenant))
            let events = try queue.events(for: anna)
            let seen = Mutex<[JobEvent]>([])
            let reader = Task { for await event in events { seen.withLock { $0.append(event) } } }
            try await eventually("the stream begins") { seen.withLock { $0.count } == 1 }
            // The reader has looked once more and found nothing by now: what comes next reaches it only by the poll.
            for _ in 0..<20 { _ = try await world.row(id) }
            try await world.database.write(.tenant(world.tenant)) { transaction in
                let store = JobStore(connection: transaction)
                guard var row = try store.job(id, tenant: world.tenant) else { return }
                row.done = 7
                try store.save(row, at: row.created)
            }
            try await eventually("the stream sleeps") { world.time.sleeping == 1 }
            world.time.advance(by: .seconds(5))
            try await eventually("the change is seen") { seen.withLock { $0.last?.job.progress.done } == 7 }
            reader.cancel()
            await reader.value
        }
    }
}
