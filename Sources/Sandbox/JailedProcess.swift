import Glibc
import Synchronization

/// A process of ours, usually jailed, with its three standard streams. It is killed and reaped with the last reference.
///
/// All calls block, so they belong on a thread that may. The streams are for one thread at a time; `kill` is for any.
///
///     let process = try JailedProcess(policy: policy, .run("markdown"))
///     try process.send(request, by: .now + .seconds(5))
///     let head = try process.receive(4, by: .now + .seconds(5))
package final class JailedProcess: @unchecked Sendable {  // One thread uses the streams; the rest is behind `ended`.
    /// What the process reads on its standard input.
    package enum Input: Sendable {
        /// What `send` gives it.
        case stream
        /// These bytes, as a file that can be read anywhere and cannot be changed.
        case bytes([UInt8])
    }

    /// How much of the end of standard error is kept.
    package static let errorBytesMax = 4096
    /// How long a killed process may take to go.
    static let reapingMax = Duration.seconds(5)

    package let identifier: pid_t
    let output: Descriptor
    let errors: Descriptor
    let handle: Descriptor
    let memoryBytesMax: UInt64?
    private(set) var input: Descriptor?
    var errorTail: [UInt8] = []
    var isErrorOpen = true
    private let ended = Mutex<JailedExit?>(nil)

    /// Starts `command`: the path of a program and its arguments. The process sees no variable of ours but `LANG`,
    /// `OMP_THREAD_LIMIT` and those of `environment`. Throws `.unavailable`.
    package init(
        command: [String], environment: [String: String] = [:], input: Input = .stream, memoryBytesMax: UInt64? = nil,
        isJailed: Bool = false
    ) throws(JailFailure) {
        let (ours, theirs) = try Self.makeInput(input)
        let (output, outputEnd) = try Descriptor.pipe()
        let (errors, errorsEnd) = try Descriptor.pipe()
        let fixed = ["LANG": "C.UTF-8", "OMP_THREAD_LIMIT": "1"]
        let variables = fixed.merging(environment) { $1 }.map { "\($0.key)=\($0.value)" }.sorted()
        let streams = [theirs.number, outputEnd.number, errorsEnd.number]
        identifier = try ProcessStart(command: command, environment: variables, streams: streams, leadsGroup: !isJailed)
            .spawn()
        withExtendedLifetime((theirs, outputEnd, errorsEnd)) {}
        self.input = ours
        self.output = output
        self.errors = errors
        self.memoryBytesMax = memoryBytesMax
        do {
            handle = try Descriptor.process(identifier)
        } catch {
            // Nothing waits for it without a handle; the kernel reaps at once what was killed.
            Glibc.kill(identifier, SIGKILL)
            waitpid(identifier, nil, 0)
            throw error
        }
    }

    /// Starts a jailed process; throws `.unavailable` when not even that could be done. A jail that was refused shows
    /// when the process is used: it has ended with code 125.
    package convenience init(
        policy: JailPolicy, _ work: Jail.Work, launcher: JailLauncher = .thisProgram,
        environment: [String: String] = [:], input: Input = .stream
    ) throws(JailFailure) {
        try self.init(
            command: launcher.command(policy, work), environment: environment, input: input,
            memoryBytesMax: policy.memoryBytesMax, isJailed: true)
    }

    deinit { end() }

    private static func makeInput(_ input: Input) throws(JailFailure) -> (ours: Descriptor?, theirs: Descriptor) {
        switch input {
        case .stream:
            let pair = try Descriptor.socketPair()
            return (pair.ours, pair.theirs)
        case .bytes(let bytes): return (nil, try Descriptor.sealed(bytes))
        }
    }

    /// The process reads the end of its input from here on.
    package func closeInput() { input = nil }

    /// Ends the process at once, with those that it started. Harmless when it has ended.
    package func kill() {
        ended.withLock { exit in
            // The identifier is ours until the process is reaped, and that happens under this lock.
            guard exit == nil else { return }
            Glibc.kill(-identifier, SIGKILL)
            Glibc.kill(identifier, SIGKILL)
        }
    }

    /// Ends the process and waits until it is gone. Only one that hangs in the kernel is left behind.
    package func end() {
        kill()
        _ = try? wait(by: .now + Self.reapingMax)
    }

    /// Waits until the process has ended, reading its standard error meanwhile. Throws `.timedOut`; it runs on then.
    @discardableResult
    package func wait(by deadline: ContinuousClock.Instant) throws(JailFailure) -> JailedExit {
        while true {
            if let exit = reap() { return exit }
            _ = try ready(handle, POLLIN, by: deadline)
        }
    }

    /// What it means that the process gave nothing more: waits for its end, kills it if there is none.
    package func failure(by deadline: ContinuousClock.Instant) -> JailFailure {
        guard let exit = try? wait(by: min(deadline, .now + .seconds(1))) else {
            kill()
            return .protocolBroken(reason: "the process closed its output and stayed")
        }
        drainErrors()
        let tail = String(decoding: errorTail, as: UTF8.self)
        return JailFailure(unexpected: exit, errorTail: tail, memoryBytesMax: memoryBytesMax)
    }

    private func reap() -> JailedExit? {
        ended.withLock { exit in
            if let exit { return exit }
            var status: Int32 = 0
            var usage = rusage()
            guard wait4(identifier, &status, WNOHANG, &usage) == identifier else { return nil }
            exit = JailedExit(status: status, usage: usage)
            return exit
        }
    }
}
