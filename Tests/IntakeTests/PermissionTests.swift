import Access
import Connectors
import Kit
import Library
import Synchronization
import TestKit
import TestLibrary
import Testing

@testable import Intake

/// CNF-1 and CNF-2 over a source: what `SourcePermissions.admits` says is what everybody is shown, everywhere.
@Suite struct PermissionTests {
    private static let names = ["ann", "ben", "cay", "dan", "eve"]
    private static let groups = ["staff": ["ann", "ben"], "doctors": ["cay"], "empty": []]
    /// Doctors are in the clinic, the clinic is in the house.
    private static let nested = ["clinic": ["doctors"], "house": ["clinic", "staff"]]

    private static func rule(_ allow: [SourcePrincipal]?, deny: [SourcePrincipal] = []) -> SourceConstraint {
        SourceConstraint(allow: allow.map(Set.init), deny: Set(deny))
    }

    private static let pages: [String: SourcePermissions] = [
        "open": .open,
        "accounts": .only(.authenticated),
        "ann": .only(.person("ann")),
        "staff": .only(.team("staff")),
        "house": .only(.team("house")),
        "empty group": .only(.team("empty")),
        "unknown group": .only(.team("gone")),
        "unknown account": .only(.person("zoe")),
        "nobody": SourcePermissions([rule([])]),
        "no rule at all": SourcePermissions([]),
        "deny alone": SourcePermissions([rule(nil, deny: [.person("ann")])]),
        "unreadable": .unknown,
        "inherited": SourcePermissions([rule([.team("staff")]), rule([.person("ben"), .team("doctors")])]),
        "space deny": SourcePermissions([rule([.team("house")], deny: [.person("ben")]), rule([.everyone])]),
        "group deny": SourcePermissions([rule([.everyone], deny: [.team("clinic")])]),
        "group in group and page": SourcePermissions([rule(nil), rule([.team("house")]), rule([.team("clinic")])]),
    ]

    /// All that `name` is at the source.
    private static func principals(of name: String) -> Set<SourcePrincipal> {
        var all: Set<SourcePrincipal> = [.everyone]
        guard names.contains(name) else { return all }
        all.formUnion([.authenticated, .person(name)])
        var teams = Set(groups.filter { $0.value.contains(name) }.keys)
        for _ in 0..<3 {
            teams.formUnion(nested.filter { !teams.isDisjoint(with: $0.value) }.keys)
        }
        return all.union(teams.map { .team($0) })
    }

    @Test func `the matrix of people and pages has no leak and no loss (CNF-1)`() async throws {
        try await IntakeWorld.each { world in
            var people = try await world.people(Self.names, groups: Self.groups, nested: Self.nested)
            people["visitor"] = try await world.base.person("visitor").subject
            for (name, permissions) in Self.pages {
                world.source.put(name, "A page, \(name).", path: name, permissions)
            }
            _ = try await world.connected()
            for (name, subject) in people {
                let mine = Self.principals(of: name)
                let expected = Self.pages.filter { $0.value.admits(mine) }.keys.map { "wiki/\($0)" }
                #expect(try await world.seen(by: subject) == Set(expected), "\(name)")
            }
        }
    }

    @Test func `a denied group of which nothing is known denies everybody`() async throws {
        try await IntakeWorld.each { world in
            let people = try await world.people(["ann"])
            world.source.put("a", "A page.", SourcePermissions([Self.rule([.everyone], deny: [.team("gone")])]))
            _ = try await world.connected()
            #expect(try await world.seen(by: try #require(people["ann"])).isEmpty)
        }
    }

    @Test func `leaving a group takes effect with the next run, before any page is read (CNF-2)`() async throws {
        try await IntakeWorld.each { world in
            let people = try await world.people(["ann", "ben"], groups: ["staff": ["ann", "ben"]])
            world.source.put("a", "A page.", .only(.team("staff")))
            _ = try await world.connected()
            let ann = try #require(people["ann"])
            #expect(try await world.seen(by: ann) == ["wiki/a"])
            world.source.direct(["ann", "ben"], groups: ["staff": ["ben"]])
            // The pages cannot be listed this time; who is in which group could be read.
            world.source.change { $0.listingFailure = .retryable(after: nil, "Busy.") }
            try await world.nextRun()
            #expect(try await world.seen(by: ann).isEmpty)
            #expect(try await world.seen(by: try #require(people["ben"])) == ["wiki/a"])
        }
    }

