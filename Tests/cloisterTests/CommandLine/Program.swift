import Foundation
import TestKit

/// The built executable, run as a process of its own: what a person, a script or an init system runs.
struct Program: Sendable {
    /// Where data, keys and settings of every run lie.
    let home: String
    /// Settings of every run, by variable.
    var environment: [String: String] = [:]

    struct Outcome: Sendable {
        /// The exit code; nil when a signal ended the process.
        let code: Int32?
        let output: String
        let errors: String
        /// What it used of the processors.
        let processorTime: Duration
        var isKilled: Bool { code == nil }
    }

    /// Beside the tests themselves, because that is what was built together with them.
    static let path: String = {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let beside = URL(filePath: own).deletingLastPathComponent().appending(path: "cloister").path
        let usual = TestEnvironment.packageRoot + "/.build/release/cloister"
        return FileManager.default.isExecutableFile(atPath: beside) ? beside : usual
    }()

    @discardableResult
    func run(_ arguments: String...) async throws -> Outcome { try await run(arguments) }

    func run(_ arguments: [String]) async throws -> Outcome { try await start(arguments).ended() }

    /// Runs to the end, or until it has used `limit` of the processors: then SIGKILL, which no process can prepare for.
    /// Unlike a time on the wall, that says how far a process is on any machine, whatever runs beside it.
    func run(_ arguments: [String], killAt limit: Duration?) async throws -> Outcome {
        let running = try start(arguments)
        if let limit { running.kill(at: limit) }
        return await running.ended()
    }

    func start(_ arguments: [String]) throws -> RunningProgram {
        try RunningProgram(Self.path, arguments, environment: own.merging(environment) { $1 })
    }

    /// Nothing of the tests' own environment, which has variables that are no settings.
    private var own: [String: String] {
        [
            "HOME": home, "CLOISTER_HOME": home, "PATH": "/usr/bin:/bin",
            "CLOISTER_ENCODER_DIRECTORY": TestEnvironment.encoderDirectory,
            "CLOISTER_LOGGING_LEVEL": "warning",
        ]
    }
}

/// One process of the executable, with what it has said so far.
final class RunningProgram: Sendable {
    private let process: ChildProcess
    private let words: String

    init(_ path: String, _ arguments: [String], environment: [String: String]) throws {
        words = NSTemporaryDirectory() + "cloister-words-\(UUID().uuidString)"
        // Files and not pipes: a pipe that nobody empties would stop the process.
        let (output, errors) = (try Self.file(words + ".out"), try Self.file(words + ".err"))
        process = try ChildProcess(
            path, arguments, environment: environment, output: output.fileDescriptor, errors: errors.fileDescriptor)
    }

    deinit {
        for ending in [".out", ".err"] { try? FileManager.default.removeItem(atPath: words + ending) }
    }

    private static func file(_ path: String) throws -> FileHandle {
        try Data().write(to: URL(filePath: path))
        return try FileHandle(forWritingTo: URL(filePath: path))
    }

    var output: String { (try? String(contentsOfFile: words + ".out", encoding: .utf8)) ?? "" }
    var errors: String { (try? String(contentsOfFile: words + ".err", encoding: .utf8)) ?? "" }
    var isRunning: Bool { process.isRunning }

    func kill(at limit: Duration) { process.kill(at: limit) }

    func send(_ signal: Int32) { process.send(signal) }

    /// Waits for the end; a test that runs out of time takes its process with it.
    func ended() async -> Program.Outcome {
        let code = await process.exitCode()
        return Program.Outcome(
            code: code, output: output, errors: errors, processorTime: process.processorTime)
    }
}
