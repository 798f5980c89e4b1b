import Access
import Connectors
import Kit
import Library
import Storage
import TestKit
import TestLibrary
import Testing

@testable import Intake

@Suite struct SyncTests {
    @Test func `a first run takes in every page, and a second run nothing (RBP-9)`() async throws {
        try await IntakeWorld.each { world in
            for number in 0..<8 { world.source.put("p\(number)", "# Page \(number)\n\nA page about boilers.") }
            let id = try await world.connected()
            #expect(try await world.summary(id).documents == 8)
            #expect(try await world.state(id).state == .waiting)
            let asked = world.source.asked
            #expect(asked == 8)
            try await world.nextRun()
            #expect(world.source.asked == 8 && world.source.listings == 2)
            #expect(try await world.base.found("boilers", as: world.admin).count == 8)
        }
    }

    @Test func `an edited page is read anew, a moved one is not, a deleted one is gone (CNF-3)`() async throws {
        try await IntakeWorld.each { world in
            world.source.put("a", "The boiler page.", path: "Home/A")
            world.source.put("b", "The garden page.", path: "Home/B")
            let id = try await world.connected()
            let before = try await world.library.documents(of: world.collection, PageRequest(), for: world.admin).items
            world.source.put("a", "The pump page.", path: "Home/A")
            world.source.change { $0.pages["b"]?.path = "Archive/B" }
            try await world.nextRun()
            #expect(try await world.base.found("pump", as: world.admin).count == 1)
            #expect(try await world.base.found("boiler", as: world.admin).isEmpty)
            let after = try await world.library.documents(of: world.collection, PageRequest(), for: world.admin).items
            #expect(Set(after.map(\.path)) == ["wiki/Home/A", "wiki/Archive/B"])
            #expect(Set(after.map(\.id)) == Set(before.map(\.id)))
            world.source.remove("a")
            try await world.nextRun()
            #expect(try await world.base.found("pump", as: world.admin).isEmpty)
            #expect(try await world.summary(id).documents == 1)
        }
    }

    @Test func `a feed of changes is followed without listing again`() async throws {
        try await IntakeWorld.each { world in
            world.source.change { $0.hasFeed = true }
            for number in 0..<5 { world.source.put("p\(number)", "A page, number \(number).") }
            let id = try await world.connected()
            world.source.put("p5", "A page, the newest.")
            world.source.remove("p0")
            world.source.permit("p1", .only(.person("nobody")))
            try await world.nextRun()
            #expect(world.source.listings == 1)
            #expect(try await world.summary(id).documents == 5)
            #expect(try await world.base.found("page", as: world.admin).count == 4)
        }
    }

    @Test func `a run that a crash cut off goes on where it was and asks for nothing twice (RAG-8)`() async throws {
        try await IntakeWorld.each { world in
            for number in 0..<9 { world.source.put("p\(number)", "A page, number \(number).") }
            world.source.change { $0.contentsLeft = 5 }
            _ = try await world.intake.create(world.draft(), by: world.admin, request: nil)
            try await world.base.runJobs()
            world.source.change { $0.contentsLeft = .max }
            world.base.time.advance(by: .seconds(700))
            try await world.base.runJobs()
            #expect(try await world.base.found("page", as: world.admin).count == 9)
            // Five, the one at which it broke off, and the four that were left.
            #expect(world.source.asked == 10)
        }
    }

    @Test func `a poison page is skipped, named with its reason, and retried until it works (CNF-4)`() async throws {
        try await IntakeWorld.each { world in
            world.source.put("good", "A page.")
            world.source.put("bad", "A page, too.")
            world.source.put("never", "A page, three.")
            world.source.change {
                $0.contentFailures = ["bad": .poison(.unavailable), "never": .poison(.tooLarge(bytesMax: 9))]
            }
            let id = try await world.connected()
            #expect(try await world.state(id).state == .waiting)
            let problems = try await world.intake.problems(of: id, for: world.admin)
            #expect(Set(problems.map(\.path)) == ["bad", "never"])
            #expect(problems.contains { $0.sentence == "The source could not give it this time." && $0.retryAt != nil })
            world.source.change { $0.contentFailures["bad"] = nil }
            try await world.nextRun()
            #expect(try await world.intake.problems(of: id, for: world.admin).map(\.path) == ["never"])
            #expect(try await world.base.found("page", as: world.admin).count == 2)
            let asked = world.source.asked
            try await world.nextRun()
            #expect(world.source.asked == asked, "what cannot work is not asked again")
        }
    }

    @Test func `a file that no parser reads is a problem of its own and keeps the version before`() async throws {
        try await IntakeWorld.each { world in
            world.source.put("a", "A page about pumps.")
            let id = try await world.connected()
            world.source.put("a", "")
            try await world.nextRun()
            #expect(try await world.intake.problems(of: id, for: world.admin).map(\.sentence) == ["It is empty."])
            #expect(try await world.base.found("pumps", as: world.admin).count == 1)
        }
    }

