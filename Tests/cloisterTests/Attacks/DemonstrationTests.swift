import Kit
import Testing

@testable import cloister

/// Looking with other people's eyes is for a person at a screen: a key must not become more than its scopes.
@Suite(.serialized) struct DemonstrationTests {
    private static func requests(for persona: String) -> [(path: String, body: JSON)] {
        [
            ("/api/v1/demonstration/sign-in", ["persona": .text(persona)]),
            ("/api/v1/demonstration/ask", ["persona": .text(persona), "question": "Who may read this?"]),
        ]
    }

    @Test func `a session may be a persona; a key, a stranger and a name without a persona may not`() async throws {
        try await TestPlatform.run(on: .sqlite) { house in
            let (first, south) = (try await house.tenant(FirstTenant.name), try await house.tenant("south"))
            let admin = try await first.person("ravi", roles: ["admin"], clearance: "top_secret")
            let visitor = try await first.person("nadia", roles: ["developer"])
            let stranger = try await south.person("stranger", roles: ["admin"])
            for (path, body) in Self.requests(for: "ravi") {
                #expect(try await visitor.session.post(path, body).status == 404)
            }
            house.platform.demonstration.open(for: [
                TenantFile.Person(
                    name: "ravi", displayName: "Ravi", persona: "Administrator", roles: ["admin"],
                    clearance: "top_secret")
            ])
            for (path, body) in Self.requests(for: "ravi") {
                #expect([200, 201].contains(try await visitor.session.post(path, body).status))
                for caller in [visitor.caller, admin.caller, stranger.session, stranger.caller] {
                    let refused = try await caller.post(path, body)
                    #expect(refused.status == 404 && !refused.text.contains("token"))
                }
            }
            for (path, body) in Self.requests(for: "nadia") {
                #expect(try await visitor.session.post(path, body).status == 404)
            }
        }
    }
}