    @Test func `a closed account, a renamed group and a person who comes later`() async throws {
        try await IntakeWorld.each { world in
            let people = try await world.people(["ann"], groups: ["g1": ["ann", "zed"]])
            let ann = try #require(people["ann"])
            world.source.put("a", "A page.", .only(.team("g1")))
            let id = try await world.connected()
            world.source.change {
                $0.directory = SourceDirectory(
                    accounts: [
                        SourceAccount(id: "ann", name: "ann", isActive: false), SourceAccount(id: "zed", name: "zed"),
                    ],
                    groups: [SourceGroup(id: "g1", name: "renamed", accounts: ["ann", "zed"])])
            }
            try await world.nextRun()
            #expect(try await world.seen(by: ann).isEmpty)
            let zed = try await world.base.person("zed").subject
            #expect(try await world.seen(by: zed).isEmpty)
            try await world.nextRun()
            #expect(try await world.seen(by: zed) == ["wiki/a"])
            let seen = try await world.intake.visible(id, to: world.base.now(zed), for: world.admin)
            #expect(seen.visible == 1 && seen.documents == 1)
        }
    }

    @Test func `accounts are recognised as the source's settings say`() async throws {
        try await IntakeWorld.each { world in
            let ann = try await world.base.person("ann@corp.example").subject
            let ben = try await world.base.person("ben").subject
            world.source.change {
                $0.directory = SourceDirectory(
                    accounts: [
                        SourceAccount(id: "id-1", name: "annie", email: "ann@corp.example"),
                        SourceAccount(id: "id-2", name: "benny", email: "benny@corp.example"),
                        SourceAccount(id: "id-3", name: "ben", email: nil),
                    ])
            }
            world.source.put("for-1", "A page.", .only(.person("id-1")))
            world.source.put("for-2", "A page.", .only(.person("id-2")))
            world.source.put("for-3", "A page.", .only(.person("id-3")))
            let people = PeopleSettings(match: .email, accounts: ["id-2": "ben"])
            _ = try await world.connected(world.draft(people: people))
            #expect(try await world.seen(by: ann) == ["wiki/for-1"])
            // The name "ben" there is somebody else here: only what was said counts.
            #expect(try await world.seen(by: ben) == ["wiki/for-2"])
        }
    }

    @Test func `permissions that could not be read anew for a day admit nobody until they can`() async throws {
        try await IntakeWorld.each { world in
            world.source.change { $0.hasFeed = true }
            world.source.put("a", "A page.")
            let id = try await world.connected()
            #expect(try await world.base.found("page", as: world.admin).count == 1)
            world.base.time.advance(by: .seconds(25 * 3600))
            world.source.change { $0.listingFailure = .unauthorised("The token is not accepted.") }
            try await world.base.runJobs()
            #expect(try await world.base.found("page", as: world.admin).isEmpty)
            #expect(try await world.state(id).problem?.contains("hidden") == true)
            world.base.time.advance(by: .seconds(60))
            try await world.base.runJobs()
            #expect(try await world.base.found("page", as: world.admin).count == 1)
            #expect(world.source.asked == 1, "nothing is read again")
        }
    }

    @Test func `where permissions of the source do not count, the collection's do`() async throws {
        try await IntakeWorld.each { world in
            let ann = try await world.base.person("ann").subject
            world.source.put("a", "A page.", .only(.person("somebody")))
            let id = try await world.connected(world.draft(people: PeopleSettings(obeysSource: false)))
            #expect(try await world.seen(by: ann) == ["wiki/a"])
            _ = try await world.intake.update(
                id, to: world.draft(people: PeopleSettings(obeysSource: true)), by: world.admin, request: nil)
            try await world.base.runJobs()
            #expect(try await world.seen(by: ann).isEmpty)
            #expect(world.source.asked == 1)
        }
    }

