import HTTPKit
import HTTPTypes
import Kit
import Testing

/// A reply that is kept for a repeated request must not outlive the right to read what is in it.
@Suite("Replayed answers", .serialized) struct ReplayedAnswerTests {
    @Test(arguments: Engine.allCases)
    func `repeating a request with its Idempotency-Key shows nothing that one may no longer see`(
        on engine: Engine
    ) async throws {
        try await TestPlatform.run(on: engine) { house in
            let north = try await house.tenant("north")
            let owner = try await north.person("owner", roles: ["developer"])
            let reader = try await north.person("reader")
            let collection = try await owner.caller.createCollection("open", allow: [owner.id, reader.id])
            let plant = Plant.collectionAllowed
            let sent = try await owner.caller.upload(plant.text, to: collection, path: plant.path)
            try await owner.caller.waitUntilReady(collection)

            let asks: [(String, JSON)] = [
                ("/api/v1/search", ["query": .text(plant.question)]),
                ("/api/v1/ask", ["question": .text(plant.question)]),
            ]
            var caller = reader.caller
            caller.headers[.idempotencyPlace] = "again"
            for (index, (path, body)) in asks.enumerated() {
                caller.headers[.idempotencyPlace] = "again-\(index)"
                #expect(try await caller.post(path, body).text.contains(plant.canary))
            }
            try await owner.caller.delete("/api/v1/documents/\(sent.document)").succeeded()
            for (index, (path, body)) in asks.enumerated() {
                caller.headers[.idempotencyPlace] = "again-\(index)"
                #expect(try await !caller.post(path, body).text.contains(plant.canary), "\(path)")
            }
        }
    }
}

extension HTTPField.Name {
    /// A valid name, so the initialiser cannot return nil.
    fileprivate static let idempotencyPlace = HTTPField.Name("idempotency-key")!
}
