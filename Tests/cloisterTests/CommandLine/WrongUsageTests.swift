import Foundation
import TestKit
import Testing

@Suite struct WrongUsageTests {
    private static let wrongUsage: Int32 = 64

    /// Arguments, and what the message must say.
    private static let rows: [([String], [String])] = [
        (["--bogus"], ["Unknown option '--bogus'", "Usage: cloister"]),
        (["search", "--bogus", "x"], ["Unknown option '--bogus'", "Usage: cloister search"]),
        (["serch"], ["Unexpected argument 'serch'"]),
        (["ingest"], ["Missing expected argument '<path>'"]),
        (["search", "x", "--limit", "many"], ["'many' is invalid for '--limit"]),
        (["search", "x", "--mode", "psychic"], ["'psychic' is invalid", "fused", "dense", "lexical"]),
        (["ingest", ".", "--label", "sort-of-secret"], ["'sort-of-secret' is invalid", "confidential"]),
        (["config", "check", "--set", "server.prot=1"], ["no setting server.prot; did you mean server.port?"]),
        (["config", "check", "--set", "server.port=blue"], ["server.port must be", "not \"blue\""]),
        (["config", "check", "--set", "server.port"], ["--set takes key=value"]),
        (["config", "print", "--set", "storage.ulr=x"], ["no setting storage.ulr; did you mean storage.url?"]),
        (["config", "check", "--config", "/nonexistent.yaml"], ["/nonexistent.yaml cannot be read"]),
        (["config", "check", "--set", "keys.root=deadbeef"], ["keys.root holds a secret", "file:/path"]),
        (["search", "x", "--set", "jobs.attemps=1"], ["did you mean jobs.attempts?"]),
    ]

    @Test func `wrong usage and wrong settings end with 64 and name the mistake`() async throws {
        try await TestEnvironment.withTemporaryDirectory { folder in
            for (arguments, phrases) in Self.rows {
                let outcome = try await Program(home: folder + "/home").run(arguments)
                #expect(outcome.code == Self.wrongUsage, "\(arguments)")
                for phrase in phrases { #expect(outcome.errors.contains(phrase), "\(arguments): \(outcome.errors)") }
                #expect(outcome.output.isEmpty, "\(arguments)")
            }
            #expect(!FileManager.default.fileExists(atPath: folder + "/home"), "Nothing is made before all is right.")
        }
    }

    @Test func `a refused setting is not followed by the usage, which would not help`() async throws {
        let outcome = try await Program(home: "/nonexistent").run("config", "check", "--set", "server.prot=1")
        #expect(!outcome.errors.contains("Usage:"))
        #expect(!outcome.errors.contains("deadbeef"))
    }

    @Test func `an unknown variable is an error that names the nearest one`() async throws {
        let program = Program(home: "/nonexistent", environment: ["CLOISTER_SERVER_PROT": "1"])
        let outcome = try await program.run("config", "check")
        #expect(outcome.code == Self.wrongUsage)
        #expect(outcome.errors.contains("CLOISTER_SERVER_PROT; did you mean CLOISTER_SERVER_PORT?"))
    }

    /// ATT-26.
    @Test(arguments: ["0.0.0.0", "::", "192.0.2.7"])
    func `serving off the loopback without TLS is refused with what to do`(host: String) async throws {
        try await TestEnvironment.withTemporaryDirectory { folder in
            let outcome = try await Program(home: folder + "/home").run("serve", "--set", "server.host=\(host)")
            #expect(outcome.code == Self.wrongUsage)
            #expect(outcome.errors.contains("server.host (\(host)) is reachable from other machines"))
            #expect(outcome.errors.contains("set server.tls.certificate and server.tls.key"))
            #expect(!outcome.errors.contains("serves on"))
        }
    }
}
