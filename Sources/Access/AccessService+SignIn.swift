import AuditTrail
import Kit
import Storage

/// A name and a password, as somebody typed them.
package struct SignInAttempt: Sendable {
    /// Identifier or name of the tenant; empty for the only one.
    package var tenant: String
    package var name: String
    package var password: Secret
    /// The remote address, for throttling.
    package var peer: String

    package init(tenant: String, name: String, password: Secret, peer: String) {
        self.tenant = tenant
        self.name = name
        self.password = password
        self.peer = peer
    }
}

/// A session that has just begun.
package struct SignedIn: Sendable {
    package let principal: Principal
    /// The value of the `__Host-cloister` cookie.
    package let cookie: Secret
    package let csrf: String
    package let expires: Timestamp
}

extension AccessService {
    /// Begins a session. Throws `wrongCredentials`, after the same work, for an unknown tenant or user, a user without
    /// a password, a suspended one and a wrong password; `throttled` before any work.
    package func signIn(_ attempt: SignInAttempt, request: RequestID? = nil) async throws -> SignedIn {
        let candidate = try await database.read { [self] in try findCandidate(attempt, $0) }
        let buckets = try buckets(attempt, candidate.tenant)
        try await countAttempt(buckets)
        let isRight = try await hasher.verify(attempt.password, against: candidate.password)
        guard isRight, let tenant = candidate.tenant, let subject = candidate.subject,
            let session = try await beginSession(tenant, subject, "sessions.sign_in", request, consuming: nil)
        else {
            try await recordFailure("sessions.sign_in", tenant: candidate.tenant, candidate.subject, request)
            throw AccessFailure.wrongCredentials
        }
        try await forgive(buckets)
        return session
    }

    /// A link that signs `subject` in once, within ten minutes, from this machine. For users with no more rights than
    /// the caller. The secret belongs in a URL's fragment, which no server sees and no log holds.
    package func mintSignInLink(
        for subject: SubjectID, as principal: Principal, request: RequestID? = nil
    ) async throws -> Secret {
        let token = AccessToken(.signInLink, from: randomness)
        let until = clock.now() + settings.signInLinkLifetime
        let resource = subject.description
        try await perform("sessions.mint_link", on: resource, as: principal, request: request) { [self] transaction in
            try principal.require(.usersManage)
            guard let rights = try users(principal, transaction).rights(of: subject), !rights.isSuspended else {
                throw AccessFailure.unknown
            }
            guard rights.isWithin(principal) else { throw AccessFailure.exceedsGiver }
            try credentials(principal, transaction).insertLink(hash: token.hash, for: subject, until: until)
            return Act(value: (), resource: resource)
        }
        return token.text
    }

    /// Begins a session with a link, which is thereby used up. Only loopback peers may: whoever reads the link on the
    /// way to another machine gains nothing. Throws `wrongCredentials` for every reason.
    package func exchange(link: Secret, peer: String, request: RequestID? = nil) async throws -> SignedIn {
        guard Self.isLoopback(peer) else { throw AccessFailure.wrongCredentials }
        let bucket = try bucket("peer", Array(peer.utf8))
        try await countAttempt([bucket])
        let (hash, now) = (AccessToken(link.reveal(), as: .signInLink)?.hash ?? "", clock.now())
        let found = try await database.read { try CredentialLookup(connection: $0).link(hash: hash, at: now) }
        guard let found,
            let session = try await beginSession(
                found.tenant, found.subject, "sessions.exchange_link", request, consuming: hash)
        else {
            try await recordFailure("sessions.exchange_link", tenant: found?.tenant, found?.subject, request)
            throw AccessFailure.wrongCredentials
        }
        try await forgive([bucket])
        return session
    }

    /// Ends the caller's session. With another credential there is nothing to end.
    package func signOut(_ principal: Principal, request: RequestID? = nil) async throws {
        guard case .session(let session) = principal.credential else { return }
        let resource = session.description
        try await perform("sessions.sign_out", on: resource, as: principal, request: request) { [self] transaction in
            try credentials(principal, transaction).deleteSession(session)
            return Act(value: (), resource: resource, revokes: .subject(principal.subject))
        }
    }

    /// Changes the caller's own password and ends the caller's other sessions. Counts as a try to sign in.
    package func changeOwnPassword(
        from current: Secret, to new: Secret, as principal: Principal, peer: String, request: RequestID? = nil
    ) async throws {
        try principal.require(.sessionsOwn)
        guard case .session(let session) = principal.credential else {
            throw AccessFailure.notPermitted(.sessionsOwn)
        }
        try names.password(new)
        let buckets = [try bucket("subject", principal.subject.bytes), try bucket("peer", Array(peer.utf8))]
        try await countAttempt(buckets)
        let stored = try await database.read { [self] in try users(principal, $0).password(of: principal.subject) }
        guard try await hasher.verify(current, against: stored) else {
            try await recordFailure("users.change_password", tenant: principal.tenant, principal.subject, request)
            throw AccessFailure.wrongCredentials
        }
        let record = try await hasher.hash(new)
        let resource = principal.subject.description
        try await perform("users.change_password", on: resource, as: principal, request: request) {
            [self] transaction in
            try users(principal, transaction).update(principal.subject, password: record)
            try credentials(principal, transaction).deleteSessions(of: principal.subject, but: session)
            return Act(value: (), resource: resource, revokes: .subject(principal.subject))
        }
        try await forgive(buckets)
    }