    @Test func `a source that fails says why, waits as it was asked to, and comes back by itself`() async throws {
        try await IntakeWorld.each { world in
            world.source.put("a", "A page.")
            world.source.change {
                $0.listingFailure = .retryable(after: .seconds(400), "The wiki is busy (status 429).")
            }
            let id = try await world.connected()
            #expect(try await world.state(id).state == .failing)
            #expect(try await world.state(id).problem == "The wiki is busy (status 429).")
            world.base.time.advance(by: .seconds(399))
            try await world.base.runJobs()
            #expect(try await world.state(id).state == .failing)
            world.base.time.advance(by: .seconds(2))
            try await world.base.runJobs()
            #expect(try await world.state(id).state == .waiting)
            #expect(try await world.state(id).problem == nil)
            #expect(try await world.base.found("page", as: world.admin).count == 1)
        }
    }

    @Test func `a run that reads for long lets the next one look first, and what waits is read then`() async throws {
        var settings = IntakeSettings()
        settings.readingTimeMax = .seconds(10)
        try await IntakeWorld.each(settings: settings) { world in
            world.source.change { $0.hasFeed = true }
            for number in 0..<8 { world.source.put("p\(number)", "A page, number \(number).") }
            let time = world.base.time
            world.source.change { $0.whenAsked = { time.advance(by: .seconds(4)) } }
            let id = try await world.connected()
            #expect(try await world.summary(id).documents < 8)
            #expect(try await world.state(id).currentAt == nil, "not everything that was there is here")
            world.source.permit("p0", .only(.person("nobody")))
            for _ in 0..<6 {
                time.advance(by: .seconds(2))
                try await world.base.runJobs()
            }
            #expect(try await world.summary(id).documents == 8)
            #expect(try await world.base.found("page", as: world.admin).count == 7)
            #expect(try await world.state(id).currentAt != nil)
            #expect(try await world.summary(id).problems == 0)
        }
    }

    @Test func `a cursor that is no longer valid begins a full listing`() async throws {
        try await IntakeWorld.each { world in
            world.source.change { $0.hasFeed = true }
            world.source.put("a", "A page.")
            let id = try await world.connected()
            world.source.change { state in
                state.listingFailure = .cursorExpired
                state.pages["a"] = nil
                state.feed = []
            }
            try await world.nextRun()
            world.base.time.advance(by: .seconds(60))
            try await world.base.runJobs()
            #expect(try await world.summary(id).documents == 0)
        }
    }
}

@Suite struct RemovalTests {
    @Test func `when most of a source is gone it is hidden at once and deleted only when a person says so`()
        async throws
    {
        try await IntakeWorld.each { world in
            for number in 0..<30 { world.source.put("p\(number)", "A page, number \(number).") }
            let id = try await world.connected()
            let pages = world.source.pages
            world.source.change { $0.pages = [:] }
            try await world.nextRun()
            #expect(try await world.state(id).state == .held)
            #expect(try await world.summary(id).documents == 30)
            #expect(try await world.base.found("page", as: world.admin).isEmpty)
            // The share was not mounted: everything comes back with its rules.
            world.source.change { $0.pages = pages }
            try await world.nextRun()
            #expect(try await world.state(id).state == .waiting)
            #expect(try await world.seen(by: world.admin.subject).count == 30)
            world.source.change { $0.pages = [:] }
            try await world.nextRun()
            _ = try await world.intake.confirmRemovals(id, by: world.admin, request: nil)
            try await world.base.runJobs()
            #expect(try await world.summary(id).documents == 0)
            #expect(try await world.state(id).state == .waiting)
        }
    }

    @Test func `a source that is deleted takes its documents and groups along`() async throws {
        try await IntakeWorld.each { world in
            let people = try await world.people(["ann"], groups: ["staff": ["ann"]])
            for number in 0..<4 { world.source.put("p\(number)", "A page, number \(number).", .only(.team("staff"))) }
            let id = try await world.connected()
            let ann = try #require(people["ann"])
            #expect(try await world.seen(by: ann).count == 4)
            try await world.intake.remove(id, by: world.admin, request: nil)
            try await world.base.runJobs()
            await #expect(throws: IntakeFailure.notFound) { try await world.intake.source(id, for: world.admin) }
            #expect(try await world.seen(by: ann).isEmpty)
            #expect(try await world.base.now(ann).groups.isEmpty)
            let remains = try await world.base.database.read {
                try $0.rows("SELECT 1 AS x FROM source_items UNION ALL SELECT 1 FROM documents").count
            }
            #expect(remains == 0)
        }
    }

    @Test func `people cannot move, delete or replace what a source brought`() async throws {
        try await IntakeWorld.each { world in
            world.source.put("a", "A page.", path: "a.md")
            _ = try await world.connected()
            let document = try #require(try await world.base.listed(world.collection, as: world.admin).first)
            await #expect(throws: LibraryFailure.belongsToSource) {
                try await world.library.delete(document, by: world.admin, request: nil)
            }
            await #expect(throws: LibraryFailure.belongsToSource) {
                try await world.library.move(document, to: DocumentPath("b.md"), by: world.admin, request: nil)
            }
            let other = try await world.base.upload("Another page.", to: "wiki/a.md", in: world.collection)
            #expect(other.document != document)
            await #expect(throws: LibraryFailure.collectionNotEmpty) {
                try await world.library.deleteCollection(world.collection, by: world.admin, request: nil)
            }
        }
    }

    @Test func `an empty collection that a source feeds stays`() async throws {
        try await IntakeWorld.each { world in
            _ = try await world.connected()
            await #expect(throws: LibraryFailure.collectionFed) {
                try await world.library.deleteCollection(world.collection, by: world.admin, request: nil)
            }
        }
    }
}
