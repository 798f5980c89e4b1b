import HTTPKit
import HTTPTypes
import Kit
import Testing

/// A deletion that is watched.
@Suite("Forgetting", .serialized) struct ForgettingTests {
    @Test(arguments: Engine.allCases)
    func `a watched deletion tells what went, and the question is declined afterwards`(on engine: Engine) async throws {
        try await TestPlatform.run(on: engine) { house in
            let (north, south) = (try await house.tenant("north"), try await house.tenant("south"))
            let owner = try await north.person("owner", roles: ["developer"])
            let collection = try await owner.caller.createCollection("open", allow: ["everyone"])
            let plant = Plant.collectionAllowed
            let sent = try await owner.caller.upload(plant.text, to: collection, path: plant.path)
            try await owner.caller.waitUntilReady(collection)
            let path = "/api/v1/documents/\(sent.document)"
            let others: [(Caller, Int)] = [
                (house.guest, 401), (try await north.person("reader").caller, 403),
                (try await south.person("stranger", roles: ["admin"], clearance: "top_secret").caller, 404),
            ]
            for (caller, status) in others {
                let refused = try await caller.send(.delete, path, accept: "text/event-stream")
                #expect(refused.status == status && !refused.text.contains("erasure."), "\(refused.text)")
            }
            let question: JSON = ["question": .text(plant.question)]
            #expect(try await owner.caller.post("/api/v1/ask", question).text.contains(plant.canary))

            let told = try await owner.caller.send(.delete, path, accept: "text/event-stream")
            #expect(told.status == 200 && told.headers[.contentType] == "text/event-stream")
            let names = told.text.matches(of: /event: erasure\.([a-z]+)/).map { String($0.1) }
            #expect(names == ["rows", "key", "originals", "index", "tested", "recorded"])
            #expect(told.text.contains(#""passages":1"#) && told.text.contains(#""versions":1"#))
            #expect(!told.text.contains(plant.canary))
            #expect(try await owner.caller.send(.delete, path, accept: "text/event-stream").status == 404)
            let declined = try await owner.caller.post("/api/v1/ask", question)
            #expect(declined.json["declined"]?.text == "not_in_documents" && !declined.text.contains(plant.canary))
        }
    }
}
