import Dispatch
import Foundation
import Testing

@testable import Storage

@Suite struct WorkerThreadsTests {
    private final class Worker {}

    @Test(.timeLimit(.minutes(10)))
    func `over the bound a call is refused at once, and closing finishes those that wait`() async throws {
        let threads = WorkerThreads(name: "test", threadsMax: 1) { Worker() }
        let started = DispatchSemaphore(value: 0)
        let gate = DispatchSemaphore(value: 0)
        let done = AttemptCounter()
        try threads.submit { _ in
            started.signal()
            gate.wait()
        }
        block { started.wait() }
        for _ in 0..<WorkerThreads<Worker>.waitingMax { try threads.submit { _ in _ = done.next() } }
        #expect(throws: StorageFailure.unavailable(reason: "too many calls wait")) { try threads.submit { _ in } }
        gate.signal()
        await threads.close()
        #expect(done.value == WorkerThreads<Worker>.waitingMax)
        #expect(throws: StorageFailure.unavailable(reason: "the database is closed")) { try threads.submit { _ in } }
    }

    @Test(.timeLimit(.minutes(10)))
    func `a thread keeps its resource, and there are no more threads than allowed`() async throws {
        let made = AttemptCounter()
        let threads = WorkerThreads(name: "test", threadsMax: 3) {
            _ = made.next()
            return Worker()
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<200 { group.addTask { try await threads.run { _ in } } }
            try await group.waitForAll()
        }
        await threads.close()
        #expect((1...3).contains(made.value))
    }

    /// Waiting for a thread that has just been started, from a test's task.
    private func block(_ body: () -> Void) { body() }
}
