import Foundation
import Storage
import TestKit
import Testing

@Suite struct QuestionCommandTests {
    private static let text = """
        # Roster of the Fernhill ward

        The night shift on the Fernhill ward begins at 21:45 and ends at 06:15.

        The handover from evening to night takes eleven minutes.

        """

    private func withHandbook(_ body: (Program) async throws -> Void) async throws {
        try await TestEnvironment.withTemporaryDirectory { root in
            let file = root + "/fernhill.md"
            try Data(Self.text.utf8).write(to: URL(filePath: file))
            let program = Program(home: root + "/home")
            let outcome = try await program.run("ingest", file, "--collection", "ward")
            #expect(outcome.code == 0, "\(outcome.errors)")
            try await body(program)
        }
    }

    @Test func `ask quotes with sources and exits 0; what the documents do not say is declined with 3`() async throws {
        try await withHandbook { program in
            let answered = try await program.run("ask", "How long does the handover take?", "--collection", "ward")
            #expect(answered.code == 0, "\(answered.errors)")
            #expect(answered.output.contains("takes eleven minutes. [1]"))
            #expect(answered.output.contains("[1] fernhill.md"))

            let declined = try await program.run("ask", "Which comet did Zwicklhuber photograph in Patagonia?")
            #expect(declined.code == 3)
            #expect(declined.output.hasPrefix("Not in your documents"))

            let json = try await program.run("ask", "Which comet did Zwicklhuber photograph?", "--json")
            #expect(json.code == 3)
            #expect(throws: Never.self) { try JSONDecoder().decode(JSON.self, from: Data(json.output.utf8)) }

            let elsewhere = try await program.run("ask", "How long?", "--collection", "nowhere")
            #expect(elsewhere.code == 1)
            #expect(elsewhere.errors == "Error: There is no collection nowhere that you may see.\n")
        }
    }

    @Test func `search prints JSON that a program can read, says why, and exits 3 when nothing is found`() async throws
    {
        try await withHandbook { program in
            let found = try await program.run("search", "handover minutes", "--json", "--explain")
            #expect(found.code == 0)
            #expect(found.errors.isEmpty)
            let reply = try JSONDecoder().decode(JSON.self, from: Data(found.output.utf8))
            #expect(reply["hits"]?.items.first?["path"]?.text == "fernhill.md")
            #expect(reply["hits"]?.items.first?["explanation"]?["access"]?.text?.isEmpty == false)

            let shown = try await program.run("search", "handover minutes", "--explain")
            #expect(shown.output.hasPrefix("1. fernhill.md"))
            #expect(shown.output.contains("you may see it: "))

            let nothing = try await program.run("search", "zwicklhuber", "--mode", "lexical")
            #expect(nothing.code == 3)
            #expect(nothing.errors == "Nothing found.\n" && nothing.output.isEmpty)

            let many = try await program.run("search", "x", "--limit", "1000")
            #expect(many.code == 1)
            #expect(many.errors.contains("100"), "\(many.errors)")
        }
    }

    @Test func `the audit trail verifies, in words and as JSON`() async throws {
        try await withHandbook { program in
            let words = try await program.run("audit", "verify")
            #expect(words.code == 0)
            #expect(words.errors == "The audit trail is whole.\n")
            let json = try await program.run("audit", "verify", "--json")
            #expect(try JSONDecoder().decode(JSON.self, from: Data(json.output.utf8))["sound"] == true)
        }
    }

    @Test func `data that another process uses is left alone, and the process is named`() async throws {
        try await withHandbook { program in
            let holder = try DataDirectory(path: program.home + "/data")
            let outcome = try await program.run("search", "handover")
            #expect(outcome.code == 1)
            #expect(
                outcome.errors
                    == "Error: Another cloister process (\(getpid())) uses this data. "
                    + "Wait until it is done, or stop it.\n")
            withExtendedLifetime(holder) {}
        }
    }

    @Test func `a server that is not there or no address is said in a sentence`() async throws {
        var program = Program(home: "/nonexistent")
        program.environment = ["CLOISTER_URL": "http://127.0.0.1:1", "CLOISTER_API_KEY": "clk_x"]
        let silent = try await program.run("search", "x")
        #expect(silent.code == 1)
        #expect(silent.errors.hasPrefix("Error: There is no answer from http://127.0.0.1:1: "))
        #expect(!silent.errors.contains("errno"), "\(silent.errors)")
        program.environment["CLOISTER_URL"] = "localhost"
        let wrong = try await program.run("search", "x")
        #expect(wrong.code == 1)
        #expect(wrong.errors.contains("CLOISTER_URL is no address: \"localhost\""))
    }
}
