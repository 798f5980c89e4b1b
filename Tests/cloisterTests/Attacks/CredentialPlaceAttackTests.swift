import Foundation
import HTTPKit
import HTTPTypes
import Kit
import Testing

/// ATT-8 (CVE-2026-45339): a restriction that held for one header and not for the other.
@Suite("ATT-8: credential places", .serialized) struct CredentialPlaceAttackTests {
    private struct Row {
        let name: String
        let key: String
        let method: HTTPRequest.Method
        let path: String
        var body: JSON?
        let status: Int
    }

    @Test(arguments: Engine.allCases)
    func `ATT-8: every place of a credential meets every restriction alike`(on engine: Engine) async throws {
        try await TestPlatform.run(on: engine) { house in
            for row in try await Self.rows(house) {
                var verdicts: Set<String> = []
                for (place, caller) in Self.places(of: row.key, in: house) {
                    let body = row.body.map(Caller.encode) ?? []
                    let answer = try await caller.send(row.method, row.path, body, type: "application/json")
                    #expect(answer.status == row.status, "\(row.name), by \(place): \(answer.text)")
                    verdicts.insert(answer.anonymous)
                }
                #expect(verdicts.count == 1, "\(row.name): \(verdicts)")
            }
        }
    }

    @Test func `ATT-8: two credentials that differ are refused wherever they stand`() async throws {
        try await TestPlatform.run(on: .sqlite) { house in
            let north = try await house.tenant("north")
            let (one, two) = (try await north.person("one"), try await north.person("two"))
            for (first, left) in Self.places(of: one.key, in: house) {
                for (second, right) in Self.places(of: two.key, in: house) where first != second {
                    guard !first.hasPrefix("bearer") || !second.hasPrefix("bearer") else { continue }
                    let both = Caller(house: house, headers: left.headers + right.headers)
                    let answer = try await both.get("/api/v1/session")
                    #expect(answer.status == 401, "\(first) beside \(second)")
                }
            }
        }
    }

    /// A place that only some servers look at is one that restrictions forget.
    @Test func `ATT-8: a key anywhere else is no credential`() async throws {
        try await TestPlatform.run(on: .sqlite) { house in
            let key = try await house.tenant("north").person("person").key
            let basic = "Basic " + Data("person:\(key)".utf8).base64EncodedString()
            let elsewhere: [HTTPFields] = [
                [.authorization: basic], [.authorization: key], [.cookie: "__Host-cloister=\(key)"],
                [.cookie: "api_key=\(key)"],
            ]
            for headers in elsewhere {
                let answer = try await Caller(house: house, headers: headers).get("/api/v1/session")
                #expect(answer.status == 401, "\(headers)")
            }
            for name in ["api_key", "access_token", "token", "key", "authorization"] {
                #expect(try await house.guest.get("/api/v1/session?\(name)=\(key)").status == 401, "\(name)")
            }
        }
    }

    /// A session has no scopes; what holds for the person holds for it as it does for a key.
    @Test(arguments: Engine.allCases)
    func `ATT-8: a session meets the restrictions of its person like a key`(on engine: Engine) async throws {
        try await TestPlatform.run(on: engine) { house in
            let north = try await house.tenant("north")
            let owner = try await north.person("owner", roles: ["developer"])
            let reader = try await north.person("reader")
            let closed = try await owner.caller.createCollection("closed", allow: [owner.id])
            let sent = try await owner.caller.upload("# A\n\nWords.\n", to: closed, path: "a.md")
            let asks: [(HTTPRequest.Method, String, JSON?)] = [
                (.get, "/api/v1/documents/\(sent.document)", nil), (.get, "/api/v1/collections/\(closed)", nil),
                (.delete, "/api/v1/documents/\(sent.document)", nil), (.get, "/api/v1/users", nil),
                (.post, "/api/v1/collections", ["name": "mine"]), (.get, "/api/v1/audit", nil),
            ]
            for (method, path, body) in asks {
                let bytes = body.map(Caller.encode) ?? []
                let byKey = try await reader.caller.send(method, path, bytes)
                let bySession = try await reader.session.send(method, path, bytes)
                #expect(byKey.anonymous == bySession.anonymous && byKey.status >= 400, "\(method) \(path)")
            }
        }
    }

    private static func places(of key: String, in house: TestPlatform) -> [(String, Caller)] {
        [
            ("bearer", Caller(house: house, headers: [.authorization: "Bearer \(key)"])),
            ("bearer in small letters", Caller(house: house, headers: [.authorization: "bearer   \(key)"])),
            ("x-api-key", Caller(house: house, headers: [.apiKeyPlace: key])),
            ("api-key", Caller(house: house, headers: [.plainAPIKeyPlace: key])),
            (
                "bearer and api-key",
                Caller(house: house, headers: [.authorization: "Bearer \(key)", .plainAPIKeyPlace: key])
            ),
        ]
    }

    private static func rows(_ house: TestPlatform) async throws -> [Row] {
        let north = try await house.tenant("north")
        let expired = try await north.person("expired", days: 1)
        house.time.advance(by: .seconds(2 * 86_400))
        let owner = try await north.person("owner", roles: ["developer"])
        let (reader, suspended) = (try await north.person("reader"), try await north.person("suspended"))
        let revoked = try await north.person("revoked")
        let stranger = try await house.tenant("south").person("stranger", roles: ["admin"], clearance: "top_secret")
        let closed = try await owner.caller.createCollection("closed", allow: [owner.id])
        let sent = try await owner.caller.upload("# A\n\nWords.\n", to: closed, path: "a.md")
        try await owner.caller.waitUntilReady(closed)
        let narrow = try await owner.caller.post("/api/v1/keys", ["name": "n", "scopes": ["documents.read"]])
            .succeeded().value("key")
        try await north.suspend(suspended.id)
        try await revoked.session.delete("/api/v1/keys/\(revoked.keyID)").succeeded()
        let document = "/api/v1/documents/\(sent.document)"
        return [
            Row(name: "allowed", key: owner.key, method: .get, path: document, status: 200),
            Row(name: "scope, reading", key: narrow, method: .get, path: document, status: 200),
            Row(name: "scope, deleting", key: narrow, method: .delete, path: document, status: 403),
            Row(
                name: "scope, searching", key: narrow, method: .post, path: "/api/v1/search", body: ["query": "a"],
                status: 403),
            Row(
                name: "scope, minting", key: narrow, method: .post, path: "/api/v1/keys", body: ["name": "k"],
                status: 403),
            Row(
                name: "role", key: reader.key, method: .post, path: "/api/v1/collections", body: ["name": "c"],
                status: 403),
            Row(name: "rule of the document", key: reader.key, method: .get, path: document, status: 404),
            Row(name: "tenant", key: stranger.key, method: .get, path: document, status: 404),
            Row(name: "expired", key: expired.key, method: .get, path: document, status: 401),
            Row(name: "suspended", key: suspended.key, method: .get, path: document, status: 401),
            Row(name: "revoked", key: revoked.key, method: .get, path: document, status: 401),
            Row(name: "local only", key: owner.key, method: .post, path: "/api/v1/sign-in/links", status: 404),
            Row(
                name: "not a key", key: "clk_" + String(repeating: "0", count: 64), method: .get, path: document,
                status: 401),
        ]
    }
}

extension HTTPFields {
    static func + (left: HTTPFields, right: HTTPFields) -> HTTPFields {
        var both = left
        for field in right { both.append(field) }
        return both
    }
}
