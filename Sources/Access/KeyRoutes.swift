import HTTPKit
import HTTPTypes
import Kit

/// API keys: one's own, or with `keys.manage` all of the tenant.
struct KeyRoutes: Sendable {
    let service: AccessService

    var routes: [Route] {
        [
            Route(
                .get, "/api/v1/keys", .requires(.keysOwn), "List keys.", gives: Shapes.page(Shapes.key), handler: list),
            Route(
                .post, "/api/v1/keys", .requires(.keysOwn),
                "Mint a key with at most the caller's rights; its secret is shown once.", takes: Shapes.keyDraft,
                gives: Shapes.mintedKey, repetition: .refused, handler: mint),
            Route(
                .delete, "/api/v1/keys/{key}", .requires(.keysOwn), "End a key and every key minted with it.",
                handler: revoke),
        ]
    }

    private func list(_ exchange: Exchange) async throws -> Reply {
        let page = try await service.keys(try exchange.page(), as: try exchange.principal())
        return try .page(page.map { KeyView($0) })
    }

    private func mint(_ exchange: Exchange) async throws -> Reply {
        struct Body: Decodable {
            let name: String
            let scopes: Set<Permission>?
            let expiresInDays: Int?
        }
        let body: Body = try exchange.decode()
        let draft = KeyDraft(name: body.name, scopes: body.scopes, expiresInDays: body.expiresInDays)
        let minted = try await service.mintKey(draft, as: try exchange.principal(), request: exchange.id)
        return try .json(KeyView(minted.key, secret: minted.secret), status: .created)
    }

    private func revoke(_ exchange: Exchange) async throws -> Reply {
        let key = try exchange.identifier("key", APIKeyID.self)
        try await service.revokeKey(key, as: try exchange.principal(), request: exchange.id)
        return Reply(.noContent)
    }
}

private struct KeyView: Encodable {
    let id: APIKeyID
    let subject: SubjectID
    let name: String
    let scopes: [String]
    let created: String
    let expires: String
    let revoked: String?
    /// Only in the answer to minting.
    let key: String?

    init(_ key: APIKey, secret: Secret? = nil) {
        id = key.id
        subject = key.subject
        name = key.name
        scopes = key.scopes.map(\.rawValue).sorted()
        created = key.created.text
        expires = key.expires.text
        revoked = key.revoked?.text
        self.key = secret?.reveal()
    }
}
