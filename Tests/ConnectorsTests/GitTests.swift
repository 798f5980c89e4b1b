import Kit
import Synchronization
import TestKit
import Testing

@testable import Connectors
@testable import TestConnectors

/// Against the real `git http-backend`.
@Suite(.timeLimit(.minutes(10))) struct GitTests {
    private static func posts(_ world: GitWorld) -> Int { world.requests.filter { $0.method == "POST" }.count }

    private static func text(_ connector: GitConnector, _ item: SourceItem?) async throws -> String {
        let item = try #require(item)
        return String(decoding: try await connector.content(of: item, bytesMax: 1 << 20).bytes, as: UTF8.self)
    }

    @Test func `a first listing names every file with commit time and content`() async throws {
        try await GitWorld.run { world in
            try world.commit([.file("README.md", "hello"), .file("docs/a.md", "a"), .bytes("run.sh", [0, 255])])
            let connector = try world.connector()
            let swept = try await sweep(connector)
            #expect(swept.items.keys.sorted() == ["README.md", "docs/a.md", "run.sh"])
            let item = try #require(swept.items["README.md"])
            #expect(item.modified == Timestamp(microseconds: 1_700_000_001_000_000))
            #expect(item.tag.text == (try world.git("-C", world.path, "rev-parse", "main:README.md")).prefix(40))
            #expect(item.permissions.admits([.everyone]))
            #expect(item.url == nil)
            #expect(try await Self.text(connector, item) == "hello")
            #expect(try await connector.content(of: #require(swept.items["run.sh"]), bytesMax: 9).bytes == [0, 255])
            #expect(world.requests.allSatisfy { $0.header("user-agent") == "git/2.0 (cloister)" })
        }
    }

    @Test func `while the branch stays nothing is listed, and a new commit lists everything again`() async throws {
        try await GitWorld.run { world in
            try world.commit([.file("a", "1"), .file("b", "1"), .file("c", "same"), .file("d", "gone soon")])
            let connector = try world.connector()
            let first = try await sweep(connector)
            let same = try await connector.changes(since: first.next, known: .none)
            #expect(same.changes.isEmpty && same.isLast && !same.isListing)
            #expect(same.next == first.next)
            try world.commit([.file("a", "2"), .rename("b", "e"), .delete("d")])
            let second = try await sweep(connector, since: first.next)
            #expect(second.pages.allSatisfy { $0.isListing })
            var diff = ListingDiff(previous: first.items.mapValues { ListingDiff.Known($0) })
            let news = second.pages.flatMap { diff.news(of: $0) } + diff.removed
            let changed = news.compactMap { if case .upsert(let item) = $0 { item.key } else { nil } }
            #expect(changed.sorted() == ["a", "e"])
            #expect(diff.removed == [.removed("b"), .removed("d")])
        }
    }

    @Test func `a branch that was forced to another history is listed like any other`() async throws {
        try await GitWorld.run { world in
            try world.commit([.file("a", "1"), .file("b", "1"), .file("c", "1")])
            var settings = world.settings()
            settings.limits.pageItemsMax = 1
            let connector = try world.connector(settings)
            let first = try await connector.changes(since: nil, known: .none)
            try world.commit([.file("z", "new")], isFresh: true)
            // The listing that began goes on with its commit, also in a connector that was made again.
            let rest = try await sweep(try world.connector(settings), since: first.next)
            #expect(rest.items.keys.sorted() == ["b", "c"])
            let next = try await sweep(connector, since: rest.next)
            #expect(next.items.keys.sorted() == ["z"])
            try world.git("-C", world.path, "gc", "--quiet", "--prune=now")
            let failure = try await thrown {
                _ = try await world.connector(settings).changes(since: first.next, known: .none)
            }
            #expect(failure == .cursorExpired)
        }
    }

    @Test func `a branch, a tag, and one that is not there`() async throws {
        try await GitWorld.run { world in
            try world.commit([.file("a", "main")])
            try world.commit([.file("b", "release")], branch: "release/2")
            try world.git(
                "-C", world.path, "-c", "user.name=t", "-c", "user.email=t@test", "tag", "-m", "x", "v1", "main")
            var settings = world.settings()
            settings.branch = "release/2"
            #expect(try await sweep(try world.connector(settings)).items.keys.sorted() == ["b"])
            settings.branch = "refs/tags/v1"
            #expect(try await sweep(try world.connector(settings)).items.keys.sorted() == ["a"])
            settings.branch = "release/3"
            let failure = try await thrown { _ = try await sweep(try world.connector(settings)) }
            #expect(
                failure == .misconfigured("There is no branch release/3. Some that there are: release/2, main."))
            try world.git("-C", world.path, "symbolic-ref", "HEAD", "refs/heads/gone")
            let lost = try await thrown { _ = try await sweep(try world.connector()) }
            guard case .misconfigured(let sentence) = lost else { throw GitFailed(description: "\(lost as Any)") }
            #expect(sentence.hasPrefix("HEAD leads to no branch."))
        }
    }

    @Test func `folders and patterns choose, and a folder that is not there removes nothing`() async throws {
        try await GitWorld.run { world in
            try world.commit([
                .file("a.md", "1"), .file("docs/b.md", "2"), .file("docs/c.txt", "3"), .file("docs/x/y/d.md", "4"),
                .file("docs2/e.md", "5"), .file("src/deep/f.md", "6"), .file("src/g.md", "7"),
            ])
            var settings = world.settings()
            settings.folders = ["docs", "src/deep"]
            settings.include = ["**/*.md"]
            settings.exclude = ["docs/x/**"]
            let swept = try await sweep(try world.connector(settings))
            #expect(swept.items.keys.sorted() == ["docs/b.md", "src/deep/f.md"])
            settings.folders.append("nowhere")
            let failure = try await thrown { _ = try await sweep(try world.connector(settings)) }
            #expect(failure == .misconfigured("The folder nowhere is not there."))
        }
    }

    @Test func `a token goes as Basic, and without the right one nothing comes`() async throws {
        try await GitWorld.run { world in
            try world.commit([.file("a", "1")])
            // "x-access-token:s3cret"
            world.state.withLock { $0.authorization = "Basic eC1hY2Nlc3MtdG9rZW46czNjcmV0" }
            var settings = world.settings()
            for (token, expected) in [(nil, false), ("wrong", false), ("s3cret", true)] {
                settings.token = token.map { Secret($0) }
                let connector = try world.connector(settings)
                let report = await connector.test()
                #expect(report.isGood == expected)
                #expect(!"\(report)\(connector)".contains("s3cret"))
                let failure = try await thrown { _ = try await sweep(connector) }
                if case .unauthorised = failure { #expect(!expected) } else { #expect(failure == nil && expected) }
            }
            settings.url = world.url.replacing("repo.git", with: "other.git")
            let report = await (try world.connector(settings)).test()
            #expect(report.steps.last?.kind == .settings)
            #expect(report.steps.last?.sentence.contains("status 404") == true)
        }
    }

    @Test func `an empty repository is an empty listing, and one that was emptied removes nothing`() async throws {
        try await GitWorld.run { world in
            let connector = try world.connector()
            let empty = try await sweep(connector)
            #expect(empty.changes.isEmpty && empty.pages.count == 1 && empty.pages[0].isListing)
            #expect(await connector.test().isGood)
            let still = try await connector.changes(since: empty.next, known: .none)
            #expect(!still.isListing && still.changes.isEmpty)
            try world.commit([.file("a", "1")])
            let filled = try await sweep(connector, since: empty.next)
            #expect(filled.items.keys.sorted() == ["a"])
            try world.git("-C", world.path, "update-ref", "-d", "refs/heads/main")
            let failure = try await thrown { _ = try await connector.changes(since: filled.next, known: .none) }
            guard case .misconfigured = failure else { throw GitFailed(description: "\(failure as Any)") }
        }
    }

    @Test func `a thousand files need few requests`() async throws {
        try await GitWorld.run { world in
            try world.commit((0..<1000).map { .file("d\($0 % 10)/f\($0).txt", "content \($0)") })
            let connector = try world.connector()
            let swept = try await sweep(connector)
            #expect(swept.items.count == 1000)
            // ls-refs and the trees.
            #expect(Self.posts(world) == 2)
            for number in 0..<1000 {
                let item = swept.items[ExactText("d\(number % 10)/f\(number).txt")]
                #expect(try await Self.text(connector, item) == "content \(number)")
            }
            #expect(Self.posts(world) <= 2 + 2 * 10, "\(Self.posts(world))")
            // Asked for in the order of the listing, which is that of the tree, each batch is fetched once.
            let ordered = try world.connector()
            let listed = try await sweep(ordered)
            let before = Self.posts(world)
            for case .upsert(let item) in listed.changes { _ = try await Self.text(ordered, item) }
            #expect(Self.posts(world) - before == 2 * 4)
        }
    }

    @Test func `many tasks at once wait for one fetch`() async throws {
        try await GitWorld.run { world in
            try world.commit((0..<120).map { .file("f\($0).txt", "content \($0)") })
            let connector = try world.connector()
            let items = try await sweep(connector).items
            let before = Self.posts(world)
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<120 {
                    let item = items[ExactText("f\(number).txt")]
                    group.addTask { try await Self.text(connector, item) == "content \(number)" }
                }
                for try await isRight in group { #expect(isRight) }
            }
            // Whoever comes first asks for those behind it; each later one finds its own or asks for fewer.
            #expect(Self.posts(world) - before <= 2 * 20, "\(Self.posts(world) - before)")
        }
    }

    @Test func `a file that became a link is not there any more`() async throws {
        try await GitWorld.run { world in
            try world.commit([.file("a", "1"), .file("b", "1")])
            let connector = try world.connector()
            let first = try await sweep(connector)
            try world.commit([.link("b", "a")])
            let second = try await sweep(connector, since: first.next)
            var diff = ListingDiff(previous: first.items.mapValues { ListingDiff.Known($0) })
            #expect(second.pages.flatMap { diff.news(of: $0) }.isEmpty)
            #expect(diff.removed == [.removed("b")])
        }
    }

    @Test func `what the caller has is not fetched along`() async throws {
        try await GitWorld.run { world in
            try world.commit((0..<50).map { .file("f\($0).txt", "content \($0)") })
            let connector = try world.connector()
            let first = try await sweep(connector)
            try world.commit([.file("f7.txt", "new"), .file("f9.txt", "new too")])
            let second = try await sweep(connector, since: first.next, known: KnownTags { first.items[$0]?.tag })
            let before = world.requests.count
            #expect(try await Self.text(connector, second.items["f7.txt"]) == "new")
            #expect(try await Self.text(connector, second.items["f9.txt"]) == "new too")
            let asked = world.requests[before...].filter { $0.body.starts(with: "0012command=fetch".utf8) }
            #expect(asked.count == 1)
            #expect(String(decoding: asked.first?.body ?? [], as: UTF8.self).split(separator: "want ").count == 3)
        }
    }

    @Test func `what was fetched ahead is asked for again after a while`() async throws {
        try await GitWorld.run { world in
            try world.commit([.file("a", "1"), .file("b", "2"), .file("c", "3")])
            let time = VirtualClock()
            let connector = try world.connector(clock: time.clock)
            let items = try await sweep(connector).items
            #expect(try await Self.text(connector, items["a"]) == "1")
            try world.commit([.delete("b"), .delete("c")])
            #expect(try await Self.text(connector, items["b"]) == "2")
            time.advance(by: .seconds(61))
            let item = try #require(items["c"])
            #expect(try await thrown { _ = try await connector.content(of: item, bytesMax: 9) } == .gone)
        }
    }

    @Test func `a server without filters gives everything at once, within bounds`() async throws {
        try await GitWorld.run { world in
            try world.configure("uploadpack.allowFilter", "false")
            try world.commit((0..<20).map { .file("f\($0).txt", "content \($0)") })
            let connector = try world.connector()
            let swept = try await sweep(connector)
            for number in 0..<20 {
                #expect(try await Self.text(connector, swept.items[ExactText("f\(number).txt")]) == "content \(number)")
            }
            #expect(Self.posts(world) == 2)
            var settings = world.settings()
            settings.packBytesMax = 200
            let failure = try await thrown { _ = try await sweep(try world.connector(settings)) }
            guard case .misconfigured(let sentence) = failure else { throw GitFailed(description: "\(failure as Any)") }
            #expect(sentence.contains("uploadpack.allowFilter"))
        }
    }

    @Test func `files that are too large are passed over, alone and among others`() async throws {
        try await GitWorld.run { world in
            var generator = SeededGenerator(seed: 5)
            let noise = (0..<300_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
            try world.commit([
                .file("a", "small"), .bytes("b.bin", noise), .file("c", "small too"),
                .bytes("zeros", [UInt8](repeating: 0, count: 300_000)),
            ])
            var settings = world.settings()
            settings.batchBytesMax = 20_000
            settings.limits.itemBytesMax = 100_000
            let connector = try world.connector(settings)
            let items = try await sweep(connector).items
            for (name, text) in [("a", "small"), ("c", "small too")] {
                #expect(try await Self.text(connector, items[ExactText(name)]) == text)
            }
            for name in ["b.bin", "zeros"] {
                let item = try #require(items[ExactText(name)])
                let failure = try await thrown { _ = try await connector.content(of: item, bytesMax: 1 << 20) }
                #expect(failure == .poison(.tooLarge(bytesMax: 100_000)), "\(name)")
            }
        }
    }

    @Test func `links, submodules and pointers are skipped with a reason`() async throws {
        try await GitWorld.run { world in
            let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n"
            try world.commit([
                .file("a", "1"), .link("l", "/etc/passwd"), .submodule("s"), .file("p.bin", pointer), .link("x/l", "a"),
            ])
            var settings = world.settings()
            settings.exclude = ["x/**"]
            let connector = try world.connector(settings)
            let swept = try await sweep(connector)
            #expect(swept.skipped.map(\.path).sorted() == ["l", "s"])
            #expect(swept.skipped.allSatisfy { $0.reason == .notAFile })
            let item = try #require(swept.items["p.bin"])
            let failure = try await thrown { _ = try await connector.content(of: item, bytesMax: 9999) }
            #expect(failure == .poison(.pointer))
        }
    }

    @Test func `more files than the limit fail the listing`() async throws {
        try await GitWorld.run { world in
            try world.commit((0..<30).map { .file("f\($0)", "x") })
            var settings = world.settings()
            settings.limits.itemsMax = 29
            #expect(try await thrown { _ = try await sweep(try world.connector(settings)) } == .limit(.items(29)))
            settings.limits.itemsMax = 30
            #expect(try await sweep(try world.connector(settings)).items.count == 30)
        }
    }

    @Test func `deltas of a packed repository are put together`() async throws {
        try await GitWorld.run { world in
            let lines = (0..<2000).map { "line \($0 &* 2_654_435_761 % 100_003)\n" }
            for version in 0..<30 {
                try world.commit([.file("big\(version).txt", lines.joined() + "version \(version)")])
            }
            try world.git("-C", world.path, "gc", "--quiet", "--aggressive")
            let connector = try world.connector()
            for case .upsert(let item) in try await sweep(connector).changes {
                let content = try await Self.text(connector, item)
                #expect(content.hasPrefix("line 0\n"))
                #expect(content.hasSuffix("version \(item.key.text.dropFirst(3).dropLast(4))"))
            }
        }
    }
}
