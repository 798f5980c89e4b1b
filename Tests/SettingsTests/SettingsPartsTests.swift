import Foundation
import Kit
import TestKit
import Testing

@testable import Settings

@Suite struct NearestNameTests {
    @Test func `the distance counts insertions, deletions, replacements and swaps`() {
        for (left, right, expected) in [
            ("", "", 0), ("port", "port", 0), ("prot", "port", 1), ("por", "port", 1), ("portt", "port", 1),
            ("pxrt", "port", 1), ("", "abc", 3), ("kitten", "sitting", 3),
        ] {
            #expect(NearestName.distance(left, right) == expected)
            #expect(NearestName.distance(right, left) == expected)
        }
    }

    @Test func `every key with one damaged character is found again`() {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        for row in SettingsTable.rows {
            var bytes = Array(row.key.utf8)
            bytes.remove(at: Int.random(in: bytes.indices, using: &generator))
            let damaged = String(decoding: bytes, as: UTF8.self)
            let nearest = NearestName.of(damaged, among: SettingsTable.byKey.keys)
            #expect(nearest.map { NearestName.distance($0, damaged) <= 1 } == true, "seed \(seed), \(damaged)")
        }
    }
}

@Suite struct ByteSizeTests {
    @Test(arguments: [("1", 1), ("32 MiB", 33_554_432), ("32MiB", 33_554_432), ("5 bytes", 5), ("1 KiB", 1024)])
    func `a size is a number and perhaps a unit`(text: String, bytes: Int) {
        #expect(ByteSize.parse(text) == bytes)
        #expect(ByteSize.parse(ByteSize.text(bytes)) == bytes)
    }

    @Test(arguments: ["", "MiB", "-1", "1.5 MiB", "1 mib", "9999999999999 GiB", "1 MiB more", "１"])
    func `anything else is no size`(text: String) {
        #expect(ByteSize.parse(text) == nil)
    }
}

@Suite struct SecretReferenceTests {
    @Test(arguments: ["hunter2", "file:", "env:", "env:9X", "env:A B", "FILE:/x", "env:NAME=x"])
    func `what is no reference is refused`(text: String) {
        #expect(SecretReference(text) == nil)
    }

    @Test func `a variable gives its value, and says when it is missing or empty`() throws {
        let reference = SecretReference.environment("KEY")
        #expect(try reference.resolve(environment: ["KEY": "value"]).reveal() == "value")
        for environment in [[:], ["KEY": ""]] {
            #expect(throws: SettingsFailure.self) { try reference.resolve(environment: environment) }
        }
    }

    @Test func `a file gives its text without the last line break`() async throws {
        try await TestEnvironment.withTemporaryDirectory { folder in
            let path = try secretFile(folder, "value\n", mode: 0o600)
            #expect(try SecretReference.file(path).resolve().reveal() == "value")
        }
    }

    @Test func `a file that everybody may open is refused with the remedy`() async throws {
        try await TestEnvironment.withTemporaryDirectory { folder in
            let path = try secretFile(folder, "value", mode: 0o644)
            #expect(
                throws: SettingsFailure.secretUnreadable(
                    reference: "file:\(path)", reason: "everybody on this machine may open it; run chmod o= on it")
            ) { try SecretReference.file(path).resolve() }
        }
    }

    @Test func `a missing, empty, huge or binary file is refused and not quoted`() async throws {
        try await TestEnvironment.withTemporaryDirectory { folder in
            let huge = String(repeating: "x", count: SecretReference.fileBytesMax + 1)
            for contents in ["", "\n", huge] {
                let path = try secretFile(folder, contents, mode: 0o600)
                #expect(throws: SettingsFailure.self) { try SecretReference.file(path).resolve() }
            }
            try Data([0xff, 0xfe]).write(to: URL(filePath: folder + "/secret"))
            #expect(throws: SettingsFailure.self) { try SecretReference.file(folder + "/secret").resolve() }
            #expect(throws: SettingsFailure.self) { try SecretReference.file(folder + "/none").resolve() }
        }
    }

    private func secretFile(_ folder: String, _ text: String, mode: Int) throws -> String {
        let path = folder + "/secret"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }
}

@Suite struct SettingParserTests {
    @Test func `paths are made plain`() {
        for (path, plain) in [("/a/./b//c/../d", "/a/b/d"), ("/", "/"), ("/../..", "/"), ("/a/", "/a")] {
            #expect(SettingParser.normalised(path) == plain)
        }
    }

    @Test func `host names are told from other text`() {
        for text in ["a", "a.example.org", "127.0.0.1", "::1"] { #expect(SettingParser.isHostName(text)) }
        for text in ["", "a..b", "-a", "a_b", "a b", "a:80", "ä"] { #expect(!SettingParser.isHostName(text)) }
    }
}
