import HTTPKit
import HTTPTypes
import Kit
import Testing

@Suite("Earlier answers", .serialized) struct EarlierAnswerTests {
    private static let question = "How long does the night handover take?"
    private static let text = "# Handover quibnaxtitle\n\nThe night handover takes eleven quibnax minutes.\n"

    /// The reader's clearance is lowered last: it stays low.
    private enum Loss: CaseIterable { case denied, moved, deleted, closedFolder, closedCollection, leftGroup, lowered }

    private struct Evidence {
        let tenant: TestTenant
        let owner, reader: Person
        let group, collection, document: String
    }

    @Test(arguments: Engine.allCases)
    func `an earlier answer loses its evidence with the right to see it`(on engine: Engine) async throws {
        try await TestPlatform.run(on: engine) { house in
            let north = try await house.tenant("north")
            let owner = try await north.person("owner", roles: ["developer"])
            let reader = try await north.person("reader")
            for loss in Loss.allCases {
                let group = try await north.group("\(loss)", of: [reader.id])
                let collection = try await owner.caller.createCollection("\(loss)", allow: [owner.id, group])
                let rule: JSON = ["path": "closed", "allow": [.text(owner.id)], "deny": []]
                try await owner.caller.put("/api/v1/collections/\(collection)/folders/access", rule).succeeded()
                let sent = try await owner.caller.upload(
                    Self.text, to: collection, path: "ward/quibnaxpath.md", label: "internal")
                try await owner.caller.waitUntilReady(collection)

                let body: JSON = ["question": .text(Self.question), "collections": [.text(collection)]]
                let answer = try await reader.caller.post("/api/v1/ask", body).succeeded()
                #expect(answer.text.contains("quibnax") && answer.json["withdrawn"]?.number == 0)
                try await Self.take(
                    Evidence(
                        tenant: north, owner: owner, reader: reader, group: group, collection: collection,
                        document: sent.document), by: loss)

                let later = "/api/v1/answers/\(try answer.value("answer"))"
                let again = try await reader.caller.get(later)
                #expect(again.status == 200 && !again.text.contains("quibnax") && !again.text.contains(sent.document))
                #expect(again.json["withdrawn"]?.number ?? 0 > 0)
                for accept in ["0", "1", ""] {
                    var caller = reader.caller
                    caller.headers[.lastEventPlace] = accept
                    let stream = try await caller.get(later + "/events")
                    #expect(stream.text.contains("answer.withdrawn") && !stream.text.contains("quibnax"))
                }
            }
        }
    }

    private static func take(_ evidence: Evidence, by loss: Loss) async throws {
        let (owner, boss, reader) = (evidence.owner.caller, evidence.tenant.local, evidence.reader.id)
        let document = "/api/v1/documents/\(evidence.document)"
        let collection = "/api/v1/collections/\(evidence.collection)"
        let ownerOnly: JSON = [.text(evidence.owner.id)]
        switch loss {
        case .denied: try await owner.put(document + "/access", ["allow": .null, "deny": [.text(reader)]]).succeeded()
        case .moved: try await owner.post(document + "/move", ["path": "closed/quibnaxpath.md"]).succeeded()
        case .deleted: try await owner.delete(document).succeeded()
        case .closedFolder:
            let rule: JSON = ["path": "ward", "allow": ownerOnly, "deny": []]
            try await owner.put(collection + "/folders/access", rule).succeeded()
        case .closedCollection:
            try await owner.put(collection + "/access", ["allow": ownerOnly, "deny": []]).succeeded()
        case .leftGroup: try await boss.delete("/api/v1/groups/\(evidence.group)/members/\(reader)").succeeded()
        case .lowered: try await boss.patch("/api/v1/users/\(reader)", ["clearance": "public"]).succeeded()
        }
    }
}
