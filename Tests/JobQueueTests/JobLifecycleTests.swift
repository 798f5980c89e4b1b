import Kit
import TestKit
import Testing

@testable import JobQueue

@Suite struct JobLifecycleTests {
    private let rules = JobRules(attemptsMax: 3)
    private let start = Timestamp(microseconds: 1_000_000_000)

    private func leased() -> JobLifecycle {
        var job = JobLifecycle(queuedUntil: start)
        #expect(job.claim(at: start, by: rules) == .leased)
        return job
    }

    @Test func `a queued job is leased once it is due and not before`() {
        var job = JobLifecycle(queuedUntil: start)
        #expect(job.claim(at: start - .microseconds(1), by: rules) == .refused)
        #expect(job.claim(at: start, by: rules) == .leased)
        #expect(job.state == .leased && job.attempt == 1 && job.fence == 1 && job.due == start + .seconds(60))
    }

    @Test func `a lease is nobody else's until it has run out`() throws {
        var job = leased()
        #expect(job.claim(at: start + .seconds(59), by: rules) == .refused)
        try job.renew(1, at: start + .seconds(59), by: rules)
        #expect(job.claim(at: start + .seconds(60), by: rules) == .refused)
        #expect(job.claim(at: start + .seconds(119), by: rules) == .leased)
        #expect(job.attempt == 2 && job.fence == 2)
    }

    @Test func `a worker that lost its lease can change nothing`() {
        var job = leased()
        #expect(job.claim(at: start + .seconds(60), by: rules) == .leased)
        let after = job
        #expect(throws: JobFailure.leaseLost) { try job.confirm(1) }
        #expect(throws: JobFailure.leaseLost) { try job.succeed(1, at: start) }
        #expect(throws: JobFailure.leaseLost) { try job.renew(1, at: start, by: rules) }
        #expect(throws: JobFailure.leaseLost) { try job.release(1, at: start) }
        #expect(throws: JobFailure.leaseLost) { try job.fail(1, permanently: false, at: start, by: rules, jitter: 0) }
        #expect(job == after)
    }

    @Test func `a lease that ran out still completes when nobody has taken it`() throws {
        var job = leased()
        try job.succeed(1, at: start + .seconds(1000))
        #expect(job.state == .succeeded && job.due == nil && job.finished == start + .seconds(1000))
        try job.succeed(1, at: start + .seconds(1001))
        #expect(job.finished == start + .seconds(1000))
    }

    @Test func `failures back off and end in the dead-letter list`() throws {
        var job = leased()
        try job.fail(1, permanently: false, at: start, by: rules, jitter: 0.5)
        #expect(job.state == .retrying && job.due == start + .milliseconds(1500))
        #expect(job.claim(at: start + .seconds(10), by: rules) == .leased)
        try job.fail(2, permanently: false, at: start, by: rules, jitter: 0)
        #expect(job.due == start + .seconds(2))
        #expect(job.claim(at: start + .seconds(20), by: rules) == .leased)
        try job.fail(3, permanently: false, at: start + .seconds(21), by: rules, jitter: 0)
        #expect(job.state == .dead && job.due == nil && job.finished == start + .seconds(21))
    }

    @Test func `a permanent failure is not tried again`() throws {
        var job = leased()
        try job.fail(1, permanently: true, at: start, by: rules, jitter: 0)
        #expect(job.state == .dead && job.attempt == 1)
    }

    @Test func `a job whose workers keep dying is buried`() {
        var job = leased()
        for attempt in 2...3 {
            #expect(job.claim(at: start + .seconds(1000 * attempt), by: rules) == .leased)
        }
        #expect(job.claim(at: start + .seconds(9000), by: rules) == .exhausted)
        #expect(job.state == .dead && isLost(job, 3))
    }

    @Test func `a cancel takes the job from its worker at once`() {
        var job = leased()
        let (first, second) = (job.cancel(at: start), job.cancel(at: start))
        #expect(first && !second)
        #expect(job.state == .cancelled && isLost(job, 1))
        #expect(job.claim(at: start + .seconds(1000), by: rules) == .refused)
    }

