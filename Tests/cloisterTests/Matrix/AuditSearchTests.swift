import HTTPKit
import Kit
import Testing

@Suite("Audit search", .serialized) struct AuditSearchTests {
    @Test(arguments: Engine.allCases)
    func `an administrator finds acts by name, person and time, of the own tenant only`(on engine: Engine) async throws
    {
        try await TestPlatform.run(on: engine) { house in
            let (north, south) = (try await house.tenant("north"), try await house.tenant("south"))
            let boss = try await north.person("boss", roles: ["admin"])
            let other = try await south.person("other", roles: ["admin"])
            let user = try await north.person("user")
            let own = try await boss.caller.createCollection("own", allow: ["everyone"])
            let foreign = try await other.caller.createCollection("foreign", allow: ["everyone"])
            func resources(_ query: String) async throws -> [String] {
                let found = try await boss.caller.get("/api/v1/audit?limit=200&\(query)").succeeded()
                #expect(!found.text.contains(foreign) && !found.text.contains(other.id))
                return found.json["items"]?.items.compactMap { $0["resource"]?.text } ?? []
            }
            #expect(try await resources("action=collections") == [own])
            #expect(try await resources("action=collections.create&subject=\(boss.id)") == [own])
            for nothing in [
                "action=collections.delete", "action=collection", "action=collections&subject=\(user.id)",
                "action=collections&before=2000-01-01", "action=collections&since=9000-01-01", "subject=\(other.id)",
            ] { #expect(try await resources(nothing) == [], "\(nothing)") }
            for bad in ["subject=x", "subject=", "since=yesterday", "before=2026-02-30", "since="] {
                let answer = try await boss.caller.get("/api/v1/audit?\(bad)")
                #expect(answer.status == 400 && answer.code == "request.invalid", "\(bad): \(answer.text)")
            }
            #expect(try await user.caller.get("/api/v1/audit?action=collections").status == 403)
        }
    }
}
