import Kit
import Storage

/// A key to be minted.
package struct KeyDraft: Sendable {
    package var name: String
    /// Nil asks for all that the minter may do now.
    package var scopes: Set<Permission>?
    /// 1 ... `AccessSettings.keyDaysMax`.
    package var expiresInDays: Int?

    package init(name: String, scopes: Set<Permission>? = nil, expiresInDays: Int? = nil) {
        self.name = name
        self.scopes = scopes
        self.expiresInDays = expiresInDays
    }
}

/// A new key with its secret, which exists nowhere else.
package struct MintedKey: Sendable {
    package let key: APIKey
    package let secret: Secret
}

extension AccessService {
    /// Mints a key that acts as the caller. Its scopes are what was asked for and the caller has (ATT-3), fixed now;
    /// at each use they are cut down again to what the caller's roles grant then. A key minted with a key ends no
    /// later than that one, and with it. Throws `exceedsGiver` when nothing of what was asked for remains.
    package func mintKey(
        _ draft: KeyDraft, as principal: Principal, request: RequestID? = nil
    ) async throws -> MintedKey {
        let (name, days) = (try names.name(draft.name), draft.expiresInDays ?? settings.keyDaysDefault)
        guard (1...settings.keyDaysMax).contains(days) else {
            throw AccessFailure.invalid(field: "expiresInDays", reason: "must be from 1 to \(settings.keyDaysMax)")
        }
        let token = AccessToken(.apiKey, from: randomness)
        let (id, now) = (randomness.identifier(APIKeyID.self), clock.now())
        let scopes = draft.scopes.map(principal.permissions.intersection) ?? principal.permissions
        let key = try await perform("keys.mint", on: "keys", as: principal, request: request) { [self] transaction in
            try principal.require(.keysOwn)
            guard !scopes.isEmpty else { throw AccessFailure.exceedsGiver }
            let credentials = credentials(principal, transaction)
            guard try credentials.liveKeyCount(of: principal.subject, at: now) < settings.keysPerSubjectMax else {
                throw AccessFailure.tooMany(what: "keys", limit: settings.keysPerSubjectMax)
            }
            let parent = try principal.apiKey.flatMap { try credentials.key($0) }
            let expires = min(now + .seconds(days * 86_400), parent?.expires ?? .distantFuture)
            try credentials.insert(
                CredentialStore.NewKey(
                    id: id, hash: token.hash, name: name, subject: principal.subject, mintedBy: parent?.id,
                    scopes: scopes, created: now, expires: expires))
            let key = APIKey(
                id: id, subject: principal.subject, name: name, scopes: scopes, created: now, expires: expires,
                revoked: nil)
            return Act(value: key, resource: id.description, facts: Self.facts(of: scopes))
        }
        return MintedKey(key: key, secret: token.text)
    }

    /// Eight scopes a fact, because a fact of the audit log is short.
    private static func facts(of scopes: Set<Permission>) -> [String: String] {
        let words = scopes.map(\.rawValue).sorted()
        let starts = stride(from: 0, to: words.count, by: 8)
        return starts.reduce(into: [:]) { facts, start in
            facts["scopes.\(start / 8)"] = words[start...].prefix(8).joined(separator: ",")
        }
    }

    /// Ends a key and every key minted with it: one's own, or any with `keys.manage`. Ended already is success.
    package func revokeKey(_ id: APIKeyID, as principal: Principal, request: RequestID? = nil) async throws {
        let (resource, now) = (id.description, clock.now())
        try await perform("keys.revoke", on: resource, as: principal, request: request) { [self] transaction in
            let credentials = credentials(principal, transaction)
            // A key of somebody else answers like none, unless the caller manages all of them.
            guard let key = try credentials.key(id), principal.mayManage(key) else { throw AccessFailure.unknown }
            try credentials.revokeKey(id, at: now)
            return Act(value: (), resource: resource, revokes: .subject(key.subject))
        }
    }

    /// One's own keys; with `keys.manage` all of the tenant. Revoked and expired ones included.
    package func keys(_ page: PageRequest, as principal: Principal) async throws -> Page<APIKey> {
        let owner = principal.permissions.contains(.keysManage) ? nil : principal.subject
        if owner != nil { try principal.require(.keysOwn) }
        let after = try page.last(APIKeyID.self)
        let found = try await database.read { [self] in
            try credentials(principal, $0).keys(of: owner, after: after, limit: page.limit + 1)
        }
        return Page(found, limit: page.limit) { $0.id.description }
    }
}

extension Principal {
    var apiKey: APIKeyID? {
        if case .apiKey(let key) = credential { key } else { nil }
    }

    func mayManage(_ key: APIKey) -> Bool {
        permissions.contains(.keysManage) || (permissions.contains(.keysOwn) && key.subject == subject)
    }
}

extension Timestamp {
    static let distantFuture = Timestamp(microseconds: .max)
}
