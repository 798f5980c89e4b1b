import Access
import HTTPKit
import HTTPTypes
import Kit

@testable import cloister

/// A user with the two credentials that people have.
struct Person: Sendable {
    let id: String
    let key: String
    let keyID: String
    /// Presents the API key.
    let caller: Caller
    /// Presents the cookie of a browser session and its token.
    let session: Caller
}

/// A tenant as its operator sets it up, over HTTP.
struct TestTenant: Sendable {
    let house: TestPlatform
    let name: String
    /// The owner of the machine.
    var local: Caller { Caller(house: house, headers: [.cloisterTenant: name], isLocal: true) }
}

extension TestPlatform {
    var guest: Caller { Caller(house: self) }

    func tenant(_ name: String) async throws -> TestTenant {
        _ = try await platform.access.createTenant(name: name)
        return TestTenant(house: self, name: name)
    }

    func tenantID(_ name: String) async throws -> TenantID {
        guard let tenant = try await platform.access.findTenant(name) else { throw NeverTrue(what: "\(name) exists") }
        return tenant
    }

    func bearer(_ token: String) -> Caller { Caller(house: self, headers: [.authorization: "Bearer \(token)"]) }

    /// The session that a sign-in answered with.
    func session(_ signedIn: Answer) throws -> Caller {
        let cookie = signedIn.headers[.setCookie]?.prefix { $0 != ";" } ?? ""
        return Caller(house: self, headers: [.cookie: String(cookie), .csrfPlace: try signedIn.value("csrf")])
    }

    func exchange(link: String) async throws -> Answer {
        try await guest.post("/api/v1/sign-in/link", ["token": .text(link)])
    }
}

extension TestTenant {
    func createUser(_ name: String, roles: [String], clearance: String, password: String? = nil) async throws -> String
    {
        var draft: [String: JSON] = [
            "name": .text(name), "roles": .list(roles.map(JSON.text)), "clearance": .text(clearance),
        ]
        if let password { draft["password"] = .text(password) }
        return try await local.post("/api/v1/users", .object(draft)).succeeded().value("id")
    }

    func link(for user: String) async throws -> String {
        try await local.post("/api/v1/users/\(user)/sign-in-link").succeeded().value("token")
    }

    /// Makes a user, signs in with a link and mints a key.
    func person(
        _ name: String, roles: [String] = ["user"], clearance: String = "internal", days: Int = 90
    ) async throws -> Person {
        let id = try await createUser(name, roles: roles, clearance: clearance)
        let session = try house.session(try await house.exchange(link: try await link(for: id)).succeeded())
        // A viewer has no keys; its session is all there is.
        guard roles != ["viewer"] else { return Person(id: id, key: "", keyID: "", caller: session, session: session) }
        let draft: JSON = ["name": .text("\(name)'s key"), "expiresInDays": .number(Double(days))]
        let minted = try await session.post("/api/v1/keys", draft).succeeded()
        let key = try minted.value("key")
        return Person(id: id, key: key, keyID: try minted.value("id"), caller: house.bearer(key), session: session)
    }

    func group(_ name: String, of members: [String]) async throws -> String {
        let id = try await local.post("/api/v1/groups", ["name": .text(name)]).succeeded().value("id")
        for member in members { try await local.put("/api/v1/groups/\(id)/members/\(member)").succeeded() }
        return id
    }

    func suspend(_ user: String, _ suspended: Bool = true) async throws {
        try await local.patch("/api/v1/users/\(user)", ["suspended": .boolean(suspended)]).succeeded()
    }
}

/// A document that was sent and what became of it.
struct Sent: Sendable {
    let document, version, job: String
}

extension Caller {
    func createCollection(
        _ name: String, label: String = "public", allow: [String], deny: [String] = []
    ) async throws -> String {
        let access: JSON = ["allow": .list(allow.map(JSON.text)), "deny": .list(deny.map(JSON.text))]
        let draft: JSON = ["name": .text(name), "label": .text(label), "access": access]
        return try await post("/api/v1/collections", draft).succeeded().value("id")
    }

    func upload(_ text: String, to collection: String, path: String, label: String? = nil) async throws -> Sent {
        let answer = try await sendFile(Array(text.utf8), to: collection, path: path, label: label).succeeded()
        return Sent(
            document: try answer.value("document"), version: try answer.value("version"), job: try answer.value("job"))
    }

    func sendFile(
        _ bytes: [UInt8], to collection: String, path: String, label: String? = nil, type: String = "text/markdown"
    ) async throws -> Answer {
        let target = "/api/v1/collections/\(collection)/documents?path=" + path.percentEncoded
        return try await send(.post, target + (label.map { "&label=\($0)" } ?? ""), bytes, type: type)
    }

    /// Waits until nothing that this caller sees in the collection is on its way.
    func waitUntilReady(_ collection: String) async throws {
        try await eventually("everything in the collection is ready") {
            let progress = try await get("/api/v1/collections/\(collection)/progress").succeeded().json
            return progress["queued"]?.number == 0 && progress["processing"]?.number == 0
        }
    }
}
