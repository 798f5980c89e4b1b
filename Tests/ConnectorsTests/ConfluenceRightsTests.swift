import Kit
import TestKit
import Testing

@testable import Connectors
@testable import TestConnectors

/// CNF-1 at the connector: who may read by `SourcePermissions` and the directory against the fake's own reckoning.
@Suite(.timeLimit(.minutes(10))) struct ConfluenceRightsTests {
    typealias Edition = ConfluenceSettings.Edition

    /// What the people of the site are, as its directory tells. Nil is a guest.
    static func readers(_ connector: ConfluenceConnector) async throws -> [String?: Set<SourcePrincipal>] {
        let directory = try #require(try await connector.directory())
        let membership = directory.membership
        var readers: [String?: Set<SourcePrincipal>] = [nil: [.everyone]]
        for account in directory.accounts where account.isActive {
            let groups = membership.filter { $0.value.contains(account.id) }.keys.map { SourcePrincipal.group($0) }
            readers[account.id.text] = Set(groups + [.everyone, .authenticated, .user(account.id)])
        }
        return readers
    }

    /// Every pair of user and document; what is not listed is not read.
    @discardableResult
    static func compare(_ fake: FakeConfluence, _ note: String = "") async throws -> Int {
        let connector = try fake.connector()
        let readers = try await readers(connector)
        let items = try await sweep(connector).items
        let wiki = fake.change { $0 }
        var pairs = 0
        for content in wiki.contents.values where ["page", "blogpost", "attachment", "comment"].contains(content.type) {
            for user in Array(wiki.users.keys).map(Optional.some) + [nil] {
                let permissions = items[ExactText(content.key)]?.permissions ?? .unknown
                let admits = permissions.admits(readers[user] ?? [])
                let may = wiki.mayRead(user, content.id)
                #expect(admits == may, "\(note) \(user ?? "guest") \(content.title): \(permissions)")
                pairs += 1
            }
        }
        return pairs
    }

    /// Users: ann staff, bob staff and board, cid in a group within staff (Data Center), dan and fay in neither, eve
    /// whose account is closed.
    private static func fill(_ wiki: inout FakeWiki) {
        wiki.group("g-board", in: [])
        wiki.group("g-inner", in: ["g-staff"])
        wiki.group("g-innermost", in: ["g-inner"])
        wiki.user("ann", in: ["g-staff"])
        wiki.user("bob", in: ["g-staff", "g-board"])
        wiki.user("cid", in: ["g-innermost"])
        wiki.user("dan", in: ["g-other"])
        wiki.user("eve", in: ["g-staff", "g-board"], isActive: false)
        wiki.user("fay", in: ["g-other"])
        wiki.space("PUB", [.anonymous])
        wiki.space("BOARD", [.group("g-board"), .user("fay")])
        wiki.space("~ann", [.user("ann")])
        wiki.space("NONE", [])
        wiki.space("OLD", [.group("g-staff")])
        wiki.spaces["OLD"]?.isArchived = true
        for space in ["HR", "PUB", "BOARD", "~ann", "NONE", "OLD"] {
            let root = wiki.page("\(space) open", in: space)
            let shut = wiki.page("\(space) for the board", in: space, under: root, only: [.group("g-board")])
            let child = wiki.page("\(space) inherits", in: space, under: shut)
            let deep = wiki.page("\(space) for bob below", in: space, under: child, only: [.user("bob"), .user("dan")])
            _ = wiki.page("\(space) inherits both", in: space, under: deep)
            _ = wiki.page("\(space) for fay", in: space, under: root, only: [.user("fay")])
            _ = wiki.page("\(space) for the inner", in: space, under: root, only: [.group("g-inner")])
            _ = wiki.page("\(space) for a group that is gone", in: space, under: root, only: [.group("g-gone")])
            _ = wiki.page("\(space) post", in: space, type: "blogpost")
            _ = wiki.page("\(space) post for ann", in: space, type: "blogpost", only: [.user("ann")])
            _ = wiki.attachment("\(space).pdf", on: child, [1])
            _ = wiki.comment("<p>x</p>", on: deep)
        }
    }

    @Test(arguments: Edition.allCases) func `CNF-1, every user and every page`(edition: Edition) async throws {
        try await FakeConfluence.run(edition) { fake in
            fake.change(Self.fill)
            let pairs = try await Self.compare(fake)
            #expect(pairs > 400)
        }
    }

    @Test(arguments: Edition.allCases) func `CNF-1 and CNF-2, moved, trashed, deleted and archived pages`(
        edition: Edition
    ) async throws {
        try await FakeConfluence.run(edition) { fake in
            fake.change(Self.fill)
            let before = try await sweep(try fake.connector()).items
            let moved = fake.change { wiki in
                let now = wiki
                let ids = { (title: String) in now.pageID(titled: title) ?? 0 }
                let (open, fay) = (ids("PUB open"), ids("HR for fay"))
                wiki.contents[ids("HR inherits")]?.parent = ids("HR open")
                wiki.contents[ids("BOARD inherits both")]?.parent = fay
                wiki.contents[ids("BOARD inherits both")]?.space = "HR"
                wiki.contents[ids("PUB for fay")]?.status = "trashed"
                wiki.contents[ids("PUB for the inner")]?.status = "archived"
                wiki.contents[ids("~ann for fay")]?.status = "draft"
                wiki.contents[ids("BOARD for fay")] = nil
                wiki.contents[open]?.readers = [.user("dan")]
                wiki.spaces["HR"]?.name = "Renamed"
                wiki.groups["g-board"]?.users = ["ann"]
                return ids("HR inherits")
            }
            try await Self.compare(fake)
            let after = try await sweep(try fake.connector()).items
            let key = ExactText("\(moved)")
            #expect(before[key]?.path == "HR/HR open/HR for the board/HR inherits")
            #expect(after[key]?.path == "HR/HR open/HR inherits")
            #expect(before[key]?.tag != after[key]?.tag, "or its new path would not be noticed")
        }
    }

    @Test(arguments: Edition.allCases) func `guests only where the space has them, and on a server the site too`(
        edition: Edition
    ) async throws {
        try await FakeConfluence.run(edition) { fake in
            fake.change { wiki in
                Self.fill(&wiki)
                wiki.admitsGuests = wiki.edition == .cloud
            }
            try await Self.compare(fake)
        }
    }

    @Test(arguments: Edition.allCases) func `a restriction that is longer than the page it comes on is read to its end`(
        edition: Edition
    ) async throws {
        try await FakeConfluence.run(edition) { fake in
            fake.change { wiki in
                let users = (0..<13).map { "user\($0)" }
                for user in users { wiki.user(user, in: ["g-staff"]) }
                _ = wiki.page("many", only: Set(users.prefix(11).map { .user($0) } + [.group("g-other")]))
                _ = wiki.page("as many as a page", only: Set(users.prefix(5).map { .user($0) }))
                wiki.expandedMax = 5
            }
            try await Self.compare(fake)
        }
    }

    @Test(arguments: Edition.allCases) func `what cannot be read is for nobody`(edition: Edition) async throws {
        try await FakeConfluence.run(edition) { fake in
            let ids = fake.change { wiki in
                wiki.user("ann", in: ["g-staff"])
                wiki.space("S", [.group("g-staff")])
                wiki.spaces["S"]?.isSecretive = true
                let root = wiki.page("root")
                let lost = wiki.page("lost")
                let hidden = wiki.page("hidden")
                wiki.contents[hidden]?.isHidden = true
                let found = [
                    wiki.page("in a secretive space", in: "S"), wiki.page("below what is hidden", under: hidden),
                    wiki.page("below what is damaged", under: root), wiki.attachment("of nothing", on: lost, [1]),
                ]
                wiki.contents[root]?.isBare = true
                wiki.contents[lost]?.isDamaged = true
                return found
            }
            let swept = try await sweep(try fake.connector())
            for id in ids {
                let item = swept.items.values.first { $0.key.text.hasSuffix("\(id)") }
                #expect(item?.permissions.admits([.everyone, .authenticated, .group("g-staff")]) != true)
            }
            #expect(swept.items.values.allSatisfy { $0.permissions == .unknown })
            #expect(!swept.items.isEmpty)
        }
    }

    @Test func `a folder's restriction holds for the pages in it`() async throws {
        try await FakeConfluence.run(.cloud) { fake in
            fake.change { wiki in
                Self.fill(&wiki)
                let outer = wiki.page("outer folder", type: "folder", only: [.group("g-board")])
                let inner = wiki.page("inner folder", under: outer, type: "folder")
                let page = wiki.page("in the folders", under: inner)
                _ = wiki.page("below it", under: page)
                let free = wiki.page("open folder", under: page, type: "folder")
                _ = wiki.page("in the open folder", under: free)
            }
            try await Self.compare(fake)
        }
    }

    @Test(arguments: Edition.allCases) func `a group is told by its id, not by a name that another may get`(
        edition: Edition
    ) async throws {
        try await FakeConfluence.run(edition) { fake in
            fake.change { wiki in
                Self.fill(&wiki)
                _ = wiki.page("for the board only", only: [.group("g-board")])
            }
            try await Self.compare(fake)
            let before = try await Self.readers(try fake.connector())
            fake.change { $0.groups["g-board"]?.name = "directors" }
            let after = try await Self.readers(try fake.connector())
            #expect((before == after) == (edition == .cloud))
            try await Self.compare(fake)
        }
    }

    @Test(arguments: Edition.allCases) func `CNF-1, random trees, groups and rights`(edition: Edition) async throws {
        try await FakeConfluence.run(edition) { fake in
            let first: UInt64 = edition == .cloud ? 1 : 101
            for seed in first..<first + 100 {
                fake.change { $0 = Self.random(edition, seed) }
                try await Self.compare(fake, "seed \(seed)")
            }
        }
    }

    private static func random(_ edition: Edition, _ seed: UInt64) -> FakeWiki {
        var generator = SeededGenerator(seed: seed)
        var wiki = FakeWiki(edition)
        let groups = (0..<5).map { "g-\($0)" }
        let users = (0..<5).map { "u\($0)" }
        for group in groups {
            wiki.group(group, in: groups.filter { _ in Int.random(in: 0..<6, using: &generator) == 0 })
        }
        for user in users {
            wiki.user(
                user, in: groups.filter { _ in Int.random(in: 0..<3, using: &generator) == 0 } + ["g-everybody"],
                isActive: Int.random(in: 0..<8, using: &generator) > 0)
        }
        let subjects = groups.map { FakeWiki.Subject.group($0) } + users.map { .user($0) }
        func some(_ chance: Int) -> Set<FakeWiki.Subject> {
            Set(subjects.filter { _ in Int.random(in: 0..<chance, using: &generator) == 0 })
        }
        for key in ["A", "B"] {
            wiki.space(key, some(3).union(Int.random(in: 0..<4, using: &generator) == 0 ? [.anonymous] : []))
        }
        var pages: [String: [Int]] = [:]
        for number in 0..<14 {
            let space = Bool.random(using: &generator) ? "A" : "B"
            let parent = Bool.random(using: &generator) ? nil : pages[space]?.randomElement(using: &generator)
            let isShut = Int.random(in: 0..<3, using: &generator) == 0
            let isFolder = edition == .cloud && Int.random(in: 0..<5, using: &generator) == 0
            let id = wiki.page(
                "page \(number)", in: space, under: parent, type: isFolder ? "folder" : "page",
                only: isShut ? some(3) : [])
            pages[space, default: []].append(id)
            if !isFolder, Int.random(in: 0..<4, using: &generator) == 0 {
                _ = wiki.attachment("\(number).pdf", on: id, [1])
            }
        }
        wiki.expandedMax = Int.random(in: 1...4, using: &generator)
        wiki.pageMax = Int.random(in: 3...20, using: &generator)
        return wiki
    }
}
