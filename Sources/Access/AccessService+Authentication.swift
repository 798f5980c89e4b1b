import Crypto
import Kit
import Storage

extension AccessService: Authenticator {
    /// What `authenticate` found in the last seconds and no revocation has touched since.
    package func cached(_ credentials: PresentedCredentials) -> Principal? {
        // The text is not parsed here: what is not well-formed was never stored.
        guard let key = credentials.cacheKey, let principal = cache.find(key, at: clock.now()) else { return nil }
        if case .session = principal.credential, Proof(credentials)?.mayAct(credentials) != true { return nil }
        return principal
    }

    /// Looks the credential up and reads the rights of this moment.
    package func authenticate(_ credentials: PresentedCredentials) async throws -> Principal {
        guard let proof = Proof(credentials), let cacheKey = credentials.cacheKey else {
            throw credentials.isEmpty ? AuthenticationFailure.missing : .invalid
        }
        let now = clock.now()
        let epoch = cache.begin()
        guard let found = try await database.read({ [self] in try find(proof, at: now, $0) }) else {
            throw AuthenticationFailure.invalid
        }
        guard proof.mayAct(credentials) else { throw AuthenticationFailure.csrf }
        if let idleSince = found.idleSince, now - idleSince >= settings.sessionTouchInterval {
            try await touch(found.principal, at: now)
        }
        cache.store(found.principal, cacheKey, since: epoch, at: now, until: found.expires)
        return found.principal
    }

    /// The rights of `subject` at this moment, for a job that acts for it. Throws `unknown` when the subject is
    /// suspended or deleted.
    package func principal(
        tenant: TenantID, subject: SubjectID, purpose: Purpose, job: JobID
    ) async throws -> Principal {
        let found = try await database.read { [self] connection in
            try resolve(Holder(tenant: tenant, subject: subject, credential: .job(job)), connection, purpose: purpose)
        }
        guard let found else { throw AccessFailure.unknown }
        return found
    }

    /// What somebody else of the tenant could do now, to explain access with. It is never acted with. Throws `unknown`.
    package func principal(of subject: SubjectID, askedBy asker: Principal) async throws -> Principal {
        try asker.require(.usersRead)
        let holder = Holder(tenant: asker.tenant, subject: subject, credential: asker.credential)
        let found = try await database.read { [self] in try resolve(holder, $0, purpose: asker.purpose) }
        guard let found else { throw AccessFailure.unknown }
        return found
    }

    /// Whom a credential speaks for. `scopes` cut down what the roles grant.
    struct Holder: Sendable {
        let tenant: TenantID
        let subject: SubjectID
        let credential: Credential
        var scopes: Set<Permission>?
    }

    private struct Found: Sendable {
        let principal: Principal
        let expires: Timestamp
        /// Of a session: when it was last known to be in use.
        var idleSince: Timestamp?
    }

    /// Nil when the subject is suspended or gone: then nothing that speaks for it works (ATT-19).
    func resolve(
        _ holder: Holder, _ connection: any SQLConnection, purpose: Purpose = .general
    ) throws -> Principal? {
        let users = UserStore(connection: connection, sealer: sealer, tenant: holder.tenant)
        guard let rights = try users.rights(of: holder.subject), !rights.isSuspended else { return nil }
        let groups = GroupStore(connection: connection, sealer: sealer, tenant: holder.tenant)
        let granted = RolePolicy.permissions(of: rights.roles)
        return Principal(
            tenant: holder.tenant, subject: holder.subject,
            groups: try groups.groups(holding: .subject(holder.subject)), roles: rights.roles,
            clearance: rights.clearance, purpose: purpose,
            permissions: holder.scopes.map(granted.intersection) ?? granted, credential: holder.credential)
    }

    private func find(_ proof: Proof, at now: Timestamp, _ connection: any SQLConnection) throws -> Found? {
        let lookup = CredentialLookup(connection: connection)
        switch proof {
        case .key(let token):
            guard let key = try lookup.key(hash: token.hash, at: now) else { return nil }
            let holder = Holder(
                tenant: key.tenant, subject: key.subject, credential: .apiKey(key.key), scopes: key.scopes)
            return try resolve(holder, connection).map { Found(principal: $0, expires: key.expires) }
        case .session(let token):
            let session = try lookup.session(hash: token.hash, at: now, idle: settings.sessionIdle)
            guard let session else { return nil }
            let holder = Holder(
                tenant: session.tenant, subject: session.subject, credential: .session(session.session))
            let expires = min(session.expires, session.lastUsed + settings.sessionIdle)
            return try resolve(holder, connection).map {
                Found(principal: $0, expires: expires, idleSince: session.lastUsed)
            }
        case .local(let reference):
            let tenants = TenantStore(connection: connection, sealer: sealer)
            guard let tenant = try tenants.find(reference) else { return nil }
            let holder = Holder(
                tenant: tenant.tenant, subject: tenant.operatorSubject, credential: .localOperator)
            return try resolve(holder, connection).map {
                Found(principal: $0, expires: now + settings.principalCacheLifetime)
            }
        }
    }

    private func touch(_ principal: Principal, at now: Timestamp) async throws {
        guard case .session(let session) = principal.credential else { return }
        try await database.write(.tenant(principal.tenant)) { [self] transaction in
            try credentials(principal, transaction).touchSession(session, at: now)
        }
    }
}

/// The one credential that counts: a token before a cookie before the local entry. A wrong token is not saved by a
/// right cookie beside it.
private enum Proof: Sendable {
    case key(AccessToken)
    case session(AccessToken)
    case local(String)

    /// Nil when nothing is presented, or nothing well-formed.
    init?(_ credentials: PresentedCredentials) {
        if let text = credentials.token {
            guard let token = AccessToken(text, as: .apiKey) else { return nil }
            self = .key(token)
        } else if let text = credentials.sessionCookie {
            guard let token = AccessToken(text, as: .session) else { return nil }
            self = .session(token)
        } else if let reference = credentials.localTenant {
            self = .local(reference)
        } else {
            return nil
        }
    }

    /// A cookie is sent by the browser on its own, so whatever may change something needs the CSRF token beside it.
    func mayAct(_ credentials: PresentedCredentials) -> Bool {
        guard case .session(let token) = self, !credentials.isSafeMethod else { return true }
        return token.accepts(csrf: credentials.csrfToken)
    }
}

extension PresentedCredentials {
    var isEmpty: Bool { token == nil && sessionCookie == nil && localTenant == nil }

    /// Hash of the credential that counts and of the place it came from: a token that spells what another place
    /// holds is another key.
    fileprivate var cacheKey: PrincipalCache.Key? {
        var hash = SHA256()
        for (place, text) in [(UInt8(1), token), (2, sessionCookie), (3, localTenant)] {
            guard let text else { continue }
            hash.update(data: [place])
            hash.update(data: Array(text.utf8))
            return hash.finalize()
        }
        return nil
    }
}
