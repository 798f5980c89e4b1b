import Foundation

/// A bounded set of threads for calls that block. Each thread has a resource of its own, such as a connection.
///
/// Threads start when there is work for them. Jobs run in the order they came; `submit` refuses when too many wait.
final class WorkerThreads<Resource: AnyObject>: @unchecked Sendable {  // All state is behind `condition`.
    typealias Job = @Sendable (Resource) -> Void

    static var waitingMax: Int { 10_000 }

    private let condition = NSCondition()
    private let name: String
    private let threadsMax: Int
    private let makeResource: @Sendable () -> Resource
    private var jobs: [Job] = []
    private var threads = 0
    private var idle = 0
    private var isClosed = false
    private var closing: [CheckedContinuation<Void, Never>] = []

    init(name: String, threadsMax: Int, makeResource: @escaping @Sendable () -> Resource) {
        self.name = name
        self.threadsMax = threadsMax
        self.makeResource = makeResource
    }

    func submit(_ job: @escaping Job) throws(StorageFailure) {
        condition.lock()
        defer { condition.unlock() }
        guard !isClosed else { throw .unavailable(reason: "the database is closed") }
        guard jobs.count < Self.waitingMax else { throw .unavailable(reason: "too many calls wait") }
        jobs.append(job)
        if idle < jobs.count, threads < threadsMax { startThread() }
        condition.signal()
    }

    /// Runs `body` on one of the threads.
    func run<Value: Sendable>(_ body: @escaping @Sendable (Resource) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            do {
                try submit { resource in continuation.resume(with: Result { try body(resource) }) }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    /// Takes no more jobs, finishes those that wait, and returns when every thread has ended.
    func close() async {
        await withCheckedContinuation { continuation in
            condition.lock()
            defer { condition.unlock() }
            isClosed = true
            closing.append(continuation)
            condition.broadcast()
            if threads == 0 { resumeClosing() }
        }
    }

    private func startThread() {
        threads += 1
        let thread = Thread { self.work() }
        thread.name = "\(name)-\(threads)"
        thread.start()
    }

    private func work() {
        let resource = makeResource()
        while let job = nextJob() { job(resource) }
    }

    private func nextJob() -> Job? {
        condition.lock()
        defer { condition.unlock() }
        while jobs.isEmpty, !isClosed {
            idle += 1
            condition.wait()
            idle -= 1
        }
        if !jobs.isEmpty { return jobs.removeFirst() }
        threads -= 1
        if threads == 0 { resumeClosing() }
        return nil
    }

    private func resumeClosing() {
        for continuation in closing { continuation.resume() }
        closing = []
    }
}
