import Foundation
import Glibc
import Kit
import TestKit
import Testing

@testable import Connectors
@testable import TestConnectors

@Suite(.timeLimit(.minutes(10))) struct FolderTests {
    private static let text = Array("text".utf8)

    @Test func `links, special and hidden files are left out, and links lead nowhere (ATT-31)`() async throws {
        try await FolderWorld.run { world in
            try world.put("good.txt", Self.text)
            try world.put(".hidden.txt", Self.text)
            try world.put(".git/config", Self.text)
            try world.put("folder/inner.txt", Self.text)
            symlink("/etc/passwd", world.path + "/passwd.txt")
            symlink("good.txt", world.path + "/inside.txt")
            symlink("/etc", world.path + "/etc")
            symlink("folder", world.path + "/folder-link")
            mkfifo(world.path + "/pipe.txt", 0o644)
            let swept = try await world.listing()
            #expect(Set(swept.items.keys) == ["good.txt", "folder/inner.txt"])
            let connector = try world.connector(pageItemsMax: 10)
            let good = try #require(swept.items["good.txt"])
            for key in [
                "passwd.txt", "inside.txt", "etc/passwd", "folder-link/inner.txt", "pipe.txt", "folder", ".hidden.txt",
            ] {
                var item = good
                item.key = ExactText(key)
                #expect(
                    try await thrown { _ = try await connector.content(of: item, bytesMax: 100) } == .gone, "\(key)")
            }
        }
    }

    @Test func `a folder that becomes a link between listing and reading is gone`() async throws {
        try await FolderWorld.run { world in
            try world.put("d/passwd", Self.text)
            let connector = try world.connector(pageItemsMax: 10)
            let item = try #require(try await sweep(connector).items["d/passwd"])
            try world.remove("d")
            symlink("/etc", world.path + "/d")
            #expect(try await thrown { _ = try await connector.content(of: item, bytesMax: 1 << 20) } == .gone)
        }
    }

    @Test func `a file that is touched is another version, whatever its clock says`() async throws {
        try await FolderWorld.run { world in
            try world.put("a.txt", Self.text)
            let connector = try world.connector(pageItemsMax: 10)
            let before = try #require(try await sweep(connector).items["a.txt"])
            // Same length, and the modification time set back: what is left is the change time.
            try world.put("a.txt", Array("TEXT".utf8))
            var times = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
            utimensat(AT_FDCWD, world.path + "/a.txt", &times, 0)
            let after = try #require(try await sweep(connector).items["a.txt"])
            #expect(before.tag != after.tag)
            #expect(try await thrown { _ = try await connector.content(of: before, bytesMax: 100) } == .changed)
            chmod(world.path + "/a.txt", 0o600)
            #expect(try await thrown { _ = try await connector.content(of: after, bytesMax: 100) } == .changed)
        }
    }

    @Test func `who may read follows the file and every folder above it`() async throws {
        try await FolderWorld.run { world in
            try world.put("open/a.txt", Self.text)
            try world.put("closed/b.txt", Self.text)
            for (name, mode) in [
                ("", 0o755), ("/open", 0o755), ("/open/a.txt", 0o644), ("/closed", 0o750), ("/closed/b.txt", 0o644),
            ] {
                chmod(world.path + name, mode_t(mode))
            }
            let items = try await world.listing().items
            let open = try #require(items["open/a.txt"]).permissions
            let closed = try #require(items["closed/b.txt"]).permissions
            #expect(open.constraints.count == 3)
            #expect(open.admits([.user("4711"), .authenticated]))
            #expect(!open.admits([.everyone]), "guests have no account")
            #expect(!closed.admits([.user("4711"), .authenticated]))
            let me = "\(getuid())"
            #expect(closed.admits([.user(ExactText(me)), .authenticated]))
            #expect(closed.admits([.group(ExactText("\(getgid())")), .user("4711"), .authenticated]))
        }
    }

    @Test func `an access control list of the file system is read`() async throws {
        try await FolderWorld.run { world in
            try world.put("a.txt", Self.text)
            chmod(world.path, 0o755)
            chmod(world.path + "/a.txt", 0o640)
            let bytes: [UInt8] =
                [2, 0, 0, 0] + [1, 0, 6, 0, 255, 255, 255, 255] + [2, 0, 4, 0, 0x67, 0x12, 0, 0]
                + [4, 0, 0, 0, 255, 255, 255, 255] + [16, 0, 4, 0, 255, 255, 255, 255] + [
                    32, 0, 0, 0, 255, 255, 255, 255,
                ]
            guard TestAttributes.set(world.path + "/a.txt", bytes) else { return }
            let permissions = try #require(try await world.listing().items["a.txt"]).permissions
            #expect(permissions.admits([.user("4711"), .authenticated]))
            #expect(!permissions.admits([.user("4712"), .authenticated]))
            #expect(!permissions.admits([.user("4712"), .group(ExactText("\(getgid())")), .authenticated]))
        }
    }

    @Test func `patterns choose, and exclusion counts more`() async throws {
        try await FolderWorld.run { world in
            for name in ["a.md", "b.txt", "docs/c.md", "docs/deep/d.md", "docs/draft/e.md"] {
                try world.put(name, Self.text)
            }
            let settings = FolderSettings(path: world.path, include: ["**/*.md"], exclude: ["docs/draft/**"])
            #expect(Set(try await world.listing(settings).items.keys) == ["a.md", "docs/c.md", "docs/deep/d.md"])
        }
    }

    @Test func `names that are not UTF-8 or hold control characters are skipped with a note, on every page size`()
        async throws
    {
        try await FolderWorld.run { world in
            for name in ["a.txt", "z.txt"] { try world.put(name, Self.text) }
            for name in [[0x62, 0xff, 0xfe], [0x63, 0x0a, 0x63], [0x64, 0xc3]] as [[UInt8]] {
                let path = Array(world.path.utf8) + [0x2f] + name + [0]
                close(
                    path.withUnsafeBufferPointer {
                        $0.withMemoryRebound(to: CChar.self) { creat($0.baseAddress!, 0o644) }
                    })
            }
            for size in 1...6 {
                let swept = try await sweep(try world.connector(pageItemsMax: size))
                #expect(Set(swept.items.keys) == ["a.txt", "z.txt"], "pages of \(size)")
                #expect(swept.skipped.map(\.reason) == [.badName, .badName, .badName])
                #expect(swept.skipped.allSatisfy { $0.key == nil && !$0.path.contains("\n") })
            }
        }
    }

    @Test func `bounds are kept: depth, path, size, items, entries`() async throws {
        try await FolderWorld.run { world in
            try world.put("one/two/three/deep.txt", Self.text)
            try world.put("one/" + String(repeating: "x", count: 200) + ".txt", Self.text)
            try world.put("large.txt", [UInt8](repeating: 65, count: 5000))
            try world.put("small.txt", Self.text)
            var settings = FolderSettings(path: world.path)
            (settings.limits.depthMax, settings.limits.pathBytesMax, settings.limits.itemBytesMax) = (3, 100, 1000)
            let swept = try await world.listing(settings)
            #expect(Set(swept.items.keys) == ["small.txt"])
            #expect(
                Set(swept.skipped.map(\.reason)) == [.tooDeep(depthMax: 3), .pathTooLong, .tooLarge(bytesMax: 1000)])
            settings.limits.itemsMax = 2
            #expect(try await thrown { _ = try await world.listing(settings) } == .limit(.entriesInFolder(2)))
        }
    }

    @Test func `a share that is not mounted any more is no empty folder`() async throws {
        try await FolderWorld.run { parent in
            let world = FolderWorld(path: parent.path + "/share")
            try world.put("a.txt", Self.text)
            let connector = try world.connector(pageItemsMax: 10)
            let first = try await sweep(connector)
            try FileManager.default.moveItem(atPath: world.path, toPath: parent.path + "/away")
            try FileManager.default.createDirectory(atPath: world.path, withIntermediateDirectories: false)
            guard case .misconfigured = try await thrown(by: { _ = try await sweep(connector, since: first.next) })
            else {
                Issue.record("everything would be removed")
                return
            }
            #expect(try await sweep(connector).items.isEmpty, "who begins anew has said so")
            try world.put("b.txt", Self.text)
            #expect(try await sweep(connector, since: first.next).items.count == 1)
            try world.remove("b.txt")
            let emptied = try await sweep(connector)
            #expect(try await sweep(connector, since: emptied.next).items.isEmpty, "the same folder may be empty")
        }
    }

    @Test func `trouble is told apart and never looks like an empty folder`() async throws {
        try await FolderWorld.run { world in
            let gone = try FolderConnector(FolderSettings(path: world.path + "/not-there"))
            guard case .misconfigured = try await thrown(by: { _ = try await sweep(gone) }) else {
                Issue.record("a folder that is not there must not be an empty one")
                return
            }
            let report = await gone.test()
            #expect(!report.isGood && report.steps.count == 1)
            for path in ["", "relative", "../up", "/a\u{0}b"] {
                #expect(throws: SourceFailure.self) { try FolderConnector(FolderSettings(path: path)) }
            }
            #expect(throws: SourceFailure.self) { try FolderConnector(FolderSettings(path: "/", include: ["/abs"])) }
            #expect(throws: SourceFailure.self) { try FolderConnector(FolderSettings(path: "/", include: ["a/../b"])) }
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func `a folder that changes while it is listed loses nothing that stays`(
        seed: UInt64
    ) async throws {
        try await FolderWorld.run { world in
            var generator = SeededGenerator(seed: seed)
            let staying = (0..<30).map { "d\($0 % 4)/s\($0).txt" }
            for name in staying { try world.put(name, Self.text) }
            let connector = try world.connector(pageItemsMax: 3)
            var seen: Set<ExactText> = []
            var page = try await connector.changes(since: nil, known: .none)
            while true {
                for case .upsert(let item) in page.changes { seen.insert(item.key) }
                guard !page.isLast else { break }
                let name =
                    "d\(Int.random(in: 0..<4, using: &generator))/x\(Int.random(in: 0..<9, using: &generator)).txt"
                if Bool.random(using: &generator) { try world.put(name, Self.text) } else { try? world.remove(name) }
                page = try await connector.changes(since: page.next, known: .none)
            }
            #expect(seen.isSuperset(of: staying.map { ExactText($0) }), "seed \(seed)")
        }
    }
}

/// What Swift's view of the C library lacks, by way of the tool of the system.
enum TestAttributes {
    /// False where the file system keeps no access control lists, or there is no tool to set one.
    static func set(_ path: String, _ bytes: [UInt8]) -> Bool {
        let code = "import os,sys; os.setxattr(sys.argv[1],'system.posix_acl_access',bytes.fromhex(sys.argv[2]))"
        return ChildProcess.run("/usr/bin/python3", ["-c", code, path, Hex.encode(bytes)])?.code == 0
    }
}
