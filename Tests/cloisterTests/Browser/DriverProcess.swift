import Foundation
import TestKit

/// A chromedriver of our own, on a port that it chooses itself.
final class DriverProcess: Sendable {
    let base: String
    private let process: ChildProcess
    private let directory: String

    private init(base: String, process: ChildProcess, directory: String) {
        self.base = base
        self.process = process
        self.directory = directory
    }

    /// Starts chromedriver and returns once it answers. Throws `BrowserFailure`.
    static func start() async throws -> DriverProcess {
        guard let program = locate("chromedriver") else { throw BrowserFailure.missing(program: "chromedriver") }
        guard locate("chromium") != nil || locate("google-chrome") != nil else {
            throw BrowserFailure.missing(program: "chromium")
        }
        let directory = NSTemporaryDirectory() + "cloister-browser-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let log = directory + "/chromedriver.log"
        try Data().write(to: URL(filePath: log))
        let output = try FileHandle(forWritingTo: URL(filePath: log))
        // The profile and the shared memory of the browser live and end with this test.
        let process = try ChildProcess(
            program, ["--port=0"],
            environment: ProcessInfo.processInfo.environment.merging(["TMPDIR": directory]) { $1 },
            output: output.fileDescriptor)
        guard let port = await port(in: log, of: process) else {
            process.send(SIGKILL)
            throw BrowserFailure.notStarted(log: (try? String(contentsOfFile: log, encoding: .utf8)) ?? "")
        }
        return DriverProcess(base: "http://127.0.0.1:\(port)", process: process, directory: directory)
    }

    /// Ends chromedriver with its browsers, waits for its end and removes what they wrote.
    ///
    /// Asked, not signalled, so that it ends its browsers too.
    func stop() async {
        _ = try? await DriverTransport.exchange("GET", base + "/shutdown", nil)
        for _ in 0..<500 where process.isRunning { try? await Task.sleep(for: .milliseconds(10)) }
        process.send(SIGKILL)
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// chromedriver says "... was started successfully on port 38231." when it listens.
    private static func port(in log: String, of process: ChildProcess) async -> Int? {
        for _ in 0..<4800 {
            let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            if let match = text.firstMatch(of: #/successfully on port (\d+)/#) { return Int(match.1) }
            guard process.isRunning else { return nil }
            try? await Task.sleep(for: .milliseconds(50))
        }
        return nil
    }

    private static func locate(_ program: String) -> String? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
            .map { "\($0)/\(program)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
