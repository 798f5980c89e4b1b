import Access
import Connectors
import Kit
import Library
import Synchronization
import TestKit
import TestLibrary
import Testing

@testable import Intake
@testable import TestConnectors

/// CNF-1, CNF-2 and CNF-8 through the whole product: the connector against the loopback fake of Confluence, the sync
/// job, the library and its index, on both engines. The fake's own reckoning of who may read is the reference.
@Suite(.timeLimit(.minutes(10))) struct ConfluenceIntakeTests {
    private static let names = ["ann", "bob", "cid", "dan", "eve"]

    private static func fill(_ wiki: inout FakeWiki) {
        wiki.group("g-board", in: [])
        wiki.group("g-inner", in: ["g-staff"])
        wiki.user("ann", in: ["g-staff"])
        wiki.user("bob", in: ["g-staff", "g-board"])
        wiki.user("cid", in: ["g-inner"])
        wiki.user("dan", in: ["g-other"])
        wiki.user("eve", in: ["g-staff", "g-board"], isActive: false)
        wiki.space("PUB", [.anonymous])
        wiki.space("BOARD", [.group("g-board"), .user("dan")])
        for space in ["HR", "PUB", "BOARD"] {
            let root = wiki.page("\(space) open", in: space, body: body(space, "open"))
            let shut = wiki.page(
                "\(space) shut", in: space, under: root, body: body(space, "shut"), only: [.group("g-board")])
            let child = wiki.page("\(space) inherits", in: space, under: shut, body: body(space, "inherits"))
            _ = wiki.page(
                "\(space) deep", in: space, under: child, body: body(space, "deep"), only: [.user("bob"), .user("dan")])
            _ = wiki.comment(body(space, "comment"), on: child)
        }
    }

    /// Every page has the word `lantern` and one that it shares with none.
    private static func body(_ space: String, _ name: String) -> String {
        "<p>A lantern and the word \(space.lowercased())\(name) stand here.</p>"
    }

    private static func world(
        _ base: LibraryWorld, _ fake: FakeConfluence
    ) async throws -> (IntakeWorld, [String: SubjectID]) {
        let world = try await IntakeWorld(base, IntakeSettings(), connector: try fake.connector())
        var people: [String: SubjectID] = [:]
        for name in names { people[name] = try await base.person(name).subject }
        let accounts = Dictionary(uniqueKeysWithValues: names.map { ($0, $0) })
        _ = try await world.connected(world.draft(people: PeopleSettings(match: .none, accounts: accounts)))
        return (world, people)
    }

    /// Titles of what each person finds by the common word, is listed, and whose own word finds it.
    private static func check(
        _ world: IntakeWorld, _ people: [String: SubjectID], _ fake: FakeConfluence
    ) async throws {
        let wiki = fake.change { $0 }
        let contents = wiki.contents.values.filter { $0.type == "page" }
        for (name, subject) in people {
            let reader = try await world.base.now(subject)
            // Whose account is closed is a guest, and guests are everybody here.
            let may = Set(contents.filter { wiki.mayRead(name, $0.id) || wiki.mayRead(nil, $0.id) }.map(\.title))
            let listed = try await world.library.documents(of: world.collection, PageRequest(limit: 200), for: reader)
            let titles = Set(listed.items.compactMap(\.title).filter { !$0.hasPrefix("Re:") })
            #expect(titles == may, "\(name) is listed \(titles.symmetricDifference(may))")
            let summary = try await world.library.collection(world.collection, for: reader)
            #expect(summary.documents == listed.items.count, "\(name)")
            for content in contents {
                let word = content.title.lowercased().replacing(" ", with: "")
                let found = try await world.base.found(word, as: reader)
                #expect(found.isEmpty != may.contains(content.title), "\(name) and \(content.title)")
            }
        }
    }

    @Test(arguments: ConfluenceSettings.Edition.allCases)
    func `everybody sees what the wiki lets them see, and not a word more`(
        edition: ConfluenceSettings.Edition
    ) async throws {
        try await FakeConfluence.run(edition) { fake in
            fake.change(Self.fill)
            try await LibraryWorld.each(more: [IntakeSchema.schema]) { base in
                fake.change { wiki in
                    wiki = FakeWiki(edition)
                    Self.fill(&wiki)
                }
                let (world, people) = try await Self.world(base, fake)
                try await Self.check(world, people, fake)
                fake.change { wiki in
                    let now = wiki
                    let id = { (title: String) in now.pageID(titled: title) ?? 0 }
                    wiki.contents[id("HR inherits")]?.parent = id("HR open")
                    wiki.contents[id("PUB shut")]?.readers = []
                    wiki.contents[id("BOARD open")]?.status = "trashed"
                    wiki.contents[id("PUB open")]?.readers = [.user("dan")]
                    wiki.groups["g-board"]?.users = ["ann"]
                    wiki.users["cid"]?.isActive = false
                }
                try await world.nextRun()
                try await Self.check(world, people, fake)
            }
        }
    }

    @Test func `a right that was taken away in the cloud counts at once where the wiki is asked`() async throws {
        try await FakeConfluence.run(.cloud) { fake in
            fake.change(Self.fill)
            try await LibraryWorld.each(more: [IntakeSchema.schema]) { base in
                fake.change { wiki in
                    wiki = FakeWiki(.cloud)
                    Self.fill(&wiki)
                }
                let (world, people) = try await Self.world(base, fake)
                let id = try #require(try await world.intake.sources(for: world.admin).first?.record.id)
                var draft = try await world.state(id).settings
                draft.people.asksSource = true
                _ = try await world.intake.update(id, to: draft, by: world.admin, request: nil)
                try await base.runJobs()
                let ann = try await base.now(try #require(people["ann"]))
                #expect(try await base.found("hropen", as: ann).count == 1)
                fake.change { wiki in
                    let page = wiki.pageID(titled: "HR open") ?? 0
                    wiki.contents[page]?.readers = [.user("dan")]
                }
                #expect(try await base.found("hropen", as: ann).isEmpty)
            }
        }
    }
}
