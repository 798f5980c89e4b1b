import Glibc

/// A converter on the command line, such as `pdftotext`, that reads one hostile document and writes one result.
///
///     let tool = JailedTool(policy: .converter(memoryBytesMax: 1 << 30, processorSecondsMax: 30))
///     let text = try tool.run("/usr/bin/pdftotext", ["-", "-"], input: pdf, outputBytesMax: 8 << 20, by: deadline)
package struct JailedTool: Sendable {
    package let policy: JailPolicy
    package let launcher: JailLauncher

    package init(policy: JailPolicy, launcher: JailLauncher = .thisProgram) {
        self.policy = policy
        self.launcher = launcher
    }

    /// What the program writes to its standard output when it ends well. `input` is its standard input, a file that
    /// it can read anywhere. Blocks until then, at most until `deadline`. Throws any `JailFailure` of a process.
    package func run(
        _ executable: String, _ arguments: [String], input: [UInt8], outputBytesMax: Int,
        by deadline: ContinuousClock.Instant
    ) throws(JailFailure) -> [UInt8] {
        guard access(executable, X_OK) == 0 else { throw .unavailable(reason: "\(executable) is not installed") }
        let process = try JailedProcess(
            policy: policy.executing(executable), .exec([executable] + arguments), launcher: launcher,
            input: .bytes(input))
        let output = try process.receiveAll(bytesMax: outputBytesMax, by: deadline)
        let exit = try process.wait(by: deadline)
        guard exit.reason == .exited(0) else { throw process.failure(by: deadline) }
        return output
    }
}
