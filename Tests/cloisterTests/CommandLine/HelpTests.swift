import ArgumentParser
import TestKit
import Testing

@testable import cloister

@Suite struct HelpTests {
    private let program = Program(home: "/nonexistent")

    /// Every command of the product: a new one is tested without being added here.
    private static func words(of command: any ParsableCommand.Type, after parents: [String] = []) -> [[String]] {
        let own = parents + [command.configuration.commandName ?? "?"]
        return [own] + command.configuration.subcommands.flatMap { words(of: $0, after: own) }
    }

    @Test func `every command explains itself, shows an example and exits 0`() async throws {
        let commands = Self.words(of: Cloister.self)
        #expect(commands.count >= 16)
        for words in commands {
            let name = words.joined(separator: " ")
            let outcome = try await program.run(Array(words.dropFirst()) + ["--help"])
            #expect(outcome.code == 0, "\(name): \(outcome.errors)")
            #expect(outcome.output.contains("USAGE: \(name)"), "\(name)")
            #expect(outcome.output.contains("OVERVIEW: "), "\(name)")
            #expect(outcome.output.contains("SUBCOMMANDS:") || outcome.output.contains("\n  \(name)"), "\(name)")
            #expect(outcome.errors.isEmpty, "\(name)")
        }
    }

    @Test func `the first page shows examples on whole lines and says what exit codes mean`() async throws {
        let help = try await program.run("--help").output
        #expect(help.contains("  cloister ask \"How long is parental leave?\"\n"))
        #expect(help.contains("  cloister serve                 serve on http://127.0.0.1:8080\n"))
        #expect(help.contains("Exit codes: 0 done; 1 refused or failed; 3 nothing found; 64 wrong usage"))
        #expect(try await program.run("--version").output == Release.version + "\n")
    }
}
