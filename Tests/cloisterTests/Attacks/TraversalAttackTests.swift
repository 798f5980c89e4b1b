import Foundation
import HTTPKit
import HTTPTypes
import Kit
import TestKit
import Testing

@testable import cloister

/// ATT-24 (CVE-2026-33497): a traversal fixed in one address and alive in another.
@Suite("ATT-24: traversal", .serialized) struct TraversalAttackTests {
    /// More than two hundred ways to climb, before any encoding.
    static let hostile: [String] = {
        let climbs = [
            "..", "../..", "../../../../../../..", "..\\", "..\\..", "%2e%2e", "%2e%2e%2f%2e%2e", "%252e%252e",
            "..%2f..", "..%5c",
            "....", "....//", "..;", "..;/..", ".", "./.", "", "/", "//", "\\", "\\\\host\\share", "C:", "file://",
            "..\u{0}", "\u{0}", "..\u{200B}", "\u{FF0E}\u{FF0E}", "\u{2024}\u{2024}", "..\u{2215}..", "..\n", "..\r\n",
            "~", "$HOME",
            "%00", "%c0%ae%c0%ae", "..%c0%af", "a/..", "a/../..", "a//..", "a/./../..",
        ]
        let targets = [
            "etc/passwd", "root.key", "data/cloister.sqlite", "keys/keys.sqlite", ".hidden", "js/../../root.key",
        ]
        return climbs.flatMap { climb in targets.map { climb + "/" + $0 } }
    }()

    @Test func `ATT-24: there are more than two hundred strings`() {
        #expect(Set(Self.hostile).count >= 200)
    }

    /// Every address whose last part is a path of files, whichever they are.
    @Test func `ATT-24: no address of files gives anything for them, encoded or not`() async throws {
        try await TestPlatform.run(on: .sqlite) { house in try await Self.expectNothing(for: Self.hostile, house) }
    }

    /// The embedded files are a table in memory; a web root is a folder that has neighbours. What lies there has a name
    /// that would be served.
    @Test func `ATT-24: a web root gives its files and nothing that lies around it`() async throws {
        try await TestEnvironment.withTemporaryDirectory { folder in
            let root = folder + "/inner/web"
            for place in [folder, folder + "/inner"] {
                for name in ["root.key.js", "data/cloister.sqlite.js", "keys/keys.sqlite.js", ".hidden.js"] {
                    try Self.write("root:", to: place + "/" + name)
                }
            }
            try Self.write("good", to: root + "/js/app.js")
            try Self.write("root:", to: root + "/.hidden.js")
            try FileManager.default.createSymbolicLink(atPath: root + "/out", withDestinationPath: folder)
            try await TestPlatform.run(on: .sqlite, flags: ["server.web_root": root]) { house in
                #expect(try await house.guest.get("/assets/js/app.js").text == "good")
                let links = ["out/root.key.js", "out/data/cloister.sqlite.js", "out/inner/root.key.js", ".hidden.js"]
                try await Self.expectNothing(for: Self.hostile.map { $0 + ".js" } + links, house)
            }
        }
    }

    private static func write(_ text: String, to path: String) throws {
        let folder = (path as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    private static func expectNothing(for paths: [String], _ house: TestPlatform) async throws {
        let served = house.platform.routes.routes.filter { $0.path.hasSuffix("...}") }
        #expect(!served.isEmpty)
        for route in served {
            let prefix = route.path.prefix { $0 != "{" }
            for text in paths {
                for spelling in [text, text.fullyEncoded, text.fullyEncoded.fullyEncoded] {
                    let answer = try await house.guest.get(prefix + spelling)
                    #expect(
                        (400..<500).contains(answer.status), "\(prefix)\(spelling.debugDescription): \(answer.status)")
                    #expect(!answer.text.contains("root:") && !answer.text.contains("SQLite format"))
                }
            }
        }
    }

    @Test func `ATT-24: as the path of an upload, a move or a folder they are refused, or are a plain name`()
        async throws
    {
        try await TestPlatform.run(on: .sqlite) { house in
            let north = try await house.tenant("north")
            let owner = try await north.person("owner", roles: ["developer"])
            let collection = try await owner.caller.createCollection("open", allow: [owner.id])
            let sent = try await owner.caller.upload("# A\n\nWords.\n", to: collection, path: "a.md")
            try await owner.caller.waitUntilReady(collection)
            let before = try Self.places(house)
            for text in Self.hostile {
                let climbs = Self.climbs(text)
                let upload = try await owner.caller.send(
                    .post, "/api/v1/collections/\(collection)/documents?path=" + text.fullyEncoded, Array("x".utf8),
                    type: "text/plain")
                let move = try await owner.caller.post("/api/v1/documents/\(sent.document)/move", ["path": .text(text)])
                let folder = try await owner.caller.put(
                    "/api/v1/collections/\(collection)/folders/access",
                    ["path": .text(text), "allow": .null, "deny": []])
                for (answer, success) in [(upload, 202), (move, 200), (folder, 204)] {
                    let isRefused = answer.status == 400 && answer.code == "library.bad_path"
                    #expect(
                        isRefused || (answer.status == success && !climbs), "\(text.debugDescription): \(answer.text)")
                }
                if upload.status == 202 {
                    try await owner.caller.delete("/api/v1/documents/\(try upload.value("document"))").succeeded()
                }
            }
            #expect(try Self.places(house) == before)
        }
    }

    /// What a path must not hold, whoever would read it.
    private static func climbs(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return parts.contains { ["", ".", ".."].contains($0) } || text.contains("\\")
            || text.unicodeScalars.contains { $0.value < 32 }
    }

    /// The folders beside and above the data, and the names in them: a path of a document never becomes one.
    private static func places(_ house: TestPlatform) throws -> [String] {
        let files = FileManager.default
        let above = (house.home as NSString).deletingLastPathComponent
        return try [above, house.home].flatMap { try files.contentsOfDirectory(atPath: $0).sorted() }
            + files.contentsOfDirectory(atPath: house.home + "/data").filter { !$0.contains("sqlite") }.sorted()
    }
}

extension String {
    /// Every byte as `%xx`.
    var fullyEncoded: String { utf8.map { "%" + Hex.encode([$0]) }.joined() }
}
