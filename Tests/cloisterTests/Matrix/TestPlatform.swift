import Foundation
import HTTPKit
import HTTPTypes
import Kit
import Logging
import Sandbox
import Settings
import Storage
import Synchronization
import Telemetry
import TestKit
import TestStorage
import Testing

@testable import cloister

/// The two databases that Cloister runs on.
enum Engine: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case sqlite = "SQLite"
    case postgres = "PostgreSQL"

    var testDescription: String { rawValue }
}

/// A whole Cloister in this process, as `cloister serve` wires it, with its background work running.
final class TestPlatform: Sendable {
    /// How long something may take before a test fails; it is asked for again and again and ends when it is true.
    static let watchdog = Duration.seconds(300)

    let platform: Platform
    /// Data, keys and root key lie here and nothing else.
    let home: String
    let time: ShiftedTime
    private let peers = Atomic<Int>(0)

    /// A line for each exchange would bury what a failing test says.
    private static let quietLog: Void = LoggingSystem.bootstrap { JSONLogHandler(label: $0, level: .warning) }

    private init(_ platform: Platform, home: String, time: ShiftedTime) {
        self.platform = platform
        self.home = home
        self.time = time
    }

    /// Runs `body` on a fresh platform. `flags` are settings on top of those of tests.
    static func run(
        on engine: Engine, flags: [String: String] = [:], _ body: @Sendable (TestPlatform) async throws -> Void
    ) async throws {
        try await TestEnvironment.withTemporaryDirectory { folder in
            switch engine {
            case .sqlite: try await run(in: folder, flags, body)
            case .postgres:
                try await TestDatabases.postgresURL { url in
                    let file = folder + "/storage-url"
                    try await privateFile(file, url.reveal())
                    try await run(in: folder, flags.merging(["storage.url": "file:" + file]) { $1 }, body)
                }
            }
        }
    }

    private static func privateFile(_ path: String, _ text: String) async throws {
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }

    private static func run(
        in folder: String, _ flags: [String: String], _ body: @Sendable (TestPlatform) async throws -> Void
    ) async throws {
        quietLog
        let home = folder + "/home"
        let own = [
            "home": home, "encoder.directory": TestEnvironment.encoderDirectory, "server.port": "0",
            "limits.user_requests_per_second": "100000", "limits.tenant_requests_per_second": "100000",
        ]
        let settings = try SettingsLoader(flags: own.merging(flags) { $1 }, environment: [:], yaml: nil).load()
        let time = ShiftedTime()
        let platform = try await Platform.open(
            settings, role: .server, clock: time.clock, launcher: JailLauncher(command: [Program.path]))
        let work = Task { try await platform.runBackground() }
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await body(TestPlatform(platform, home: home, time: time)))
        } catch {
            outcome = .failure(error)
        }
        work.cancel()
        _ = await work.result
        await platform.close()
        try outcome.get()
    }

    /// A loopback address that no request came from lately, so that limits per address stay out of the way.
    func peer() -> String {
        let number = peers.wrappingAdd(1, ordering: .relaxed).oldValue
        return "127.0.\(number / 250 % 250).\(1 + number % 250)"
    }
}

/// The machine's clock, set forward when a test says so.
final class ShiftedTime: Sendable {
    private let ahead = Mutex(Duration.zero)

    var clock: WallClock {
        WallClock(now: { WallClock.system.now() + self.ahead.withLock { $0 } }, sleep: WallClock.system.sleep)
    }

    func advance(by duration: Duration) { ahead.withLock { $0 += duration } }
}

/// Asks again and again until the answer is true.
func eventually(_ what: String, _ condition: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + TestPlatform.watchdog
    while ContinuousClock.now < deadline {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    throw NeverTrue(what: what)
}

struct NeverTrue: Error, CustomStringConvertible {
    let what: String
    var description: String { "It never came true that \(what)." }
}
