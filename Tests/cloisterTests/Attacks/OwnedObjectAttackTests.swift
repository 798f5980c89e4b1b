import HTTPKit
import HTTPTypes
import Kit
import Testing

@testable import cloister

/// ATT-10 (CVE-2026-45349): going on with another user's chat by its identifier.
@Suite("ATT-10: objects of others", .serialized) struct OwnedObjectAttackTests {
    @Test(arguments: Engine.allCases)
    func `ATT-10: another user's answer, job and key are as unknown as none`(on engine: Engine) async throws {
        try await TestPlatform.run(on: engine) { house in
            let (north, south) = (try await house.tenant("north"), try await house.tenant("south"))
            let owner = try await north.person("owner", roles: ["developer"])
            let collection = try await owner.caller.createCollection("open", allow: ["everyone"])
            let sent = try await owner.caller.upload(
                Plant.collectionAllowed.text, to: collection, path: "quibnaxpath.md")
            try await owner.caller.waitUntilReady(collection)
            let body: JSON = ["question": .text(Plant.collectionAllowed.question)]
            let answer = try await owner.caller.post("/api/v1/ask", body).succeeded().value("answer")
            let ids = ["ans": answer, "job": sent.job, "key": owner.keyID]

            let others = [
                try await north.person("colleague", roles: ["developer"]), try await south.person("stranger"),
                try await south.person("their admin", roles: ["admin"], clearance: "top_secret"),
            ]
            for other in others {
                for caller in [other.caller, other.session] { try await Self.expectUnknown(ids, to: caller) }
            }
            #expect(try await owner.caller.get("/api/v1/jobs/\(sent.job)").json["state"]?.text == "succeeded")
            #expect(try await owner.caller.get("/api/v1/answers/\(answer)").status == 200)
        }
    }

    /// An administrator runs the queue of the tenant, and reads neither questions nor the names of documents.
    @Test(arguments: Engine.allCases)
    func `ATT-10: an administrator sees others' jobs without their content, and no answers`(
        on engine: Engine
    ) async throws {
        try await TestPlatform.run(on: engine) { house in
            let north = try await house.tenant("north")
            let owner = try await north.person("owner", roles: ["developer"])
            let boss = try await north.person("boss", roles: ["admin"], clearance: "top_secret")
            let collection = try await owner.caller.createCollection("closed", allow: [owner.id])
            let plant = Plant.collectionAllowed
            let sent = try await owner.caller.upload(plant.text, to: collection, path: plant.path)
            try await owner.caller.waitUntilReady(collection)
            let answer = try await owner.caller.post("/api/v1/ask", ["question": .text(plant.question)])
                .succeeded().value("answer")
            #expect(try await boss.caller.get("/api/v1/answers/\(answer)").status == 404)
            #expect(try await boss.caller.get("/api/v1/answers/\(answer)/events").status == 404)
            for path in ["/api/v1/jobs", "/api/v1/jobs/\(sent.job)"] {
                let seen = try await boss.caller.get(path)
                #expect(seen.status == 200 && seen.text.contains(sent.job) && !seen.text.contains(plant.canary))
                #expect(try await owner.caller.get(path).text.contains(plant.canary))
            }
            let retried = try await boss.caller.post("/api/v1/jobs/\(sent.job)/retry")
            #expect(retried.status == 409 && !retried.text.contains(plant.canary))
        }
    }

    /// The stream is another way to the same jobs.
    @Test(arguments: Engine.allCases)
    func `ATT-10: a stream of jobs has one's own, and for an administrator all without content`(
        on engine: Engine
    ) async throws {
        try await TestPlatform.run(on: engine) { house in
            let north = try await house.tenant("north")
            let owner = try await north.person("owner", roles: ["developer"])
            let colleague = try await north.person("colleague", roles: ["developer"])
            let boss = try await north.person("boss", roles: ["admin"], clearance: "top_secret")
            let plant = Plant.collectionAllowed
            var sent: [Sent] = []
            for person in [owner, colleague] {
                let collection = try await person.caller.createCollection(person.id, allow: [person.id])
                sent.append(try await person.caller.upload(plant.text, to: collection, path: plant.path))
                try await person.caller.waitUntilReady(collection)
            }
            // The colleague's job is the later one: whoever has met it has met the owner's too, or never will.
            let seen = try await Self.events(of: colleague.caller, until: sent[1].job)
            #expect(!seen.contains(sent[0].job) && !seen.contains(sent[0].document) && seen.contains(plant.canary))
            let overseen = try await Self.events(of: boss.caller, until: sent[1].job)
            #expect(overseen.contains(sent[0].job) && !overseen.contains(plant.canary))
        }
    }

    /// What a stream says from the first change on until it has named `job`.
    private static func events(of caller: Caller, until job: String) async throws -> String {
        var caller = caller
        caller.headers[.lastEventPlace] = "0"
        var said = ""
        let reply = await caller.reply(.get, "/api/v1/events")
        for try await bytes in reply.body.stream {
            said += String(decoding: bytes, as: UTF8.self)
            if said.contains(job) { return said }
        }
        throw NeverTrue(what: "the stream names \(job)")
    }

    private static func expectUnknown(_ ids: [String: String], to caller: Caller) async throws {
        let asks: [(HTTPRequest.Method, String, String)] = [
            (.get, "/api/v1/answers/", "ans"), (.get, "/api/v1/answers/?/events", "ans"),
            (.get, "/api/v1/jobs/", "job"),
            (.post, "/api/v1/jobs/?/cancel", "job"), (.post, "/api/v1/jobs/?/retry", "job"),
            (.delete, "/api/v1/keys/", "key"),
        ]
        for (method, path, kind) in asks {
            let form = path.contains("?") ? path : path + "?"
            let theirs = try await caller.send(method, form.replacing("?", with: ids[kind] ?? ""))
            let none = try await caller.send(
                method, form.replacing("?", with: kind + "_" + String(repeating: "7", count: 26)))
            // A person without keys of their own is refused before anything is looked up.
            #expect(theirs.status == 404 && theirs.anonymous == none.anonymous, "\(method) \(path): \(theirs.text)")
        }
    }
}
