import HTTPKit
import HTTPTypes
import Kit
import Testing

@testable import cloister

/// A tenant with one of everything, so that a request fails by its bad part and nothing else.
struct BadInputWorld: Sendable {
    let house: TestPlatform
    /// With every right.
    let boss: Caller
    let viewer: Caller
    let low: Caller
    let bossID: String
    /// By the name that stands in an address.
    let values: [String: String]

    /// Slow or endless ones are left out: a password is checked with as much work as it takes, and a stream stays open.
    var routes: [Route] {
        house.platform.routes.routes.filter { route in
            if case .localOnly = route.policy { return false }
            return route.gives != .events || route.path.contains("{")
        }
    }

    static func build(_ house: TestPlatform, _ name: String = "north") async throws -> BadInputWorld {
        let north = try await house.tenant(name)
        let boss = try await north.person("boss", roles: ["admin"], clearance: "top_secret")
        let viewer = try await north.person("viewer", roles: ["viewer"])
        let other = try await north.person("other")
        let collection = try await boss.caller.createCollection("open", allow: ["everyone"])
        let sent = try await boss.caller.upload(Plant.collectionAllowed.text, to: collection, path: "a.md")
        try await boss.caller.waitUntilReady(collection)
        let question: JSON = ["question": .text(Plant.collectionAllowed.question)]
        let answer = try await boss.caller.post("/api/v1/ask", question).succeeded().value("answer")
        let group = try await north.group("group", of: [other.id])
        return BadInputWorld(
            house: house, boss: boss.caller, viewer: viewer.session, low: other.caller, bossID: boss.id,
            values: [
                "user": other.id, "member": other.id, "group": group, "key": other.keyID, "collection": collection,
                "document": sent.document, "version": sent.version, "earlier": sent.version, "job": sent.job,
                "answer": answer,
            ])
    }

    /// A body that fits and changes nothing that other requests need.
    func valid(_ node: SchemaNode) -> JSON {
        guard case .object(let fields) = node else { return Samples.value(of: node) }
        return .object(
            Dictionary(
                uniqueKeysWithValues: fields.filter(\.required).map {
                    ($0.name, Samples.value(of: $0.node))
                }))
    }

    /// `changed` replaces values of the address; nil stands for a well-formed identifier of nothing.
    func send(
        _ route: Route, _ body: [UInt8], _ changed: [String: String?], query: String? = nil, by caller: Caller? = nil
    ) async throws -> Answer {
        let values = changed.reduce(into: values) { $0[$1.key] = $1.value }
        // An upload is named by its address.
        let place = route.takes == .bytes(contentType: "text/markdown") ? "path=b.md" : nil
        let path = Samples.path(of: route, values) + ((query ?? place).map { "?" + $0 } ?? "")
        return try await (caller ?? boss).send(route.method, path, body, type: "application/json")
    }

    /// `statuses` nil admits whatever is not the server's fault.
    func expect(_ statuses: Set<Int>?, _ route: Route, _ body: [UInt8], _ name: String) async throws {
        let answer = try await send(route, body, [:])
        let isRight = statuses?.contains(answer.status) ?? (answer.status < 500)
        #expect(isRight, "\(route.method) \(route.path), \(name): \(answer.status) \(answer.text.prefix(300))")
        if answer.status >= 400 { expectProblem(answer, "\(route.method) \(route.path), \(name)") }
    }

    /// RFC 9457, with a code of ours and the status of the reply.
    func expectProblem(_ answer: Answer, _ what: String) {
        let problem = answer.json
        #expect(answer.headers[.contentType] == "application/problem+json", "\(what): \(answer.text)")
        #expect(problem["status"]?.number == Double(answer.status) && !answer.code.isEmpty, "\(what): \(answer.text)")
        #expect(problem["title"]?.text?.isEmpty == false && problem["instance"]?.text?.isEmpty == false, "\(what)")
        #expect(problem["type"]?.text == "urn:cloister:problem:\(answer.code)", "\(what)")
    }
}

extension BadInputWorld {
    /// One answer of each further kind of refusal.
    func oddities() async throws -> [Answer] {
        let fresh = try await Self.build(house, "south")
        let (boss, collection) = (fresh.boss, "/api/v1/collections/\(fresh.values["collection"] ?? "")")
        let user = "/api/v1/users/\(fresh.values["user"] ?? "")"
        let group = "/api/v1/groups/\(fresh.values["group"] ?? "")"
        let huge = [UInt8](repeating: 0x20, count: 2 << 20)
        return [
            try await boss.send(.put, "/api/v1/search"), try await boss.get("/api/v1/nothing"),
            try await boss.get("/api/v1/" + String(repeating: "a", count: 9_000)),
            try await boss.send(.post, "/api/v1/search", huge, type: "application/json"),
            try await boss.send(.post, collection + "/documents?path=a.pdf", [0x7f, 0], type: "application/pdf"),
            try await boss.send(.post, collection + "/documents?path=../a.md", [1], type: "text/plain"),
            try await boss.send(.post, collection + "/documents?path=b.md", [], type: "text/plain"),
            try await fresh.low.send(
                .post, collection + "/documents?path=b.md&label=restricted", [0x61], type: "text/plain"),
            try await boss.post("/api/v1/collections", ["name": "open"]),
            try await boss.post("/api/v1/collections", ["name": "a\u{7}b"]),
            try await boss.post("/api/v1/users", ["name": "boss"]),
            try await boss.patch(user, ["clearance": "secret"]),
            try await boss.put("\(group)/members/\(fresh.values["group"] ?? "")"),
            try await boss.delete("/api/v1/users/\(fresh.bossID)"),
            try await Caller(house: house, headers: fresh.viewer.headers.filter { $0.name == .cookie }).post(
                "/api/v1/sign-out"),
        ]
    }
}

extension HTTPFields {
    func filter(_ isKept: (HTTPField) -> Bool) -> HTTPFields {
        var kept = HTTPFields()
        for field in self where isKept(field) { kept.append(field) }
        return kept
    }
}
