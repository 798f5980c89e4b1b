import Kit
import TestKit
import Testing

@testable import Connectors
@testable import TestConnectors

/// The rules of `Connector`, by number, for every connector.
@Suite(.timeLimit(.minutes(10))) struct ContractTests {
    enum Kind: String, CaseIterable, Sendable {
        case folder, web, bucket, bucketByName, git, gitSSH, confluenceCloud, confluenceServer, webdav, restTexts,
            restFiles, mail, moto, swift

        /// All but stores of others that do not run; `PeerBucketTests` says so.
        static let here = allCases.filter { kind in
            PeerBucket.Peer(rawValue: kind.rawValue).map { $0.place != nil } ?? true
        }

        func run(_ body: (any SourceWorld) async throws -> Void) async throws {
            switch self {
            case .folder: try await FolderWorld.run { try await body($0) }
            case .web: try await FakeSite.run { site, _ in try await body(site) }
            case .bucket: try await FakeBucket.run { bucket, _ in try await body(bucket) }
            case .confluenceCloud: try await FakeConfluence.run(.cloud) { try await body($0) }
            case .confluenceServer: try await FakeConfluence.run(.datacenter) { try await body($0) }
            case .webdav: try await ApacheWorld.run { try await body($0) }
            case .restTexts: try await FakeDesk.run(.texts) { desk, _ in try await body(desk) }
            case .restFiles: try await FakeDesk.run(.files) { desk, _ in try await body(desk) }
            case .mail: try await DovecotWorld.run { try await body($0) }
            case .bucketByName: try await FakeBucket.run(style: .virtualHost) { bucket, _ in try await body(bucket) }
            case .gitSSH: try await GitSSHWorld.run { try await body($0) }
            case .moto: try await PeerBucket.run(.moto) { try await body($0) }
            case .swift: try await PeerBucket.run(.swift) { try await body($0) }
            case .git: try await GitWorld.run { try await body($0) }
            }
        }
    }

    static let names = [
        "a.txt", "b/c.txt", "b/d/e.txt", "with space.txt", "plus+sign&amp;.txt", "ümlaut.txt", "q?mark#hash.txt",
        "percent%41.txt", "z'quote\"<tag>.txt", "caf\u{e9}.txt", "cafe\u{301}.txt", "emoji🙂.txt",
    ]

    private static func fill(_ world: any SourceWorld) throws {
        for name in names { try world.put(name, Array("content of \(name)".utf8)) }
    }

    @Test(arguments: Kind.here) func `rule 1 and 10, a listing names every item once, byte by byte`(kind: Kind)
        async throws
    {
        try await kind.run { world in
            try Self.fill(world)
            let swept = try await sweep(try world.connector(pageItemsMax: 500))
            #expect(Set(swept.items.keys) == Set(Self.names.map(world.key)))
            #expect(swept.changes.count == Self.names.count)
            #expect(swept.skipped.isEmpty)
            #expect(swept.pages.allSatisfy { $0.isListing })
            #expect(swept.items.values.allSatisfy { $0.permissions.isKnown && !$0.tag.text.isEmpty })
        }
    }

    @Test(arguments: Kind.here)
    func `rule 1, pages of any size give the same, and the next listing begins after the last`(kind: Kind) async throws
    {
        try await kind.run { world in
            try Self.fill(world)
            for size in [1, 2, 3, 7, Self.names.count, Self.names.count + 1] {
                let swept = try await sweep(try world.connector(pageItemsMax: size))
                #expect(swept.changes.count == Self.names.count, "pages of \(size)")
                #expect(swept.pages.allSatisfy { $0.changes.count <= size })
                let again = try await sweep(try world.connector(pageItemsMax: size), since: swept.next)
                // Or what happened since, which is nothing.
                let isListing = again.pages.contains { $0.isListing }
                #expect(again.items == (isListing ? swept.items : [:]))
            }
        }
    }

    @Test(arguments: Kind.here) func `rule 2, a cursor may be used twice, also by a connector that was made again`(
        kind: Kind
    ) async throws {
        try await kind.run { world in
            try Self.fill(world)
            let first = try await world.connector(pageItemsMax: 4).changes(since: nil, known: .none)
            let once = try await world.connector(pageItemsMax: 4).changes(since: first.next, known: .none)
            let twice = try await world.connector(pageItemsMax: 4).changes(since: first.next, known: .none)
            #expect(once.changes == twice.changes)
            #expect(once.next == twice.next)
            #expect(once.changes != first.changes)
        }
    }

    @Test(arguments: Kind.here) func `rule 4, foreign and damaged cursors are expired`(kind: Kind) async throws {
        try await kind.run { world in
            try Self.fill(world)
            let connector = try world.connector(pageItemsMax: 4)
            let good = try await connector.changes(since: nil, known: .none).next
            let other = try world.otherConnector()
            #expect(try await thrown { _ = try await other.changes(since: good, known: .none) } == .cursorExpired)
            var generator = SeededGenerator(seed: 11)
            for _ in 0..<40 {
                var bytes = good.bytes
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes = Array(bytes.prefix(Int.random(in: 0..<bytes.count, using: &generator)))
                case 1: bytes[Int.random(in: 0..<17, using: &generator)] ^= 1
                default: bytes = (0..<40).map { _ in UInt8.random(in: 0...255, using: &generator) }
                }
                let cursor = try SourceCursor.of(bytes)
                let failure = try await thrown { _ = try await connector.changes(since: cursor, known: .none) }
                #expect(failure == .cursorExpired, "seed 11: \(bytes)")
            }
        }
        #expect(SourceCursor(bytes: [UInt8](repeating: 0, count: SourceCursor.bytesMax + 1)) == nil)
    }

    @Test(arguments: Kind.here) func `rule 7, content is the bytes of the item and its tag`(kind: Kind) async throws {
        try await kind.run { world in
            try Self.fill(world)
            let connector = try world.connector(pageItemsMax: 500)
            let items = try await sweep(connector).items
            for name in Self.names {
                let item = try #require(items[world.key(name)])
                let content = try await connector.content(of: item, bytesMax: 1000)
                #expect(content.bytes == world.content(name, Array("content of \(name)".utf8)), "\(name)")
                #expect(content.tag == item.tag)
            }
        }
    }

    @Test(arguments: Kind.here) func `rule 7, what changed in between is another version, and what is gone is gone`(
        kind: Kind
    ) async throws {
        try await kind.run { world in
            try Self.fill(world)
            let connector = try world.connector(pageItemsMax: 500)
            let before = try #require(try await sweep(connector).items[world.key("a.txt")])
            try world.put("a.txt", Array("other content".utf8))
            do {
                let content = try await connector.content(of: before, bytesMax: 1000)
                #expect(content.bytes == world.content("a.txt", Array("other content".utf8)))
                #expect(content.tag != before.tag)
            } catch let failure as SourceFailure { #expect(failure == (world.keepsKeys ? .changed : .gone)) }
            let after = try #require(try await sweep(connector).items[world.key("a.txt")])
            #expect(after.tag != before.tag)
            try world.remove("a.txt")
            #expect(try await thrown { _ = try await connector.content(of: after, bytesMax: 1000) } == .gone)
        }
    }

    @Test(arguments: Kind.here) func `rule 8, never more bytes than were asked for`(kind: Kind) async throws {
        try await kind.run { world in
            let bytes = [UInt8](repeating: 65, count: 10_000)
            let whole = world.content("a.txt", bytes).count
            try world.put("a.txt", bytes)
            let connector = try world.connector(pageItemsMax: 500)
            let item = try #require(try await sweep(connector).items.values.first)
            #expect(try await connector.content(of: item, bytesMax: whole).bytes.count == whole)
            let failure = try await thrown { _ = try await connector.content(of: item, bytesMax: whole - 1) }
            #expect(failure == .poison(.tooLarge(bytesMax: whole - 1)))
        }
    }

    @Test(arguments: Kind.here) func `rule 9, a test of a good connection says so step by step`(kind: Kind)
        async throws
    {
        try await kind.run { world in
            try Self.fill(world)
            let report = await (try world.connector(pageItemsMax: 500)).test()
            #expect(report.isGood, "\(report)")
            #expect(!"\(report)".contains("wJalr"))
        }
    }

    @Test(arguments: Kind.here) func `rule 10, no key leads elsewhere (ATT-24, ATT-31)`(kind: Kind) async throws {
        try await kind.run { world in
            try Self.fill(world)
            let connector = try world.connector(pageItemsMax: 500)
            let item = try #require(try await sweep(connector).items[world.key("a.txt")])
            #expect(Traversal.strings.count >= 200)
            for text in Traversal.strings {
                let hostile = item.named(text)
                await #expect(throws: SourceFailure.self, "\(text)") {
                    try await connector.content(of: hostile, bytesMax: 1 << 20)
                }
            }
        }
    }

    @Test(arguments: Kind.here) func `rule 12, many tasks at once see the same`(kind: Kind) async throws {
        try await kind.run { world in
            try Self.fill(world)
            let connector = try world.connector(pageItemsMax: 3)
            let counts = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<6 { group.addTask { try await sweep(connector).items.count } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(counts == [Int](repeating: Self.names.count, count: 6))
        }
    }

    @Test(arguments: Kind.here) func `two listings and a diff tell what is new, changed and removed`(kind: Kind)
        async throws
    {
        try await kind.run { world in
            try Self.fill(world)
            let connector = try world.connector(pageItemsMax: 5)
            let first = try await sweep(connector)
            let previous = first.items.mapValues { ListingDiff.Known($0) }
            try world.remove("b/c.txt")
            try world.put("a.txt", Array("changed".utf8))
            try world.put("new.txt", Array("new".utf8))
            let known = KnownTags { previous[$0]?.tag }
            let second = try await sweep(connector, since: first.next, known: known)
            var diff = ListingDiff(previous: previous)
            let news = second.pages.flatMap { diff.news(of: $0) } + diff.removed
            let changed = news.compactMap { if case .upsert(let item) = $0 { item.key } else { nil } }
            #expect(Set(changed) == [world.key("a.txt"), world.key("new.txt")])
            #expect(news.filter { $0 == .removed(world.key("b/c.txt")) }.count == 1)
            #expect(news.count == (world.keepsKeys ? 3 : 4), "\(news)")
        }
    }
}

extension SourceItem {
    fileprivate func named(_ key: String) -> SourceItem {
        var item = self
        item.key = ExactText(key)
        return item
    }
}
