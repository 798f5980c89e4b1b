import CJail
import Glibc

/// The jail's door, inside the process that goes through it.
///
/// A program that uses the jail starts itself again with `__jail <policy> run <worker>` or
/// `__jail <policy> exec <path> <arguments>`, and calls `enterIfAsked` before anything else in its `main`:
///
///     Jail.enterIfAsked(CommandLine.arguments, workers: ["markdown": MarkdownWorker.serve])
package enum Jail {
    package static let marker = "__jail"

    /// What a jailed process is to do.
    package enum Work: Hashable, Sendable {
        /// The worker of that name, in this program.
        case run(String)
        /// Another program: its path and its arguments.
        case exec([String])
    }

    /// Returns when `arguments` do not ask for a jail. Otherwise enters it and runs the worker or the program; the
    /// process never comes back. Call it while the process has one thread.
    ///
    /// Any failure is one line on standard error and exit code 125, or 126 when only the program could not be started.
    package static func enterIfAsked(_ arguments: [String], workers: [String: () -> Never]) {
        guard arguments.count > 1, arguments[1] == marker else { return }
        guard arguments.count > 4, let encoded = EncodedJailPolicy(arguments[2]) else { refuse("malformed arguments") }
        switch arguments[3] {
        case "run":
            guard let worker = workers[arguments[4]] else { refuse("no worker of that name") }
            enter(encoded)
            worker()
        case "exec":
            enter(encoded)
            execute(Array(arguments[4...]))
        default: refuse("malformed arguments")
        }
    }

    /// The arguments after the program's name that ask for a jail beneath this process.
    static func arguments(_ policy: JailPolicy, _ work: Work) -> [String] {
        let encoded = EncodedJailPolicy(policy: policy, parent: getpid()).text
        switch work {
        case .run(let worker): return [marker, encoded, "run", worker]
        case .exec(let command): return [marker, encoded, "exec"] + command
        }
    }

    private static func enter(_ encoded: EncodedJailPolicy) {
        let policy = encoded.policy
        // The copies live as long as the process.
        let readable = policy.readable.map { cjail_path(path: strdup($0), executes: 0) }
        let executable = policy.executable.map { cjail_path(path: strdup($0), executes: 1) }
        let refusal = (readable + executable).withUnsafeBufferPointer { paths in
            var raw = cjail_policy(
                memory_bytes_max: policy.memoryBytesMax, processor_seconds_max: policy.processorSecondsMax,
                paths: paths.baseAddress, path_count: paths.count, parent: encoded.parent)
            return cjail_enter(&raw)
        }
        let error = errno
        guard refusal != 0 else { return }
        refuse(String(cString: cjail_message(refusal)) + " (code \(refusal), error \(error))")
    }

    private static func execute(_ command: [String]) -> Never {
        var arguments = command.map { strdup($0) } + [nil]
        execv(command[0], &arguments)
        end("\(command[0]) could not be executed (error \(errno))", JailExitCode.notExecuted)
    }

    private static func refuse(_ reason: String) -> Never { end(reason, JailExitCode.refused) }

    private static func end(_ reason: String, _ code: Int32) -> Never {
        let line = Array("jail refused: \(reason)\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
        exit(code)
    }
}
