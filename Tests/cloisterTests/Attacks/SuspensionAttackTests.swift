import Access
import HTTPKit
import HTTPTypes
import Kit
import Testing

@testable import cloister

/// ATT-19 (CVE-2026-32717): a suspended user's key that still worked.
@Suite("ATT-19: suspension", .serialized) struct SuspensionAttackTests {
    private static let password = "a long enough password"

    @Test(arguments: Engine.allCases)
    func `ATT-19: suspension ends keys, sessions, links and streams at the next request`(
        on engine: Engine
    ) async throws {
        try await TestPlatform.run(on: engine) { house in
            let north = try await house.tenant("north")
            let person = try await north.person("person", roles: ["developer"])
            let child = try await person.caller.post("/api/v1/keys", ["name": "child"]).succeeded().value("key")
            let link = try await north.link(for: person.id)
            let callers = [person.caller, person.session, house.bearer(child)]
            // Each is known and remembered before it is cut.
            for caller in callers { #expect(try await caller.get("/api/v1/session").status == 200) }
            let stream = try await Self.openStream(person.caller)

            try await north.suspend(person.id)
            for caller in callers {
                #expect(try await caller.get("/api/v1/session").status == 401)
                #expect(try await caller.post("/api/v1/search", ["query": "x"]).status == 401)
                #expect(try await caller.get("/v1/ping").status == 401)
            }
            #expect(try await house.exchange(link: link).status == 401)
            try await Self.expectEnd(of: stream)

            // Ended, and not asleep: who is let in again begins anew.
            try await north.suspend(person.id, false)
            for caller in callers { #expect(try await caller.get("/api/v1/session").status == 401) }
            #expect(try await house.exchange(link: link).status == 401)
        }
    }

    @Test(arguments: Engine.allCases)
    func `ATT-19: a suspended user cannot sign in, and comes back only when let in again`(
        on engine: Engine
    ) async throws {
        try await TestPlatform.run(on: engine) { house in
            let north = try await house.tenant("north")
            let id = try await north.createUser(
                "person", roles: ["user"], clearance: "internal", password: Self.password)
            let form: JSON = ["tenant": "north", "name": "person", "password": .text(Self.password)]
            let session = try house.session(try await house.guest.post("/api/v1/sign-in", form).succeeded())
            #expect(try await session.get("/api/v1/session").status == 200)
            try await north.suspend(id)
            #expect(try await session.get("/api/v1/session").status == 401)
            let refused = try await house.guest.post("/api/v1/sign-in", form)
            let wrong: JSON = ["tenant": "north", "name": "person", "password": "not the right password"]
            #expect(refused.status == 401)
            #expect(try await house.guest.post("/api/v1/sign-in", wrong).anonymous == refused.anonymous)
            try await north.suspend(id, false)
            // A try that was refused makes the next one wait.
            try await eventually("the user may sign in again") {
                try await house.guest.post("/api/v1/sign-in", form).status == 200
            }
        }
    }

    /// A document that is on its way when its writer is suspended does not appear.
    @Test(arguments: Engine.allCases)
    func `ATT-19: work of a suspended user stops at its next lease`(on engine: Engine) async throws {
        try await TestPlatform.run(on: engine) { house in
            let north = try await house.tenant("north")
            let person = try await north.person("person", roles: ["developer"])
            try await north.suspend(person.id)
            let work = try? await house.platform.access.principal(
                tenant: try await house.tenantID("north"), subject: try #require(SubjectID(person.id)),
                purpose: .general, job: Randomness.system.identifier())
            #expect(work == nil)
        }
    }

    /// A job stream that has begun.
    private static func openStream(_ caller: Caller) async throws -> AsyncThrowingStream<[UInt8], any Error> {
        let reply = await caller.reply(.get, "/api/v1/events")
        #expect(reply.status == .ok)
        return reply.body.stream
    }

    private static func expectEnd(of stream: AsyncThrowingStream<[UInt8], any Error>) async throws {
        let ended = Task {
            // Cut with an error or without: either way nothing more comes.
            do { for try await _ in stream {} } catch {}
            // The watchdog ends it too, by cancelling.
            return !Task.isCancelled
        }
        let watchdog = Task {
            try await Task.sleep(for: TestPlatform.watchdog)
            ended.cancel()
        }
        #expect(await ended.value)
        watchdog.cancel()
    }
}
