import Foundation
import HTTPKit
import HTTPTypes
import Kit
import TestKit
import Testing

@testable import Access

/// The routes in memory, with a caller of every role in one tenant and an administrator of another.
struct Stage: Sendable {
    struct Answer {
        let status: Int
        let headers: HTTPFields
        let text: String

        var json: [String: Any] {
            (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any] ?? [:]
        }

        /// Without what names the request itself.
        var problem: String {
            ["type", "title", "status", "code", "detail"].map { "\(json[$0] ?? "")" }.joined(separator: "|")
        }
    }

    let world: AccessWorld
    let table: RouteTable
    private let keys: [Scenario.Caller: Secret]
    private let group: GroupID
    private let inner: GroupID

    init(_ world: AccessWorld) async throws {
        self.world = world
        let services = RouteTableServices(authenticator: world.service, clock: world.time.clock)
        table = try RouteTable(AccessRoutes(world.service).routes, settings: HTTPSettings(), services: services)
        group = try await world.service.createGroup(name: "Planted group", as: world.admin).id
        inner = try await world.service.createGroup(name: "Planted inner", as: world.admin).id
        let other = try await world.service.createTenant(name: "Second tenant")
        let stranger = try await world.service.authenticate(PresentedCredentials(localTenant: other.description))
        keys = [
            .viewer: try await Self.session(world, "vic", [.viewer]), .user: try await Self.key(world, "uma", [.user]),
            .developer: try await Self.key(world, "dev", [.developer]),
            .admin: try await Self.key(world, "ada", [.admin], clearance: .topSecret),
            .stranger: try await world.service.mintKey(KeyDraft(name: "stranger"), as: stranger).secret,
        ]
    }

    private static func key(
        _ world: AccessWorld, _ name: String, _ roles: Set<Role>, clearance: Classification = .internal
    ) async throws -> Secret {
        try await world.user(name, roles, clearance: clearance)
        let principal = try await world.signIn(name, tenant: world.tenant.description).principal
        return try await world.service.mintKey(KeyDraft(name: name, expiresInDays: 300), as: principal).secret
    }

    /// A viewer has no keys. Its minter's place is taken by an administrator's key cut down to what viewers may.
    private static func session(_ world: AccessWorld, _ name: String, _ roles: Set<Role>) async throws -> Secret {
        let user = try await world.user(name, [.user])
        let principal = try await world.signIn(name, tenant: world.tenant.description).principal
        let key = try await world.service.mintKey(KeyDraft(name: name, expiresInDays: 300), as: principal)
        _ = try await world.service.updateUser(user.id, UserChange(roles: roles), as: world.admin)
        return key.secret
    }

    /// Things named in the path are made anew, so that no scenario uses up another's.
    func send(_ scenario: Scenario, as caller: Scenario.Caller) async -> Answer {
        let number = Hex.encode(Randomness.system.bytes(6))
        var path = scenario.path.replacing("{group}", with: group.description)
            .replacing("{inner}", with: inner.description)
        do {
            let name = "Planted \(number)"
            if path.contains("{user}") || path.contains("{key}") {
                let user = try await world.user(name)
                path = path.replacing("{user}", with: user.id.description)
            }
            if path.contains("{key}") {
                let principal = try await world.signIn(name, tenant: world.tenant.description).principal
                let key = try await world.service.mintKey(KeyDraft(name: "Planted key"), as: principal)
                path = path.replacing("{key}", with: key.key.id.description)
            }
        } catch {
            Issue.record("\(scenario.name): \(error)")
        }
        let headers: HTTPFields = keys[caller].map { [.authorization: "Bearer \($0.reveal())"] } ?? [:]
        let body = scenario.body.replacing("{n}", with: number)
        return await send(scenario.method, path, body: body, headers, entry: .network(peer: "192.0.2.\(number)"))
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, body: String = "", _ headers: HTTPFields,
        entry: ExchangeEntry = .network(peer: "192.0.2.200")
    ) async -> Answer {
        var request = HTTPRequest(method: method, scheme: "http", authority: "127.0.0.1:8080", path: path)
        request.headerFields = headers
        if !body.isEmpty { request.headerFields[.contentType] = "application/json" }
        let reply = await table.respond(to: request, body: Array(body.utf8), entry: entry)
        guard case .bytes(let bytes) = reply.body else {
            return Answer(status: reply.status.code, headers: reply.headers, text: "")
        }
        return Answer(
            status: reply.status.code, headers: reply.headers, text: String(decoding: bytes, as: UTF8.self))
    }
}
