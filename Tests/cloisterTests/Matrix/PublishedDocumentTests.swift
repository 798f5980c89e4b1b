import HTTPKit
import HTTPTypes
import Testing

@testable import cloister

/// `docs/settings.md` is compared in SettingsTests.
@Suite("Published documents", .serialized) struct PublishedDocumentTests {
    @Test func `docs/openapi.json is what the server says of itself`() async throws {
        try await TestPlatform.run(on: .sqlite) { house in
            let answer = try await house.guest.get("/openapi.json")
            #expect(answer.status == 200)
            #expect(answer.headers[.contentType] == "application/json")
            try GoldenFile(path: "docs/openapi.json").check(answer.text)
        }
    }

    @Test func `the OpenAPI document names every route that the network can reach`() async throws {
        try await TestPlatform.run(on: .sqlite) { house in
            let paths = try await house.guest.get("/openapi.json").json["paths"]
            for route in house.platform.routes.routes {
                let operation = paths?[route.path.replacing("...}", with: "}")]?[route.method.rawValue.lowercased()]
                if case .localOnly = route.policy {
                    #expect(operation == nil, "\(route.path)")
                } else {
                    #expect(operation != nil, "\(route.method) \(route.path)")
                    #expect((route.takes != nil) == (operation?["requestBody"] != nil), "\(route.method) \(route.path)")
                }
            }
        }
    }
}