    /// "local", or an address of the loopback interface.
    static func isLoopback(_ peer: String) -> Bool {
        if peer == "local" || peer == "::1" { return true }
        let mapped = "::ffff:"
        let numbers = peer.dropFirst(peer.hasPrefix(mapped) ? mapped.count : 0)
            .split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return numbers.count == 4 && numbers[0] == 127 && !numbers.contains(nil)
    }
}

/// Whom an attempt may mean. Every part may be missing; what follows looks the same.
private struct Candidate: Sendable {
    var tenant: TenantID?
    var subject: SubjectID?
    var password: PasswordRecord?
}

extension AccessService {
    private func findCandidate(_ attempt: SignInAttempt, _ connection: any SQLConnection) throws -> Candidate {
        let tenants = TenantStore(connection: connection, sealer: sealer)
        guard let tenant = try tenants.find(attempt.tenant)?.tenant else { return Candidate() }
        let users = UserStore(connection: connection, sealer: sealer, tenant: tenant)
        guard let subject = try users.subject(named: attempt.name) else { return Candidate(tenant: tenant) }
        return Candidate(tenant: tenant, subject: subject, password: try users.password(of: subject))
    }

    /// One per user name and one per remote address.
    private func buckets(_ attempt: SignInAttempt, _ tenant: TenantID?) throws -> [String] {
        let place = tenant?.bytes ?? NameRules.folded(attempt.tenant)
        return [
            try bucket("name", place + [0] + NameRules.folded(attempt.name)),
            try bucket("peer", Array(attempt.peer.utf8)),
        ]
    }

    private func bucket(_ kind: String, _ value: [UInt8]) throws -> String {
        Hex.encode(try sealer.blindIndex(value, tenant: nil, purpose: "login_attempts." + kind))
    }

    private var throttleLimits: LoginThrottle.Limits {
        LoginThrottle.Limits(
            attemptsMax: settings.loginAttemptsMax, window: settings.loginWindow,
            failuresWithoutDelay: settings.loginFailuresWithoutDelay)
    }

    /// Counts before the password is looked at, so that tries in parallel do not pass together.
    private func countAttempt(_ buckets: [String]) async throws {
        let (limits, now) = (throttleLimits, clock.now())
        let wait = try await database.write(.platform) { transaction -> Duration? in
            let store = LoginStore(connection: transaction)
            try store.sweep(before: now - limits.window)
            var throttles = try buckets.map { try store.throttle($0, at: now) }
            let waits = throttles.indices.compactMap { throttles[$0].attempt(at: now, limits: limits) }
            guard waits.isEmpty else { return waits.max() }
            for (throttle, bucket) in zip(throttles, buckets) { try store.save(throttle, bucket) }
            return nil
        }
        guard let wait else { return }
        throw AccessFailure.throttled(retryAfterSeconds: max(1, Int((wait.wholeMicroseconds + 999_999) / 1_000_000)))
    }

    private func forgive(_ buckets: [String]) async throws {
        let now = clock.now()
        try await database.write(.platform) { transaction in
            let store = LoginStore(connection: transaction)
            for bucket in buckets {
                var throttle = try store.throttle(bucket, at: now)
                throttle.forgive(at: now)
                try store.save(throttle, bucket)
            }
        }
    }

    /// Nil when the subject was suspended meanwhile, or the link was used by somebody else first.
    private func beginSession(
        _ tenant: TenantID, _ subject: SubjectID, _ action: String, _ request: RequestID?, consuming link: String?
    ) async throws -> SignedIn? {
        let token = AccessToken(.session, from: randomness)
        let (id, now) = (randomness.identifier(SessionID.self), clock.now())
        let expires = now + settings.sessionAbsolute
        let principal = try await database.write(.tenant(tenant)) { [self] transaction -> Principal? in
            let credentials = CredentialStore(connection: transaction, sealer: sealer, tenant: tenant)
            if let link, try !credentials.consumeLink(hash: link) { return nil }
            let holder = Holder(tenant: tenant, subject: subject, credential: .session(id))
            guard let principal = try resolve(holder, transaction) else { return nil }
            try credentials.sweepSessions(of: subject, keeping: settings.sessionsPerSubjectMax - 1, at: now)
            try credentials.insert(
                CredentialStore.NewSession(id: id, hash: token.hash, subject: subject, created: now, expires: expires))
            let entry = AuditEntry(
                action: action, subject: subject, resource: id.description, outcome: .allowed, request: request,
                classification: nil, facts: [:])
            try audit.append(entry, in: transaction)
            return principal
        }
        return principal.map { SignedIn(principal: $0, cookie: token.text, csrf: token.csrf, expires: expires) }
    }

    /// In the tenant's log when the tenant is known, else in the platform's. Bounded by the throttle.
    private func recordFailure(
        _ action: String, tenant: TenantID?, _ subject: SubjectID?, _ request: RequestID?
    ) async throws {
        let entry = AuditEntry(
            action: action, subject: subject, resource: "sessions", outcome: .denied, request: request,
            classification: nil, facts: [:])
        try await audit.record(entry, for: tenant.map(WriteScope.tenant) ?? .platform)
    }
}
