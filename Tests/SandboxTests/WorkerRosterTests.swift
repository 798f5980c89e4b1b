import Kit
import TestKit
import Testing

@testable import Sandbox

@Suite struct WorkerRosterTests {
    private let tenants = (0..<3).map { TenantID(high: 1, low: $0) }

    @Test func `a warm worker goes to its tenant only, and the oldest idle one makes room`() {
        let now = ContinuousClock.now
        var roster = WorkerRoster<Int>(workersMax: 2, jobsPerWorkerMax: 10)
        let first = roster.checkOut(for: tenants[0])
        #expect(first != nil && first?.warm == nil)
        let isFirstKept = roster.checkIn(100, of: tenants[0], jobs: 1, at: now)
        let second = roster.checkOut(for: tenants[1])
        #expect(second != nil && second?.warm == nil && second?.evicted == nil)
        let isSecondKept = roster.checkIn(101, of: tenants[1], jobs: 1, at: now)
        #expect(isFirstKept && isSecondKept)
        let third = roster.checkOut(for: tenants[2])
        #expect(third?.warm == nil && third?.evicted?.worker == 100)
        let fourth = roster.checkOut(for: tenants[1])
        #expect(fourth?.warm?.worker == 101)
        let fifth = roster.checkOut(for: tenants[1])
        #expect(fifth == nil)
    }

    @Test func `a worker that has done enough or idles for long is given up`() {
        let now = ContinuousClock.now
        var roster = WorkerRoster<Int>(workersMax: 3, jobsPerWorkerMax: 2)
        for _ in 0..<3 { _ = roster.checkOut(for: tenants[0]) }
        let isWornKept = roster.checkIn(1, of: tenants[0], jobs: 2, at: now)
        let isSecondKept = roster.checkIn(2, of: tenants[0], jobs: 1, at: now)
        let isThirdKept = roster.checkIn(3, of: tenants[0], jobs: 1, at: now + .seconds(1))
        #expect(!isWornKept && isSecondKept && isThirdKept)
        let early = roster.retire(idleSince: now - .seconds(1))
        let late = roster.retire(idleSince: now)
        #expect(early.isEmpty && late == [2])
        #expect(roster.idle.map(\.worker) == [3])
    }

    @Test(arguments: UInt64(1)...20)
    func `whatever happens, there are never too many and never a stranger's`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var roster = WorkerRoster<Int>(workersMax: 3, jobsPerWorkerMax: 4)
        var owners: [Int: TenantID] = [:]
        var busy: [(worker: Int, jobs: Int)] = []
        for step in 0..<500 {
            let now = ContinuousClock.now + .seconds(step)
            switch Int.random(in: 0..<4, using: &random) {
            case 0, 1:
                let tenant = tenants.randomElement(using: &random) ?? tenants[0]
                guard let choice = roster.checkOut(for: tenant) else { continue }
                let worker = choice.warm?.worker ?? owners.count
                #expect(choice.warm == nil || owners[worker] == tenant, "seed \(seed)")
                owners[worker] = tenant
                busy.append((worker, (choice.warm?.jobs ?? 0) + 1))
            case 2 where !busy.isEmpty:
                let done = busy.remove(at: Int.random(in: 0..<busy.count, using: &random))
                _ = roster.checkIn(done.worker, of: owners[done.worker] ?? tenants[0], jobs: done.jobs, at: now)
            case 3 where !busy.isEmpty:
                busy.removeLast()
                roster.leave()
            default: _ = roster.retire(idleSince: now - .seconds(50))
            }
            #expect(roster.busy == busy.count && roster.busy + roster.idle.count <= 3, "seed \(seed)")
        }
    }
}