    @Test func `a source that can be asked is asked each time, and its silence is a no (CNF-2)`() async throws {
        var settings = IntakeSettings()
        settings.askingTimeMax = .seconds(300)
        try await IntakeWorld.each(settings: settings) { world in
            let people = try await world.people(["ann", "ben"])
            for page in ["a", "b"] { world.source.put(page, "A page, \(page).", path: page, .only(.authenticated)) }
            var draft = world.draft()
            draft.people.asksSource = true
            _ = try await world.connected(draft)
            let ann = try await world.base.now(try #require(people["ann"]))
            #expect(try await world.base.found("page", as: ann).count == 2)
            // Taken away a moment ago: no run has seen it yet.
            world.source.verdict.withLock { $0 = { account, key in account != "ann" || key == "b" } }
            let hits = try await world.base.found("page", as: ann)
            #expect(hits.count == 1)
            let hidden = try #require(
                try await world.base.listed(world.collection, as: ann).first { !hits.contains($0) })
            await #expect(throws: LibraryFailure.notFound) {
                try await world.library.text(of: hidden, version: nil, for: ann)
            }
            world.source.verdict.withLock { $0 = { _, _ in throw SourceFailure.unauthorised("No.") } }
            #expect(try await world.base.found("page", as: ann).isEmpty)
            let visitor = try await world.base.person("visitor")
            #expect(try await world.base.found("page", as: visitor).isEmpty)
        }
    }

    @Test func `a page that is cut down and opened is not shown to all as it was before`() async throws {
        try await IntakeWorld.each { world in
            let people = try await world.people(["ann", "ben"])
            let (ann, ben) = (try #require(people["ann"]), try #require(people["ben"]))
            world.source.put("a", "A page with the salary list.", .only(.person("ann")))
            let id = try await world.connected()
            // The new bytes are there and cannot be read yet: neither for ben, nor are the old ones for him.
            world.source.put("a", "A page.", .open)
            world.source.change { $0.contentFailures = ["a": .poison(.unavailable)] }
            try await world.nextRun()
            #expect(try await world.seen(by: ben, word: "salary").isEmpty)
            #expect(try await world.seen(by: ann, word: "salary") == ["wiki/a"])
            world.source.change { $0.contentFailures = [:] }
            try await world.nextRun()
            #expect(try await world.seen(by: ben) == ["wiki/a"])
            let reader = try await world.base.now(ben)
            let document = try #require(try await world.base.listed(world.collection, as: reader).first)
            #expect(try await world.base.text(document, as: reader) == "A page.")
            let first = try #require(try await world.library.versions(of: document, for: reader).last?.id)
            await #expect(throws: LibraryFailure.notFound) {
                try await world.library.text(of: document, version: first, for: reader)
            }
            await #expect(throws: LibraryFailure.belongsToSource) {
                try await world.library.relabel(document, to: .public, by: world.admin, request: nil)
            }
            _ = id
        }
    }

    @Test func `a run that another has overtaken puts nobody back`() async throws {
        try await IntakeWorld.each { world in
            let people = try await world.people(["ann"], groups: ["staff": ["ann"]])
            let ann = try #require(people["ann"])
            world.source.put("a", "A page.", .only(.team("staff")))
            let id = try await world.connected()
            let old = try await world.source.directory()
            world.source.direct(["ann"], groups: ["staff": []])
            _ = try await world.intake.sync(id, by: world.admin, request: nil)
            try await world.base.runJobs()
            #expect(try await world.seen(by: ann).isEmpty)
            await #expect(throws: IntakeFailure.superseded) {
                _ = try await PrincipalMap(
                    old, of: id, world.draft().people, world.base.access, as: world.admin,
                    check: { _ in throw IntakeFailure.superseded })
            }
            #expect(try await world.seen(by: ann).isEmpty)
        }
    }
}