    @Test func `only dead and cancelled jobs are queued again, and old leases stay lost`() throws {
        var job = leased()
        let (early, cancelled, retried) = (job.retry(at: start), job.cancel(at: start), job.retry(at: start))
        #expect(!early && cancelled && retried)
        #expect(job.state == .queued && job.attempt == 0 && job.finished == nil)
        #expect(job.claim(at: start, by: rules) == .leased)
        #expect(isLost(job, 1))
        try job.succeed(job.fence, at: start)
        let late = job.retry(at: start)
        #expect(!late)
    }

    @Test func `a job that is given back has lost no attempt`() throws {
        var job = leased()
        try job.release(1, at: start)
        #expect(job.state == .queued && job.attempt == 0 && isLost(job, 1))
    }

    @Test func `the wait doubles to its bound and the jitter stays in the upper half`() {
        let rules = JobRules()
        for attempt in 1...60 {
            let full = min(Duration.seconds(600), .seconds(2) * (1 << min(attempt - 1, 20)))
            #expect(rules.backoff(afterAttempt: attempt, jitter: 0) == full * 0.5)
            #expect(rules.backoff(afterAttempt: attempt, jitter: 0.999) < full)
        }
    }

    /// Whatever is done to a job in whatever order, at most one fence is good, and it grows with every new holder.
    @Test func `random events never give one job to two workers`() {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            var (job, now, holders) = (JobLifecycle(queuedUntil: start), start, [Int64]())
            for _ in 0..<40 {
                now = now + .seconds(Int.random(in: 0...40, using: &generator))
                let fence = holders.randomElement(using: &generator) ?? 0
                switch Int.random(in: 0..<8, using: &generator) {
                case 0, 1, 2: if job.claim(at: now, by: rules) == .leased { holders.append(job.fence) }
                case 3: try? job.renew(fence, at: now, by: rules)
                case 4: try? job.fail(fence, permanently: false, at: now, by: rules, jitter: 0)
                case 5: _ = job.cancel(at: now)
                case 6: _ = job.retry(at: now)
                default: try? job.release(fence, at: now)
                }
                let good = holders.filter { !isLost(job, $0) }
                #expect(good.count == (job.state == .leased ? 1 : 0), "seed \(seed)")
                #expect(good.allSatisfy { $0 == holders.max() } && Set(holders).count == holders.count, "seed \(seed)")
                #expect((job.due == nil) == job.state.isFinished && job.attempt <= rules.attemptsMax, "seed \(seed)")
            }
        }
    }

    private func isLost(_ job: JobLifecycle, _ fence: Int64) -> Bool {
        do { try job.confirm(fence) } catch { return true }
        return false
    }
}

@Suite struct FairShareTests {
    private let tenants = (1...4).map { TenantID(high: 0, low: $0) }

    private func portions(_ slots: Int, running: [TenantID: Int] = [:], after last: TenantID? = nil) -> [Int] {
        let found = FairShare.portions(of: slots, among: tenants, running: running, after: last)
        return tenants.map { tenant in found.first { $0.tenant == tenant }?.jobs ?? 0 }
    }

    @Test func `slots go round in turn, beginning after whoever was last`() {
        #expect(portions(0) == [0, 0, 0, 0])
        #expect(portions(1) == [1, 0, 0, 0])
        #expect(portions(1, after: tenants[0]) == [0, 1, 0, 0])
        #expect(portions(1, after: tenants[3]) == [1, 0, 0, 0])
        #expect(portions(6, after: tenants[1]) == [1, 1, 2, 2])
        #expect(portions(1, after: TenantID(high: 1, low: 0)) == [1, 0, 0, 0])
    }

    @Test func `whoever has jobs running waits for those who have none`() {
        #expect(portions(3, running: [tenants[0]: 5]) == [0, 1, 1, 1])
        #expect(portions(5, running: [tenants[0]: 1, tenants[1]: 1]) == [1, 1, 2, 1])
    }

    @Test func `nobody waiting gets nothing`() {
        #expect(FairShare.portions(of: 3, among: [], running: [:], after: nil).isEmpty)
    }
}
