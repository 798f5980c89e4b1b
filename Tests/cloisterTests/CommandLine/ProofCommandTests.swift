import Foundation
import TestKit
import Testing

@testable import cloister

@Suite struct ProofCommandTests {
    private static let text = """
        # Roster of the Fernhill ward

        The handover from evening to night takes eleven minutes.

        """

    @Test func `an answer leaves as a file that verifies, a changed one names its byte, and lineage leads back`()
        async throws
    {
        try await TestEnvironment.withTemporaryDirectory { root in
            try Data(Self.text.utf8).write(to: URL(filePath: root + "/fernhill.md"))
            let program = Program(home: root + "/home")
            #expect(try await program.run("ingest", root + "/fernhill.md", "--collection", "ward").code == 0)
            let asked = try await program.run("ask", "How long does the handover take?", "--json")
            let answer = try JSONDecoder().decode(JSON.self, from: Data(asked.output.utf8))
            let id = try #require(answer["answer"]?.text)
            let key = try await program.run("audit", "key").output.trimmingCharacters(in: .newlines)
            try await Self.checkFiles(id, key, program, root)

            let conversation = try #require(answer["conversation"]?.text)
            let markdown = try await program.run("answers", "export", conversation)
            #expect(markdown.code == 0 && markdown.output.contains("takes eleven minutes. \\[1\\]"))
            let json = try await program.run("answers", "export", conversation, "--format", "json")
            #expect(throws: Never.self) { try JSONDecoder().decode(JSON.self, from: Data(json.output.utf8)) }

            let document = try #require(answer["citations"]?.items.first?["document"]?.text)
            let uses = try await program.run("documents", "answers", document)
            #expect(uses.code == 0 && uses.output.contains(id), "\(uses.errors)")
            #expect(try await program.run("documents", "answers").code == 64)
        }
    }

    private static func checkFiles(_ id: String, _ key: String, _ program: Program, _ root: String) async throws {
        let bundle = try await program.run("answers", "bundle", id)
        #expect(bundle.code == 0, "\(bundle.errors)")
        let (file, changed) = (root + "/proof.json", root + "/changed.json")
        try Data(bundle.output.utf8).write(to: URL(filePath: file))
        let good = try await program.run("answers", "verify", file, "--key", key)
        #expect(good.code == 0 && !good.output.contains("NO  "), "\(good.output)")
        #expect(good.output.contains("ok  The key is the one that you trust."))
        let words = bundle.output.replacingOccurrences(of: "eleven minutes", with: "eleven minuteZ")
        try Data(words.utf8).write(to: URL(filePath: changed))
        let bad = try await program.run("answers", "verify", changed)
        #expect(bad.code == 1 && bad.output.hasPrefix("NO  "), "\(bad.output)")
        #expect(bad.errors == "Error: \(changed) is not a proof that holds.\n")
        #expect(try await program.run("answers", "verify", root + "/none.json").code == 1)
        #expect(try await program.run("answers", "bundle", "ans_nothing").code == 1)
    }
}
