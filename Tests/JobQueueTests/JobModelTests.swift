import Kit
import Storage
import TestKit
import Testing

@testable import JobQueue

/// Random operations by two nodes, with workers that die, come back late and are cancelled, against a dictionary that
/// says what must be true. A seed printed by a failure repeats the run.
@Suite struct JobModelTests {
    @Test func `whatever dies, every job's effect happens once and none is lost`() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        try await JobWorld.each(seed: seed) { world in
            var run = ModelRun(world, seed: seed)
            for _ in 0..<150 { try await run.step() }
            try await run.drain()
        }
    }
}

private struct ModelRun {
    /// What the model knows of one job.
    struct Expected {
        var state: JobState
        var effects = 0
        /// The lease that is good now.
        var holder: Int64?
    }

    let world: JobWorld
    let seed: UInt64
    let person: Principal
    let nodes: [JobQueue]
    var generator: SeededGenerator
    var jobs: [JobID: Expected] = [:]
    var keys: [String: JobID] = [:]
    /// Every lease ever given, dead and living.
    var leases: [(node: Int, job: LeasedJob)] = []

    init(_ world: JobWorld, seed: UInt64) {
        self.world = world
        self.seed = seed
        person = world.person(admin: true)
        nodes = (0..<2).map { _ in world.queue(attempts: 1000) }
        for node in nodes { node.register(kind: "test.work") { _ in } }
        generator = SeededGenerator(seed: seed)
    }

    mutating func step() async throws {
        switch Int.random(in: 0..<12, using: &generator) {
        case 0, 1: try await enqueue()
        case 2, 3, 4: try await claim(Int.random(in: 0..<2, using: &generator))
        case 5, 6: try await act(.complete)
        case 7: try await act(.fail)
        case 8: try await act(.renew)
        case 9: world.time.advance(by: .seconds(Int.random(in: 1...50, using: &generator)))
        case 10: try await cancel()
        default: try await retry()
        }
        try await compare()
    }

    private mutating func enqueue() async throws {
        let key = "\(Int.random(in: 0..<12, using: &generator))"
        let id = try await world.enqueue(key, as: person, on: nodes[0])
        #expect(keys[key] == nil || keys[key] == id, "seed \(seed)")
        keys[key] = id
        if jobs[id] == nil { jobs[id] = Expected(state: .queued) }
    }

    private mutating func claim(_ node: Int) async throws {
        for claimed in try await nodes[node].claim(world.tenant, limit: 2) {
            leases.append((node, try await nodes[node].leased(claimed)))
            jobs[claimed.lease.job]?.state = .leased
            jobs[claimed.lease.job]?.holder = claimed.lease.fence
        }
    }

    private enum Act { case complete, fail, renew }

    /// By any lease ever given: most of them belong to workers that are long dead.
    private mutating func act(_ act: Act) async throws {
        guard let (node, job) = leases.randomElement(using: &generator), let expected = jobs[job.id] else { return }
        let isGood = expected.state == .leased && expected.holder == job.lease.fence
        // Completing twice by one lease is one completion; the effect before it is undone by the confirmation.
        let (world, queue) = (world, nodes[node])
        var isDone = true
        do {
            switch act {
            case .complete:
                try await world.effect(of: job) {
                    try job.confirmLease(in: $0)
                    try job.complete(in: $0)
                }
            case .fail:
                _ = try await world.database.write(.tenant(world.tenant)) {
                    try queue.fail(job.lease, .failed, in: $0)
                }
            case .renew:
                try await world.database.write(.tenant(world.tenant)) { transaction in
                    var row = try queue.row(of: job.lease, in: transaction)
                    try row.lifecycle.renew(job.lease.fence, at: world.time.now, by: queue.settings.rules)
                    try JobStore(connection: transaction).saveLease(row)
                }
            }
        } catch JobFailure.leaseLost {
            isDone = false
        }
        #expect(isDone == isGood, "seed \(seed): \(act) by a lease that is \(isGood ? "good" : "lost")")
        guard isDone else { return }
        switch act {
        case .complete:
            jobs[job.id]?.effects += 1
            jobs[job.id]?.state = .succeeded
        case .fail: jobs[job.id]?.state = .retrying
        case .renew: break
        }
    }

    private mutating func cancel() async throws {
        guard let id = jobs.keys.sorted().randomElement(using: &generator), let expected = jobs[id] else { return }
        if expected.state == .succeeded {
            await #expect(throws: JobFailure.alreadyFinished(.succeeded)) { try await nodes[1].cancel(id, by: person) }
        } else {
            #expect(try await nodes[1].cancel(id, by: person).state == .cancelled)
            jobs[id]?.state = .cancelled
        }
    }

    private mutating func retry() async throws {
        guard let id = jobs.keys.sorted().randomElement(using: &generator), let expected = jobs[id] else { return }
        if expected.state == .cancelled {
            #expect(try await nodes[0].retry(id, by: person).state == .queued)
            jobs[id]?.state = .queued
        } else {
            await #expect(throws: JobFailure.notRetryable(expected.state)) { try await nodes[0].retry(id, by: person) }
        }
    }

    private func compare() async throws {
        let found = try await nodes[0].list(for: person, PageRequest(limit: 200)).items
        #expect(Set(found.map(\.id)) == Set(jobs.keys), "seed \(seed): no job lost, none doubled")
        for job in found {
            #expect(job.state == jobs[job.id]?.state, "seed \(seed)")
            let effects = try await world.effects(of: job.id)
            #expect(effects == jobs[job.id]?.effects && effects <= 1, "seed \(seed)")
        }
    }

    /// Everybody dies; then one honest worker finishes what is left.
    mutating func drain() async throws {
        world.time.advance(by: .seconds(3600))
        let (world, node) = (world, nodes[1])
        node.register(kind: "test.work") { job in try await world.effect(of: job) { try job.complete(in: $0) } }
        while try await node.performNext(of: world.tenant) {}
        for (id, expected) in jobs {
            let state = try await world.state(id)
            #expect(state == (expected.state == .cancelled ? .cancelled : .succeeded), "seed \(seed)")
            #expect(try await world.effects(of: id) == (state == .succeeded ? 1 : 0), "seed \(seed)")
        }
    }
}
