import Access
import Connectors
import Kit
import Library
import TestKit
import TestLibrary
import Testing

@testable import Intake

@Suite struct SourceTests {
    @Test func `only administrators connect sources; developers see how they are; others nothing`() async throws {
        try await IntakeWorld.each { world in
            let id = try await world.connected()
            let developer = try await world.base.person("dev", [.developer])
            let user = try await world.base.person("use")
            #expect(try await world.intake.sources(for: developer).map(\.record.id) == [id])
            await #expect(throws: AccessFailure.notPermitted(.sourcesManage)) {
                try await world.intake.create(world.draft("other"), by: developer, request: nil)
            }
            await #expect(throws: AccessFailure.notPermitted(.sourcesRead)) {
                try await world.intake.sources(for: user)
            }
            await #expect(throws: AccessFailure.notPermitted(.sourcesManage)) {
                try await world.intake.problems(of: id, for: developer)
            }
        }
    }

    @Test func `another tenant's source does not exist`() async throws {
        try await IntakeWorld.each { world in
            let id = try await world.connected()
            let stranger = try await world.base.stranger()
            #expect(try await world.intake.sources(for: stranger).isEmpty)
            await #expect(throws: IntakeFailure.notFound) { try await world.intake.source(id, for: stranger) }
            await #expect(throws: IntakeFailure.notFound) {
                try await world.intake.sync(id, by: stranger, request: nil)
            }
            await #expect(throws: IntakeFailure.notFound) {
                try await world.intake.remove(id, by: stranger, request: nil)
            }
            await #expect(throws: LibraryFailure.notFound) {
                try await world.intake.create(world.draft("theirs"), by: stranger, request: nil)
            }
        }
    }

    @Test(
        arguments: [
            (["token": .text("x")], "url is missing"), (["url": .text("x"), "tokn": .text("x")], "no setting tokn"),
            (["url": .integer(3)], "url is a text"), (["url": .text("")], "url is one line"),
            (["url": .text("a\nb")], "url is one line"),
        ] as [([String: OptionValue], String)])
    func `a setting that cannot work is refused with its name`(_ options: [String: OptionValue], _ words: String)
        async throws
    {
        try await IntakeWorld.each { world in
            var draft = world.draft()
            draft.options = options
            let failure = await #expect(throws: IntakeFailure.self) {
                try await world.intake.create(draft, by: world.admin, request: nil)
            }
            guard case .settings(.misconfigured(let sentence)) = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
            #expect(sentence.contains(words), "\(sentence)")
        }
    }

    @Test func `a change without the secret keeps it, and none is ever shown`() async throws {
        try await IntakeWorld.each { world in
            let id = try await world.connected()
            var draft = world.draft("renamed")
            draft.options["token"] = nil
            let changed = try await world.intake.update(id, to: draft, by: world.admin, request: nil)
            #expect(changed.record.settings.options["token"] == .text("s3cret"))
            let body = SourceBody(changed, secrets: ["token"], now: world.base.time.now)
            #expect(body.options.keys.sorted() == ["url"])
            #expect(body.secrets == ["token"])
        }
    }

    @Test func `a paused source stays as it is until somebody syncs it`() async throws {
        try await IntakeWorld.each { world in
            world.source.put("a", "A page.")
            let id = try await world.connected()
            _ = try await world.intake.pause(id, by: world.admin, request: nil)
            world.source.put("b", "A page, two.")
            try await world.nextRun()
            #expect(try await world.summary(id).documents == 1)
            _ = try await world.intake.sync(id, by: world.admin, request: nil)
            try await world.base.runJobs()
            #expect(try await world.summary(id).documents == 2)
        }
    }

    @Test func `syncing by hand leaves one chain of runs`() async throws {
        try await IntakeWorld.each { world in
            let id = try await world.connected()
            for _ in 0..<5 { _ = try await world.intake.sync(id, by: world.admin, request: nil) }
            try await world.base.runJobs()
            let before = world.source.listings
            try await world.nextRun()
            #expect(world.source.listings == before + 1)
        }
    }

    @Test func `lag is the age of what is known`() async throws {
        try await IntakeWorld.each { world in
            let id = try await world.connected()
            world.source.change { $0.listingFailure = .unauthorised("The token is not accepted.") }
            try await world.nextRun()
            let lag = try #require(try await world.state(id).lag(at: world.base.time.now))
            #expect(lag >= .seconds(300))
            #expect(try await world.state(id).failures == 1)
        }
    }

    @Test func `a kept secret goes nowhere but where it went`() async throws {
        try await IntakeWorld.each { world in
            let id = try await world.connected()
            var draft = world.draft()
            draft.options = ["url": .text("https://elsewhere.example")]
            await #expect(throws: IntakeFailure.self) {
                try await world.intake.update(id, to: draft, by: world.admin, request: nil)
            }
            draft.options["token"] = .text("new")
            _ = try await world.intake.update(id, to: draft, by: world.admin, request: nil)
        }
    }

    @Test func `a source whose owner may no longer run it says so, and its documents are not shown for ever`()
        async throws
    {
        try await IntakeWorld.each { world in
            let owner = try await world.base.person("owner", [.admin], clearance: .internal)
            world.source.put("a", "A page.")
            let id = try await world.intake.create(world.draft(), by: owner, request: nil).record.id
            try await world.base.runJobs()
            #expect(try await world.base.found("page", as: world.admin).count == 1)
            _ = try await world.base.access.updateUser(
                owner.subject, UserChange(isSuspended: true), as: world.admin)
            try await world.nextRun()
            #expect(try await world.state(id).state == .failing)
            #expect(try await world.state(id).problem?.contains("Sync it") == true)
            world.base.time.advance(by: .seconds(25 * 3600))
            #expect(try await world.base.found("page", as: world.admin).isEmpty)
            _ = try await world.intake.sync(id, by: world.admin, request: nil)
            try await world.base.runJobs()
            #expect(try await world.base.found("page", as: world.admin).count == 1)
        }
    }
}
