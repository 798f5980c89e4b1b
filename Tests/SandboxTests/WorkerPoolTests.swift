import Foundation
import Kit
import Synchronization
import TestKit
import Testing

@testable import Sandbox

@Suite(.timeLimit(.minutes(10))) struct WorkerPoolTests {
    private static let tenants = (1...4).map { TenantID(high: 9, low: $0) }

    private func pool(_ worker: String = "echo", _ bounds: WorkerPoolBounds) -> WorkerPool {
        WorkerPool(policy: Probe.narrow, worker: worker, launcher: Probe.direct, bounds: bounds)
    }

    /// A worker's process, after it has answered.
    private func process(of tenant: TenantID, in pool: WorkerPool) async throws -> Int32 {
        try await pool.withWorker(for: tenant, deadline: .seconds(300)) { connection in
            _ = try connection.exchange([1], replyBytesMax: 10)
            return connection.processIdentifier
        }
    }

    /// Whether it ends before the watchdog barks.
    private func ends(_ process: Int32) async -> Bool {
        let limit = Probe.watchdog
        while kill(process, 0) == 0 {
            if .now > limit { return false }
            await Task.yield()
        }
        return true
    }

    @Test func `a worker stays warm for its tenant and never serves another`() async throws {
        let pool = pool("echo", WorkerPoolBounds(workersMax: 2))
        defer { pool.close() }
        let (one, two, three) = (Self.tenants[0], Self.tenants[1], Self.tenants[2])
        let first = try await process(of: one, in: pool)
        let second = try await process(of: two, in: pool)
        #expect(first != second)
        #expect(try await process(of: one, in: pool) == first)
        #expect(try await process(of: two, in: pool) == second)
        // No room: the worker that idled longest goes.
        let third = try await process(of: three, in: pool)
        #expect(third != first && third != second)
        #expect(kill(first, 0) != 0)
        #expect(try await process(of: two, in: pool) == second)
    }

    @Test func `a worker is replaced after its share of jobs`() async throws {
        let pool = pool("echo", WorkerPoolBounds(workersMax: 1, jobsPerWorkerMax: 2))
        defer { pool.close() }
        var processes: [Int32] = []
        for _ in 0..<4 { processes.append(try await process(of: Self.tenants[0], in: pool)) }
        #expect(processes[0] == processes[1] && processes[2] == processes[3] && processes[1] != processes[2])
        #expect(kill(processes[0], 0) != 0)
    }

    @Test func `an idle worker is ended`() async throws {
        let pool = pool("echo", WorkerPoolBounds(workersMax: 1, idleMax: .milliseconds(50)))
        defer { pool.close() }
        let process = try await process(of: Self.tenants[0], in: pool)
        #expect(await ends(process))
    }

    @Test func `after a fault the worker is gone and the next call works`() async throws {
        struct Refusal: Error {}
        let pool = pool("echo", WorkerPoolBounds(workersMax: 1))
        defer { pool.close() }
        let first = try await process(of: Self.tenants[0], in: pool)
        await #expect(throws: Refusal.self) {
            try await pool.withWorker(for: Self.tenants[0], deadline: .seconds(300)) { _ in throw Refusal() }
        }
        #expect(kill(first, 0) != 0)
        #expect(try await process(of: Self.tenants[0], in: pool) != first)
    }

    @Test(arguments: [
        ("silent", JailFailure.failed(exitCode: 0, errorTail: "")), ("crashing", .crashed(signal: SIGABRT)),
        ("garbage", .outputTooLarge(bytesMax: 10)), ("stopped", .timedOut), ("half", .timedOut),
        ("nobody", .unavailable(reason: "jail refused: no worker of that name")),
    ])
    func `what is wrong with a worker reaches the caller`(worker: String, failure: JailFailure) async throws {
        let pool = pool(worker, WorkerPoolBounds(workersMax: 1))
        defer { pool.close() }
        let deadline = Duration.milliseconds(failure == .timedOut ? 700 : 60_000)
        for _ in 0..<2 {
            await #expect(throws: failure) {
                try await pool.withWorker(for: Self.tenants[0], deadline: deadline) { connection in
                    try connection.exchange([1], replyBytesMax: 10)
                }
            }
        }
    }

    @Test func `cancelling a call ends its worker and frees its place`() async throws {
        let pool = pool("echo", WorkerPoolBounds(workersMax: 1))
        defer { pool.close() }
        let (started, starts) = AsyncStream.makeStream(of: Int32.self)
        let call = Task {
            try await pool.withWorker(for: Self.tenants[0], deadline: .seconds(600)) { connection in
                starts.yield(connection.processIdentifier)
                // Nobody answers what was not asked.
                _ = try connection.receive(bytesMax: 10)
            }
        }
        let process = try #require(await started.first { _ in true })
        call.cancel()
        await #expect(throws: CancellationError.self) { try await call.value }
        #expect(kill(process, 0) != 0)
        #expect(try await self.process(of: Self.tenants[1], in: pool) != process)
    }

    @Test func `waiting callers are bounded, can be cancelled, and give up at their deadline`() async throws {
        let pool = pool("echo", WorkerPoolBounds(workersMax: 1, waitingMax: 2))
        defer { pool.close() }
        let (started, starts) = AsyncStream.makeStream(of: Void.self)
        let holder = Task {
            try await pool.withWorker(for: Self.tenants[0], deadline: .seconds(600)) { connection in
                starts.yield()
                _ = try connection.receive(bytesMax: 10)
            }
        }
        _ = await started.first { _ in true }
        let late = Task { try await pool.withWorker(for: Self.tenants[1], deadline: .milliseconds(200)) { _ in } }
        let patient = Task { try await pool.withWorker(for: Self.tenants[1], deadline: .seconds(600)) { _ in } }
        await #expect(throws: JailFailure.timedOut) { try await late.value }
        // Both places of the queue are taken again once another one waits.
        let third = Task { try await pool.withWorker(for: Self.tenants[1], deadline: .seconds(600)) { _ in } }
        while pool.waitingCount < 2 { await Task.yield() }
        await #expect(throws: JailFailure.tooManyWaiting(max: 2)) {
            try await pool.withWorker(for: Self.tenants[2], deadline: .seconds(600)) { _ in }
        }
        third.cancel()
        await #expect(throws: CancellationError.self) { try await third.value }
        holder.cancel()
        try await patient.value
    }

    @Test func `a call of a cancelled task does not start`() async throws {
        let pool = pool("echo", WorkerPoolBounds(workersMax: 1))
        defer { pool.close() }
        let call = Task {
            while !Task.isCancelled { await Task.yield() }
            _ = try await pool.withWorker(for: Self.tenants[0], deadline: .seconds(300)) { _ in
                Issue.record("the body ran")
            }
        }
        call.cancel()
        await #expect(throws: CancellationError.self) { try await call.value }
    }

    @Test func `closing ends everything`() async throws {
        let pool = pool("echo", WorkerPoolBounds(workersMax: 1))
        let (started, starts) = AsyncStream.makeStream(of: Int32.self)
        let holder = Task {
            try await pool.withWorker(for: Self.tenants[0], deadline: .seconds(600)) { connection in
                starts.yield(connection.processIdentifier)
                _ = try connection.receive(bytesMax: 10)
            }
        }
        let process = try #require(await started.first { _ in true })
        let waiting = Task { try await pool.withWorker(for: Self.tenants[1], deadline: .seconds(600)) { _ in } }
        while pool.waitingCount < 1 { await Task.yield() }
        pool.close()
        await #expect(throws: JailFailure.closed) { try await waiting.value }
        await #expect(throws: JailFailure.closed) { try await holder.value }
        await #expect(throws: JailFailure.closed) { try await self.process(of: Self.tenants[0], in: pool) }
        #expect(kill(process, 0) != 0)
    }

    private final class Owners: Sendable {
        private let entries = Mutex<[Int32: TenantID]>([:])

        /// Whose the process was first.
        func claim(_ process: Int32, for tenant: TenantID) -> TenantID {
            entries.withLock { entries in
                let owner = entries[process] ?? tenant
                entries[process] = owner
                return owner
            }
        }
    }

    @Test func `two hundred calls at once are answered, and no process serves two tenants`() async throws {
        let pool = pool("echo", WorkerPoolBounds(workersMax: 3))
        defer { pool.close() }
        let owners = Owners()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let tenant = Self.tenants[number % 4]
                    let request = Array("call \(number)".utf8)
                    let (reply, process) = try await pool.withWorker(for: tenant, deadline: .seconds(120)) {
                        (try $0.exchange(request, replyBytesMax: 100), $0.processIdentifier)
                    }
                    #expect(reply == request)
                    // Numbers of processes come back only after very many.
                    #expect(owners.claim(process, for: tenant) == tenant)
                }
            }
            try await group.waitForAll()
        }
    }
}
