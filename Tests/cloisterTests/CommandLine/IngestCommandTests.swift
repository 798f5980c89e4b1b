import Foundation
import TestKit
import Testing

@Suite struct IngestCommandTests {
    /// Runs `body` with a program and a folder to put files into.
    private func withFolder(_ body: (Program, String) async throws -> Void) async throws {
        try await TestEnvironment.withTemporaryDirectory { root in
            let folder = root + "/files"
            try FileManager.default.createDirectory(atPath: folder + "/deep", withIntermediateDirectories: true)
            try await body(Program(home: root + "/home"), folder)
        }
    }

    private func write(_ bytes: [UInt8], to path: String) throws {
        try Data(bytes).write(to: URL(filePath: path))
    }

    @Test func `a dry run lists what would be stored and stores nothing`() async throws {
        try await withFolder { program, folder in
            for name in ["b.md", "a.txt", "deep/c.markdown", "picture.png", ".hidden.md"] {
                try write(Array("Text.\n".utf8), to: folder + "/" + name)
            }
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/link.md", withDestinationPath: folder + "/b.md")
            let outcome = try await program.run("ingest", folder, "--dry-run")
            #expect(outcome.code == 0)
            #expect(outcome.output == "a.txt\nb.md\ndeep/c.markdown\npicture.png\n")
            #expect(outcome.errors == "4 file(s); nothing was stored.\n")
            #expect(!FileManager.default.fileExists(atPath: program.home))
        }
    }

    @Test func `a folder that is missing or holds nothing to read is said so`() async throws {
        try await withFolder { program, folder in
            let missing = try await program.run("ingest", folder + "/nowhere")
            #expect(missing.code == 1)
            #expect(missing.errors == "Error: There is no file or folder at \(folder)/nowhere.\n")
            let empty = try await program.run("ingest", folder)
            #expect(empty.code == 1)
            #expect(empty.errors == "Error: There are no files in \(folder).\n")
            #expect(!FileManager.default.fileExists(atPath: program.home))
        }
    }

    @Test func `files that cannot be read are reported with reasons, and the others succeed`() async throws {
        try await withFolder { program, folder in
            try write(Array("# Otters\n\nThe otter keeps its favourite stone.\n".utf8), to: folder + "/good.md")
            try write(Array("caf".utf8) + [0xe9, 0xff, 0xfe, 0x0a], to: folder + "/latin.md")
            try write([], to: folder + "/empty.md")
            try write([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 0, 0, 0x41], to: folder + "/binary.md")
            try write(Array(" \n\n\t\n".utf8), to: folder + "/blank.md")

            for round in ["first", "again"] {
                let outcome = try await program.run("ingest", folder, "--collection", "animals")
                let lines = outcome.errors.split(separator: "\n").map(String.init)
                #expect(outcome.code == 1, "\(round)")
                #expect(lines.contains("empty.md: The file is empty."))
                #expect(
                    lines.contains(
                        "binary.md: This file cannot be read. The file holds binary data of a kind that is not read."))
                #expect(lines.contains("blank.md: There is no text in this file."))
                #expect(lines.contains("2 of 5 file(s) are in animals; 2 document(s) ready there."))
                #expect(lines.last == "Error: 3 files failed; the reasons are above.")
            }
            let found = try await program.run("search", "favourite stone", "--mode", "lexical")
            #expect(found.code == 0)
            #expect(found.output.contains("good.md"))

            // A later run is judged by its own files only.
            let single = try await program.run("ingest", folder + "/good.md", "--collection", "animals", "--json")
            #expect(single.code == 0, "\(single.errors)")
            let report = try JSONDecoder().decode(JSON.self, from: Data(single.output.utf8))
            #expect(report["failed"] == 0 && report["files"] == 1 && report["ready"] == 2 && report["refused"] == 0)
        }
    }

    @Test func `an installation without the encoder says what to do`() async throws {
        try await withFolder { program, folder in
            try write(Array("Text.\n".utf8), to: folder + "/a.md")
            let outcome = try await program.run("ingest", folder, "--set", "encoder.directory=\(folder)/nothing")
            #expect(outcome.code == 1)
            #expect(outcome.errors.contains("`cloister doctor` says how to get them"))
            #expect(outcome.errors.contains("No such file or directory"))
        }
    }
}
