import CJail
import Foundation
import Synchronization

/// Another program, started by `posix_spawn` and waited for on a thread of its own.
///
/// Not Foundation's `Process`: it reads past the end of a listing of open files when a process has more than some
/// 1,300 of them, as all tests together have, and its `waitUntilExit` blocks a thread that others need.
package final class ChildProcess: Sendable {
    package let identifier: pid_t
    private struct End {
        let status: Int32
        let processorTime: Duration
    }

    private let end = Mutex<End?>(nil)
    private let ended: AsyncStream<Void>
    private let done = DispatchSemaphore(value: 0)

    package struct NotStarted: Error {
        package let path: String
        package let code: Int32
    }

    /// The descriptors, all above 2, become its standard input, output and error, which lead nowhere otherwise. It
    /// inherits no other. They stay the caller's.
    package init(
        _ path: String, _ arguments: [String] = [], environment: [String: String] = ProcessInfo.processInfo.environment,
        input: Int32? = nil, output: Int32? = nil, errors: Int32? = nil
    ) throws {
        let nothing = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(nothing) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, descriptor) in [input, output, errors].enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor ?? nothing, Int32(number))
        }
        cjail_spawn_close_from(&actions, 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A thread of this process may block signals that the child must hear.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        identifier = try Self.spawn(path, arguments, environment, &actions, &attributes)
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        ended = stream
        Thread.detachNewThread { [self] in
            reap()
            continuation.finish()
        }
    }

    private static func spawn(
        _ path: String, _ arguments: [String], _ environment: [String: String],
        _ actions: inout posix_spawn_file_actions_t, _ attributes: inout posix_spawnattr_t
    ) throws -> pid_t {
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var identifier = pid_t()
        let code = posix_spawn(&identifier, path, &actions, &attributes, &words, &variables)
        guard code == 0 else { throw NotStarted(path: path, code: code) }
        return identifier
    }

    private func reap() {
        var status: Int32 = 0
        var usage = rusage()
        while wait4(identifier, &status, 0, &usage) < 0, errno == EINTR {}
        let end = End(
            status: status, processorTime: Self.duration(usage.ru_utime) + Self.duration(usage.ru_stime))
        self.end.withLock { $0 = end }
        done.signal()
    }

    private static func duration(_ time: timeval) -> Duration {
        .seconds(time.tv_sec) + .microseconds(Int64(time.tv_usec))
    }

    /// What all its threads have used of the processors; to the end, once it ended.
    package var processorTime: Duration {
        if let end = end.withLock({ $0 }) { return end.processorTime }
        var clock = clockid_t()
        var time = timespec()
        guard clock_getcpuclockid(identifier, &clock) == 0, clock_gettime(clock, &time) == 0 else { return .zero }
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    /// Kills it once it has used that much of the processors. On a thread of its own, and that from now on, because a
    /// task may wait for long while the other tests keep every thread busy.
    package func kill(at limit: Duration) {
        Thread.detachNewThread { [self] in
            while isRunning {
                if processorTime >= limit { send(SIGKILL) }
                // Nothing announces it: the moment of the kill is what is tested.
                usleep(1000)
            }
        }
    }

    package var isRunning: Bool { end.withLock { $0 == nil } }

    package func send(_ signal: Int32) {
        // Under the lock, so that the identifier is not somebody else's by now.
        end.withLock { if $0 == nil { _ = Glibc.kill(identifier, signal) } }
    }

    /// The exit code; nil when a signal ended it. A cancelled caller takes the process with it.
    package func exitCode() async -> Int32? {
        await withTaskCancellationHandler {
            for await _ in ended {}
        } onCancel: {
            send(SIGKILL)
        }
        return wait()
    }

    /// The same for callers that may block.
    @discardableResult
    package func wait() -> Int32? {
        done.wait()
        done.signal()
        let status = end.withLock { $0?.status ?? 0 }
        return status & 0x7f == 0 ? (status >> 8) & 0xff : nil
    }

    /// Runs a program to its end. Its output goes through a file, so that neither side waits for the other. Nil when it
    /// could not be started.
    package static func run(
        _ path: String, _ arguments: [String] = [], input: [UInt8] = []
    ) -> (code: Int32?, output: [UInt8])? {
        let folder = FileManager.default.temporaryDirectory.appending(path: "child-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let (source, result) = (folder.appending(path: "in"), folder.appending(path: "out"))
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(input).write(to: source)
            try Data().write(to: result)
            let (from, to) = (try FileHandle(forReadingFrom: source), try FileHandle(forWritingTo: result))
            let child = try ChildProcess(path, arguments, input: from.fileDescriptor, output: to.fileDescriptor)
            let code = child.wait()
            return (code, [UInt8](try Data(contentsOf: result)))
        } catch {
            return nil
        }
    }
}
