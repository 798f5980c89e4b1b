import HTTPKit
import HTTPTypes
import Kit
import Testing

@Suite("Unseen documents", .serialized) struct UnseenDocumentTests {
    private static let questions = [
        "How long does the night handover take?", "fridge degrees", "handover", "Who repaired the roof?",
    ]

    /// Titles, frequencies and lengths of the unseen would move every score that they could reach.
    @Test(arguments: Engine.allCases)
    func `a reader's answers stay the same, byte for byte, whatever is added out of their sight`(
        on engine: Engine
    ) async throws {
        try await TestPlatform.run(on: engine, flags: ["search.segment_documents": "4"]) { house in
            let (north, south) = (try await house.tenant("north"), try await house.tenant("south"))
            let owner = try await north.person("owner", roles: ["developer"], clearance: "restricted")
            let reader = try await north.person("reader")
            let stranger = try await south.person("stranger", roles: ["developer"])
            let open = try await owner.caller.createCollection("open", allow: [owner.id, reader.id])
            for plant in [Plant.collectionAllowed, .folderRestricted, .inherited, .documentDenied, .movedOut] {
                _ = try await owner.caller.upload(plant.text, to: open, path: plant.path)
            }
            try await owner.caller.waitUntilReady(open)

            let before = try await Self.everything(reader.caller, open)
            try await Self.addUnseen(owner, to: open)
            try await Self.addUnseen(stranger, to: try await stranger.caller.createCollection("s", allow: ["everyone"]))
            // The owner first: what was worked out for them must not be kept for the reader.
            #expect(try await Self.everything(owner.caller, open) != before)
            let after = try await Self.everything(reader.caller, open)
            #expect(before == after)
            #expect(before.contains { $0.contains(Plant.collectionAllowed.canary) })
        }
    }

    /// Neither by a number that counts it, nor by a score that it moves.
    @Test(arguments: Engine.allCases)
    func `what was deleted leaves no trace in any answer, byte for byte`(on engine: Engine) async throws {
        try await TestPlatform.run(on: engine, flags: ["search.segment_documents": "4"]) { house in
            let north = try await house.tenant("north")
            let owner = try await north.person("owner", roles: ["developer"])
            let reader = try await north.person("reader")
            let open = try await owner.caller.createCollection("open", allow: [owner.id, reader.id])
            for plant in [Plant.collectionAllowed, .folderRestricted, .inherited] {
                _ = try await owner.caller.upload(plant.text, to: open, path: plant.path)
            }
            try await owner.caller.waitUntilReady(open)

            let before = try await Self.everything(reader.caller, open)
            var added: [Sent] = []
            for index in 0..<6 {
                let text = "# Roof\n\nThe handover, the fridge and the roof, number \(index), in degrees.\n"
                added.append(try await owner.caller.upload(text, to: open, path: "gone/\(index).md"))
            }
            try await owner.caller.waitUntilReady(open)
            #expect(try await Self.everything(reader.caller, open) != before)
            for sent in added { try await owner.caller.delete("/api/v1/documents/\(sent.document)").succeeded() }
            #expect(try await Self.everything(reader.caller, open) == before)
        }
    }

    /// Everything a reader can ask about, without change numbers and times.
    private static func everything(_ reader: Caller, _ collection: String) async throws -> [String] {
        var said: [String] = []
        for question in questions {
            for mode in ["fused", "dense", "lexical"] {
                let query: JSON = ["query": .text(question), "mode": .text(mode), "explain": true, "limit": 50]
                said.append(try await reader.post("/api/v1/search", query).succeeded().withoutTime)
            }
            said.append(try await reader.post("/api/v1/ask", ["question": .text(question)]).succeeded().withoutTime)
        }
        let address = "/api/v1/collections/\(collection)"
        let listings = ["", "/documents", "/progress", "/duplicates"].map { address + $0 }
        for path in ["/api/v1/collections", "/api/v1/jobs"] + listings {
            said.append(try await reader.get(path).succeeded().withoutTime)
        }
        return said
    }

    /// In a closed folder, above the reader's clearance, and removed again.
    private static func addUnseen(_ owner: Person, to collection: String) async throws {
        let rule: JSON = ["path": "closed", "allow": [.text(owner.id)], "deny": []]
        try await owner.caller.put("/api/v1/collections/\(collection)/folders/access", rule).succeeded()
        for (index, plant) in (Plant.all + Plant.all).enumerated() {
            let text = plant.text + "\nThe handover, the fridge and the roof, number \(index), in degrees.\n"
            _ = try await owner.caller.upload(text, to: collection, path: "closed/\(index).md")
        }
        let other = try await owner.caller.createCollection("other", allow: [owner.id])
        let gone = try await owner.caller.upload(Plant.deleted.text, to: other, path: "roof.md")
        try await owner.caller.waitUntilReady(collection)
        try await owner.caller.waitUntilReady(other)
        try await owner.caller.delete("/api/v1/documents/\(gone.document)").succeeded()
    }
}
