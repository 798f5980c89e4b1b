import Foundation
import TestKit
import Testing

@Suite struct CollectionsApplyTests {
    private static let file = """
        collections:
          - name: Handbook
            label: confidential
            quarantine: suspicious
            chunking: {strategy: recursive, tokens: 384, overlap: 40}
          - name: Minutes
        """

    private func withFile(_ text: String, _ body: (Program, String) async throws -> Void) async throws {
        try await TestEnvironment.withTemporaryDirectory { root in
            let file = root + "/collections.yaml"
            try Data(text.utf8).write(to: URL(filePath: file))
            try await body(Program(home: root + "/home"), file)
        }
    }

    @Test func `a dry run says what would be and does nothing, and the second run finds it done`() async throws {
        try await withFile(Self.file) { program, file in
            let dry = try await program.run("collections", "apply", file, "--dry-run")
            #expect(dry.code == 0 && dry.errors.contains("Handbook: made\n  label: confidential\n"), "\(dry.errors)")
            #expect(try await program.run("collections", "list").output.isEmpty)

            let first = try await program.run("collections", "apply", file)
            #expect(first.code == 0 && first.errors == dry.errors, "\(first.errors)")
            let again = try await program.run("collections", "apply", file)
            #expect(again.code == 0 && again.errors == "Handbook: as it is\nMinutes: as it is\n", "\(again.errors)")
        }
    }

    @Test func `what a file leaves out of the way of cutting stays as it is`() async throws {
        try await withFile(Self.file) { program, file in
            #expect(try await program.run("collections", "apply", file).code == 0)
            let change = "collections:\n  - {name: Handbook, chunking: {tokens: 256}}\n"
            try Data(change.utf8).write(to: URL(filePath: file))
            let changed = try await program.run("collections", "apply", file)
            #expect(changed.errors == "Handbook: changed\n  chunking.tokens: 384 -> 256\n")
            try Data(Self.file.utf8).write(to: URL(filePath: file))
            let back = try await program.run("collections", "apply", file, "--dry-run")
            #expect(
                back.errors == "Handbook: changed\n  chunking.tokens: 256 -> 384\nMinutes: as it is\n",
                "\(back.errors)")
        }
    }

    @Test func `a field that is unknown, twice the same name and what cannot be are refused in words`() async throws {
        let rows: [(String, String, Int32)] = [
            ("collections: [{name: A, lable: public}]", "collections[0]: there is no field lable.", 64),
            ("collections: [{name: A, chunking: {size: 9}}]", "collections[0].chunking: there is no field size.", 64),
            ("collections: [{label: public}]", "collections[0]: name is missing.", 64),
            ("collections: [{name: A}, {name: A}]", "The collection A is named twice.", 64),
            ("collections: [{name: A, chunking: {tokens: many}}]", "tokens has the wrong form.", 64),
            ("collections: [{name: A, chunking: {tokens: 5}}]", "A chunk has 32 to 2048 tokens.", 1),
        ]
        for (text, words, code) in rows {
            try await withFile(text) { program, file in
                let outcome = try await program.run("collections", "apply", file)
                #expect(outcome.code == code && outcome.errors.contains(words), "\(text): \(outcome)")
            }
        }
    }
}
