import Foundation
import Glibc
import HTTPKit
import TestKit
import Testing

@testable import WebUI

/// ATT-24: two hundred ways to name a file outside the root, against both sources of files.
@Suite struct TraversalTests {
    /// Every prefix with every way to climb, with every target: `js/../../secret.js`, `..\\secret.js`, `%2e%2e/...`
    static let hostile: [String] = {
        let climbs = [
            "..", "../..", "../../..", "../../../../../..", "..\\", "..\\..\\", "%2e%2e", "%2e%2e/%2e%2e", "%252e%252e",
            "..%2f..", "..%5c", ".", "./..", "....", "....//", "..;", "..;/..", "\u{2024}\u{2024}", "\u{FF0E}\u{FF0E}",
            "..\0", "\0..", "..\u{200B}", "~", "..%00", "%c0%ae%c0%ae", "..\u{2215}..", "..\n", " ..", ".. ", "C:",
        ]
        let roots = ["", "/", "//", "js/", "js//", "v-0123456789abcdef/", "css/tokens.css/"]
        return roots.flatMap { root in climbs.map { root + $0 + "/secret.js" } }
    }()

    @Test func `there are at least two hundred of them`() {
        #expect(Set(Self.hostile).count >= 200)
    }

    @Test func `none is answered from the embedded files`() async throws {
        let pages = try ServedPages()
        for path in Self.hostile { #expect(try await pages.asset(path) == nil, "\(path.debugDescription)") }
    }

    @Test func `none is answered from a web root with a secret all around it`() async throws {
        try await Self.withSurroundedRoot { root, surroundings in
            let pages = try ServedPages(webRoot: root)
            #expect(try await pages.asset("js/main.js")?.text == "good")
            let absolute = [surroundings + "/secret.js", "/etc/passwd", "//etc/passwd", "file:///etc/passwd"]
            for path in Self.hostile + absolute {
                #expect(try await pages.asset(path) == nil, "\(path.debugDescription)")
            }
        }
    }

    @Test func `a link is not followed, neither as the file nor on the way to it`() async throws {
        try await Self.withSurroundedRoot { root, surroundings in
            let files = FileManager.default
            try files.createSymbolicLink(atPath: root + "/link.js", withDestinationPath: surroundings + "/secret.js")
            try files.createSymbolicLink(atPath: root + "/out", withDestinationPath: surroundings)
            let pages = try ServedPages(webRoot: root)
            #expect(try await pages.asset("link.js") == nil)
            #expect(try await pages.asset("out/secret.js") == nil)
        }
    }

    @Test func `a folder, a pipe and a hidden file are no files, and asking for them does not hang`() async throws {
        try await Self.withSurroundedRoot { root, _ in
            try FileManager.default.createDirectory(atPath: root + "/folder.js", withIntermediateDirectories: false)
            try Data("x".utf8).write(to: URL(filePath: root + "/.hidden.js"))
            #expect(mkfifo(root + "/pipe.js", 0o600) == 0)
            let pages = try ServedPages(webRoot: root)
            for path in ["folder.js", "pipe.js", ".hidden.js", "js", ""] {
                #expect(try await pages.asset(path) == nil, "\(path)")
            }
        }
    }

    @Test func `a root that is renamed away keeps serving what was opened, never what took its name`() async throws {
        try await Self.withSurroundedRoot { root, surroundings in
            let pages = try ServedPages(webRoot: root)
            try FileManager.default.moveItem(atPath: root, toPath: surroundings + "/moved")
            try FileManager.default.createSymbolicLink(atPath: root, withDestinationPath: surroundings)
            #expect(try await pages.asset("js/main.js")?.text == "good")
            #expect(try await pages.asset("secret.js") == nil)
        }
    }

    /// A root with `js/main.js`, and `secret.js` in each folder above it and beside it.
    private static func withSurroundedRoot(_ body: (String, String) async throws -> Void) async throws {
        try await TestEnvironment.withTemporaryDirectory { top in
            let root = top + "/a/b/root"
            try FileManager.default.createDirectory(atPath: root + "/js", withIntermediateDirectories: true)
            try Data("good".utf8).write(to: URL(filePath: root + "/js/main.js"))
            for folder in [top, top + "/a", top + "/a/b"] {
                try Data("secret".utf8).write(to: URL(filePath: folder + "/secret.js"))
            }
            try await body(root, top + "/a/b")
        }
    }
}
