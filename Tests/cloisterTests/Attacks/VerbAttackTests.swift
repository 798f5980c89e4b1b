import HTTPKit
import HTTPTypes
import Kit
import Testing

/// ATT-11 (CVE-2026-45671): a right to read that let people delete.
@Suite("ATT-11: verbs", .serialized) struct VerbAttackTests {
    @Test(arguments: Engine.allCases)
    func `ATT-11: who may only read cannot delete, move, restrict, relabel or replace`(on engine: Engine) async throws {
        try await TestPlatform.run(on: engine) { house in
            let north = try await house.tenant("north")
            let owner = try await north.person("owner", roles: ["developer"], clearance: "restricted")
            let viewer = try await north.person("viewer", roles: ["viewer"])
            let reader = try await north.person("reader", roles: ["developer"])
            let scopes: JSON = ["collections.read", "documents.read", "search.query", "answers.ask"]
            let readKey = try await reader.caller.post("/api/v1/keys", ["name": "read", "scopes": scopes])
                .succeeded().value("key")
            let collection = try await owner.caller.createCollection("open", label: "internal", allow: ["everyone"])
            let sent = try await owner.caller.upload("# A\n\nThe first text.\n", to: collection, path: "a.md")
            try await owner.caller.waitUntilReady(collection)
            let before = try await Self.state(of: sent.document, in: collection, to: owner.caller)

            for caller in [viewer.session, house.bearer(readKey)] {
                #expect(try await caller.get("/api/v1/documents/\(sent.document)/text").status == 200)
                for (method, path, body) in Self.changes(sent.document, collection) {
                    let answer = try await caller.send(method, path, Caller.encode(body), type: "application/json")
                    #expect(
                        answer.status == 403 && answer.code == "auth.forbidden", "\(method) \(path): \(answer.text)")
                }
                let replaced = try await caller.sendFile(
                    Array("# B\n\nOther.\n".utf8), to: collection, path: "a.md", label: "public")
                #expect(replaced.status == 403)
            }
            #expect(try await Self.state(of: sent.document, in: collection, to: owner.caller) == before)
        }
    }

    /// Bringing documents in does not let anybody take documents out, nor arrange collections.
    @Test(arguments: Engine.allCases)
    func `ATT-11: who may write cannot delete, arrange collections or lower a label`(on engine: Engine) async throws {
        try await TestPlatform.run(on: engine) { house in
            let north = try await house.tenant("north")
            let owner = try await north.person("owner", roles: ["developer"], clearance: "restricted")
            let writer = try await north.person("writer", clearance: "confidential")
            let collection = try await owner.caller.createCollection("open", label: "confidential", allow: ["everyone"])
            let sent = try await owner.caller.upload("# A\n\nThe first text.\n", to: collection, path: "a.md")
            try await owner.caller.waitUntilReady(collection)
            for (method, path, body) in Self.changes(sent.document, collection)
            where method == .delete || path.contains("/collections/") {
                let answer = try await writer.caller.send(method, path, Caller.encode(body), type: "application/json")
                #expect(answer.status == 403, "\(method) \(path): \(answer.text)")
            }
            let again = try await writer.caller.upload(
                "# A\n\nThe second text.\n", to: collection, path: "a.md", label: "public")
            try await owner.caller.waitUntilReady(collection)
            #expect(again.document == sent.document)
            #expect(try await owner.caller.get("/api/v1/documents/\(sent.document)").value("label") == "confidential")
            let above = try await writer.caller.sendFile(
                Array("x".utf8), to: collection, path: "b.md", label: "top_secret")
            #expect(above.status == 403 && above.code == "library.label_above_clearance")
        }
    }

    /// Frameworks that take a method from a header or from the query checked the one and ran the other.
    @Test func `ATT-11: a method that is named beside the request line is not looked at`() async throws {
        try await TestPlatform.run(on: .sqlite) { house in
            let north = try await house.tenant("north")
            let owner = try await north.person("owner", roles: ["developer"])
            let viewer = try await north.person("viewer", roles: ["viewer"])
            let collection = try await owner.caller.createCollection("open", allow: ["everyone"])
            let sent = try await owner.caller.upload("# A\n\nThe first text.\n", to: collection, path: "a.md")
            try await owner.caller.waitUntilReady(collection)
            let address = "/api/v1/documents/\(sent.document)"
            let before = try await Self.state(of: sent.document, in: collection, to: owner.caller)

            for name in ["x-http-method-override", "x-http-method", "x-method-override"] {
                var caller = viewer.session
                caller.headers[try #require(HTTPField.Name(name))] = "DELETE"
                #expect(try await caller.get(address).status == 200, "\(name)")
            }
            for item in ["_method", "method", "x-http-method-override"] {
                #expect(try await viewer.session.get(address + "?\(item)=DELETE").status == 200, "\(item)")
            }
            #expect(try await Self.state(of: sent.document, in: collection, to: owner.caller) == before)
        }
    }

    private static func changes(_ document: String, _ collection: String) -> [(HTTPRequest.Method, String, JSON)] {
        let rule: JSON = ["allow": ["everyone"], "deny": []]
        return [
            (.delete, "/api/v1/documents/\(document)", [:]),
            (.post, "/api/v1/documents/\(document)/move", ["path": "b.md"]),
            (.put, "/api/v1/documents/\(document)/access", rule),
            (.put, "/api/v1/collections/\(collection)/access", rule),
            (
                .put, "/api/v1/collections/\(collection)/folders/access",
                ["path": "a", "allow": ["everyone"], "deny": []]
            ),
            (.delete, "/api/v1/collections/\(collection)", [:]),
        ]
    }

    private static func state(of document: String, in collection: String, to owner: Caller) async throws -> [String] {
        let address = "/api/v1/documents/\(document)"
        return [
            try await owner.get(address).text, try await owner.get(address + "/text").text,
            try await owner.get("/api/v1/collections/\(collection)").text,
        ]
    }
}
