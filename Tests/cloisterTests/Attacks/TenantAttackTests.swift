import HTTPKit
import HTTPTypes
import Kit
import Testing

/// ATT-17 (CVE-2026-41949): a file's identifier opened it across tenants.
/// ATT-18 (CVE-2026-41950): another user's file inside a request of one's own.
@Suite("ATT-17, ATT-18: identifiers of others", .serialized) struct TenantAttackTests {
    private static let nowhere = String(repeating: "7", count: 26)

    private struct Houses {
        let owner, colleague, stranger, strangeBoss: Person
        let south: TestTenant
        let open, closed: String
        let seen, hidden: Sent
    }

    @Test(arguments: Engine.allCases)
    func `ATT-17: knowing an identifier opens nothing in another tenant`(on engine: Engine) async throws {
        try await TestPlatform.run(on: engine) { house in
            let world = try await Self.build(house)
            let strangers = [
                world.stranger.caller, world.strangeBoss.caller, world.strangeBoss.session, world.south.local,
            ]
            for caller in strangers {
                for sent in [world.seen, world.hidden] {
                    for path in Self.paths(sent, world) {
                        let theirs = try await caller.get(path)
                        let none = try await caller.get(
                            path.replacing(/(doc|ver|col|job)_[0-9a-z]{26}/) {
                                "\($0.output.1)_" + Self.nowhere
                            })
                        #expect(theirs.status == 404 && theirs.anonymous == none.anonymous, "\(path): \(theirs.text)")
                        #expect(!theirs.text.contains("quibnax") && !theirs.text.contains("vorplen"))
                    }
                }
            }
            #expect(try await world.owner.caller.get("/api/v1/documents/\(world.seen.document)/text").status == 200)
        }
    }

    @Test(arguments: Engine.allCases)
    func `ATT-18: a collection inside a search or a question is looked at with the caller's own rights`(
        on engine: Engine
    ) async throws {
        try await TestPlatform.run(on: engine) { house in
            let world = try await Self.build(house)
            for person in [world.colleague, world.stranger, world.strangeBoss] {
                let (closed, none): (JSON, JSON) = (.text(world.closed), .text("col_" + Self.nowhere))
                for mode in ["fused", "dense", "lexical"] {
                    let theirs = try await Self.search(person, [closed], mode)
                    #expect(theirs.status == 200 && theirs.json["hits"]?.items == [])
                    #expect(try await Self.search(person, [none], mode).withoutTime == theirs.withoutTime)
                    let mixed = try await Self.search(person, [.text(world.open), closed, none], mode)
                    #expect(!mixed.text.contains(world.hidden.document) && !mixed.text.contains("vorplen"))
                    #expect(mixed.text.contains(world.seen.document) == (person.id == world.colleague.id))
                }
                let question: JSON = ["question": .text(Plant.folderRestricted.question), "collections": [closed]]
                let answer = try await person.caller.post("/api/v1/ask", question)
                #expect(answer.json["declined"]?.text == "not_in_documents" && !answer.text.contains("vorplen"))
                let upload = try await person.caller.sendFile(Array("x".utf8), to: world.closed, path: "x.md")
                let lost = try await person.caller.sendFile(Array("x".utf8), to: "col_" + Self.nowhere, path: "x.md")
                #expect(upload.status == 404 && upload.anonymous == lost.anonymous)
            }
        }
    }

    @Test(arguments: Engine.allCases)
    func `ATT-18: users and groups of another tenant inside a request are nobody`(on engine: Engine) async throws {
        try await TestPlatform.run(on: engine) { house in
            let world = try await Self.build(house)
            let theirs = try await world.south.group("theirs", of: [world.stranger.id])
            let (boss, owner) = (TestTenant(house: house, name: "north").local, world.owner.caller)
            let ours = try await boss.post("/api/v1/groups", ["name": "ours"]).succeeded().value("id")
            for member in [world.stranger.id, theirs] {
                #expect(try await boss.put("/api/v1/groups/\(ours)/members/\(member)").status == 404)
            }
            let subject = world.stranger.id
            let why = try await owner.get("/api/v1/documents/\(world.seen.document)/access?subject=\(subject)")
            #expect(why.status == 404)
            #expect(try await owner.get("/api/v1/users/\(subject)").status == 404)
            #expect(try await boss.patch("/api/v1/users/\(subject)", ["suspended": true]).status == 404)
            #expect(try await boss.delete("/api/v1/keys/\(world.stranger.keyID)").status == 404)
            // A rule may name anybody; whom another tenant knows is in no group of this one and reads nothing.
            let rule: JSON = ["allow": [.text(world.owner.id), .text(subject), .text(theirs), "everyone"], "deny": []]
            try await owner.put("/api/v1/collections/\(world.open)/access", rule).succeeded()
            #expect(try await world.stranger.caller.get("/api/v1/documents/\(world.seen.document)").status == 404)
            #expect(try await Self.search(world.stranger, [.text(world.open)], "lexical").json["hits"]?.items == [])
            #expect(try await world.stranger.caller.get("/api/v1/session").status == 200)
        }
    }

    private static func build(_ house: TestPlatform) async throws -> Houses {
        let (north, south) = (try await house.tenant("north"), try await house.tenant("south"))
        let owner = try await north.person("owner", roles: ["developer"])
        let (open, closed) = (
            try await owner.caller.createCollection("open", allow: ["everyone"]),
            try await owner.caller.createCollection("closed", allow: [owner.id])
        )
        let (plain, restricted) = (Plant.collectionAllowed, Plant.folderRestricted)
        let seen = try await owner.caller.upload(plain.text, to: open, path: plain.path)
        let hidden = try await owner.caller.upload(restricted.text, to: closed, path: restricted.path)
        try await owner.caller.waitUntilReady(open)
        try await owner.caller.waitUntilReady(closed)
        return Houses(
            owner: owner, colleague: try await north.person("colleague"),
            stranger: try await south.person("stranger"),
            strangeBoss: try await south.person("boss", roles: ["admin"], clearance: "top_secret"), south: south,
            open: open, closed: closed, seen: seen, hidden: hidden)
    }

    private static func paths(_ sent: Sent, _ world: Houses) -> [String] {
        let document = "/api/v1/documents/\(sent.document)"
        return [
            document, document + "/text", document + "/text?version=\(sent.version)", document + "/access",
            "/api/v1/jobs/\(sent.job)", "/api/v1/collections/\(world.open)",
            "/api/v1/collections/\(world.open)/documents",
            "/api/v1/collections/\(world.open)/progress",
            "/api/v1/collections/\(world.open)/duplicates",
        ]
    }

    private static func search(_ person: Person, _ collections: [JSON], _ mode: String) async throws -> Answer {
        let words = "night handover pharmacy fridge quibnax vorplen"
        return try await person.caller.post(
            "/api/v1/search", ["query": .text(words), "mode": .text(mode), "collections": .list(collections)])
    }
}
