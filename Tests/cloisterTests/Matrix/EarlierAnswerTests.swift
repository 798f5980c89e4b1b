import HTTPKit
import HTTPTypes
import Kit
import Testing

@Suite("Earlier answers", .serialized) struct EarlierAnswerTests {
    private static let question = "How long does the night handover take?"
    private static let text = "# Handover quibnaxtitle\n\nThe night handover takes eleven quibnax minutes.\n"

    private enum Loss: CaseIterable { case denied, moved, deleted }

    @Test(arguments: Engine.allCases)
    func `an earlier answer loses its evidence with the right to see it`(on engine: Engine) async throws {
        try await TestPlatform.run(on: engine) { house in
            let north = try await house.tenant("north")
            let owner = try await north.person("owner", roles: ["developer"])
            let reader = try await north.person("reader")
            for loss in Loss.allCases {
                let collection = try await owner.caller.createCollection("\(loss)", allow: [owner.id, reader.id])
                let rule: JSON = ["path": "closed", "allow": [.text(owner.id)], "deny": []]
                try await owner.caller.put("/api/v1/collections/\(collection)/folders/access", rule).succeeded()
                let sent = try await owner.caller.upload(Self.text, to: collection, path: "quibnaxpath.md")
                try await owner.caller.waitUntilReady(collection)

                let body: JSON = ["question": .text(Self.question), "collections": [.text(collection)]]
                let answer = try await reader.caller.post("/api/v1/ask", body).succeeded()
                #expect(answer.text.contains("quibnax") && answer.json["withdrawn"]?.number == 0)
                try await Self.take(sent.document, by: loss, owner.caller, from: reader.id)

                let later = "/api/v1/answers/\(try answer.value("answer"))"
                let again = try await reader.caller.get(later)
                #expect(again.status == 200 && !again.text.contains("quibnax") && !again.text.contains(sent.document))
                #expect(again.json["withdrawn"]?.number ?? 0 > 0)
                for accept in ["0", "1", ""] {
                    var caller = reader.caller
                    caller.headers[.lastEvent] = accept
                    let stream = try await caller.get(later + "/events")
                    #expect(stream.text.contains("answer.withdrawn") && !stream.text.contains("quibnax"))
                }
            }
        }
    }

    private static func take(_ document: String, by loss: Loss, _ owner: Caller, from reader: String) async throws {
        let address = "/api/v1/documents/\(document)"
        switch loss {
        case .denied: try await owner.put(address + "/access", ["allow": .null, "deny": [.text(reader)]]).succeeded()
        case .moved: try await owner.post(address + "/move", ["path": "closed/quibnaxpath.md"]).succeeded()
        case .deleted: try await owner.delete(address).succeeded()
        }
    }
}

extension HTTPField.Name {
    /// A valid name, so the initialiser cannot return nil.
    fileprivate static let lastEvent = HTTPField.Name("last-event-id")!
}
