import Dispatch
import Foundation

/// The one thread that starts jailed processes, and lives as long as the program.
///
/// The kernel ends a jailed process when its parent ends, and means the thread that started it by that (prctl(2),
/// PR_SET_PDEATHSIG). A thread of a pool may end while the process is still wanted; this one does not.
final class SpawningThread: @unchecked Sendable {  // All state is behind `condition`.
    static let shared = SpawningThread()

    private let condition = NSCondition()
    private var waiting: [@Sendable () -> Void] = []

    private init() {
        let thread = Thread { self.work() }
        thread.name = "jail-spawn"
        thread.start()
    }

    /// Runs `body` there and waits for it. It must be short.
    func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> Value {
        let done = DispatchSemaphore(value: 0)
        let box = ResultBox<Value>()
        condition.lock()
        waiting.append {
            box.value = body()
            done.signal()
        }
        condition.signal()
        condition.unlock()
        done.wait()
        guard let value = box.value else { preconditionFailure("the semaphore is signalled after the value is set") }
        return value
    }

    private func work() -> Never {
        while true {
            condition.lock()
            while waiting.isEmpty { condition.wait() }
            let body = waiting.removeFirst()
            condition.unlock()
            body()
        }
    }
}

/// Written once before the semaphore is signalled, read once after.
private final class ResultBox<Value>: @unchecked Sendable {  // The semaphore orders the two accesses.
    var value: Value?
}
