import Foundation
import Settings
import TestKit
import Testing

@Suite struct ConfigCommandTests {
    @Test func `config check says that all is well`() async throws {
        let outcome = try await Program(home: "/nonexistent").run("config", "check")
        #expect(outcome.code == 0)
        #expect(outcome.errors == "The settings are valid.\n")
    }

    @Test func `config print shows each value's origin, and a secret only as its source`() async throws {
        try await TestEnvironment.withTemporaryDirectory { folder in
            let file = folder + "/cloister.yaml"
            try Data("server:\n  port: 9000\nstorage:\n  url: env:DATABASE\n".utf8).write(to: URL(filePath: file))
            let program = Program(
                home: folder, environment: ["DATABASE": "postgres://user:hunter2@db", "CLOISTER_JOBS_WORKERS": "3"])
            let outcome = try await program.run("config", "print", "--config", file, "--set", "jobs.attempts=7")
            #expect(outcome.code == 0)
            let lines = outcome.output.split(separator: "\n").map { $0.replacing(#/ +/#, with: " ") }
            #expect(lines.contains("server.port = 9000 # \(file):2"))
            #expect(lines.contains("storage.url = env:DATABASE # \(file):4"))
            #expect(lines.contains("jobs.workers = 3 # environment CLOISTER_JOBS_WORKERS"))
            #expect(lines.contains("jobs.attempts = 7 # flag jobs.attempts"))
            #expect(lines.contains("session.idle_minutes = 30 # default"))
            #expect(lines.count == SettingsTable.rows.count)
            #expect(!outcome.output.contains("hunter2") && !outcome.errors.contains("hunter2"))
        }
    }

    @Test func `config reference explains every setting`() async throws {
        let outcome = try await Program(home: "/nonexistent").run("config", "reference")
        #expect(outcome.code == 0)
        for row in SettingsTable.rows { #expect(outcome.output.contains(row.key), "\(row.key)") }
    }

    @Test func `doctor says how to get the encoder and exits 1`() async throws {
        try await TestEnvironment.withTemporaryDirectory { folder in
            let missing = folder + "/nothing"
            let program = Program(home: folder + "/home")
            let outcome = try await program.run("doctor", "--set", "encoder.directory=\(missing)")
            #expect(outcome.code == 1)
            #expect(outcome.output.contains("missing  encoder weights in \(missing)\n"))
            #expect(outcome.output.contains("Run: scripts/fetch-encoder \(missing)\n"))
            #expect(!FileManager.default.fileExists(atPath: folder + "/home"), "doctor changes nothing.")

            let healthy = try await program.run("doctor")
            #expect(healthy.code == 0, "\(healthy.output)")
            #expect(!healthy.output.contains("missing"))
        }
    }
}
