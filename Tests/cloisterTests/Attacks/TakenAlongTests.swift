import HTTPKit
import HTTPTypes
import Kit
import Testing

/// What leaves the house as a file, or tells who used a document: proofs, exports and lineage under the rights of the
/// moment, for whoever else might ask.
@Suite("Taken along", .serialized) struct TakenAlongTests {
    private struct World {
        let house: TestPlatform
        let north: TestTenant
        let owner, boss: Person
        let document, answer, conversation: String

        var mine: [String] {
            [
                "/api/v1/answers/\(answer)/bundle", "/api/v1/conversations/\(conversation)/export",
                "/api/v1/conversations/\(conversation)/export?format=json",
            ]
        }
        var lineage: String { "/api/v1/documents/\(document)/answers" }
    }

    private static func run(on engine: Engine, _ body: @Sendable (World) async throws -> Void) async throws {
        try await TestPlatform.run(on: engine) { house in
            let north = try await house.tenant("north")
            let owner = try await north.person("owner", roles: ["developer"])
            let boss = try await north.person("boss", roles: ["admin"], clearance: "top_secret")
            let collection = try await owner.caller.createCollection("open", allow: ["everyone"])
            let plant = Plant.collectionAllowed
            let sent = try await owner.caller.upload(plant.text, to: collection, path: "quibnaxpath.md")
            try await owner.caller.waitUntilReady(collection)
            let asked = try await owner.caller.post("/api/v1/ask", ["question": .text(plant.question)]).succeeded()
            #expect(asked.text.contains(plant.canary))
            try await body(
                World(
                    house: house, north: north, owner: owner, boss: boss, document: sent.document,
                    answer: try asked.value("answer"), conversation: try asked.value("conversation")))
        }
    }

    @Test(arguments: Engine.allCases)
    func `the asker has them, and nobody else anything of them`(on engine: Engine) async throws {
        try await Self.run(on: engine) { world in
            let canary = Plant.collectionAllowed.canary
            for path in world.mine {
                for caller in [world.owner.caller, world.owner.session] {
                    let own = try await caller.get(path)
                    #expect(own.status == 200 && own.text.contains(canary), "\(path): \(own.text)")
                    #expect(own.headers[.contentDisposition]?.hasPrefix("attachment") == true)
                }
            }
            let south = try await world.house.tenant("south")
            let others = [
                try await world.north.person("colleague", roles: ["developer"]), world.boss,
                try await south.person("stranger", roles: ["admin"], clearance: "top_secret"),
            ]
            for person in others {
                for path in world.mine {
                    let theirs = try await person.caller.get(path)
                    let none = try await person.caller.get(
                        path.replacing(/(ans|cnv)_[0-9a-z]{26}/) {
                            "\($0.output.1)_" + String(repeating: "7", count: 26)
                        })
                    #expect(theirs.status == 404 && theirs.anonymous == none.anonymous, "\(path): \(theirs.text)")
                }
            }
            #expect(try await world.owner.caller.get(world.mine[1] + "?format=pdf").status == 400)
        }
    }

    @Test(arguments: Engine.allCases)
    func `lineage is for reviewers, names no question, and ends at the tenant`(on engine: Engine) async throws {
        try await Self.run(on: engine) { world in
            let found = try await world.boss.caller.get(world.lineage)
            #expect(found.status == 200 && found.text.contains(world.answer) && found.text.contains(world.owner.id))
            #expect(!found.text.contains("quibnax") && !found.text.contains("question"))
            let refused = try await world.owner.caller.get(world.lineage)
            #expect(refused.status == 403 && !refused.text.contains(world.answer))
            let south = try await world.house.tenant("south")
            let stranger = try await south.person("stranger", roles: ["admin"], clearance: "top_secret")
            #expect(try await stranger.caller.get(world.lineage).status == 404)
            let keys = try await [world.boss, stranger].map { $0.caller }.asyncMap {
                try await $0.get("/api/v1/audit/key")
            }
            #expect(keys.allSatisfy { $0.status == 200 } && keys[0].text != keys[1].text)
        }
    }

    @Test(arguments: Engine.allCases)
    func `who is suspended or deleted, or whose session has expired, takes nothing along`(
        on engine: Engine
    ) async throws {
        try await Self.run(on: engine) { world in
            world.house.time.advance(by: .seconds(40 * 86_400))
            for path in world.mine { #expect(try await world.owner.session.get(path).status == 401) }
            try await world.north.suspend(world.owner.id)
            for path in world.mine { #expect(try await world.owner.caller.get(path).status == 401) }
            try await world.north.suspend(world.owner.id, false)
            try await world.north.local.delete("/api/v1/users/\(world.owner.id)").succeeded()
            for path in world.mine + [world.lineage] {
                #expect(try await world.owner.caller.get(path).status == 401)
            }
        }
    }

    @Test(arguments: Engine.allCases)
    func `a deleted document leaves no proof, and an export without its words`(on engine: Engine) async throws {
        try await Self.run(on: engine) { world in
            try await world.owner.caller.delete("/api/v1/documents/\(world.document)").succeeded()
            let proof = try await world.owner.caller.get(world.mine[0])
            #expect(proof.status == 409 && proof.code == "answers.evidence_gone")
            for path in world.mine {
                let text = try await world.owner.caller.get(path).text
                let isClean = !text.contains("quibnaxpath") && !text.contains(world.document)
                #expect(isClean && (path == world.mine[0] || text.contains("eft")), "\(text)")
            }
            #expect(try await world.boss.caller.get(world.lineage).status == 404)
        }
    }
}

extension Array {
    fileprivate func asyncMap<Value>(_ body: (Element) async throws -> Value) async rethrows -> [Value] {
        var found: [Value] = []
        for element in self { found.append(try await body(element)) }
        return found
    }
}
