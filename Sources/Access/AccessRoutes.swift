import HTTPKit
import HTTPTypes
import Kit

/// Signing in and out, and the caller's own session.
///
/// The cookie is `__Host-cloister` with `Secure`. Browsers treat `http://127.0.0.1` and `http://localhost` as
/// trustworthy and keep it there; on any other address the page must come over TLS.
package struct AccessRoutes: Sendable {
    let service: AccessService

    package init(_ service: AccessService) { self.service = service }

    /// Every route of this capability.
    package var routes: [Route] {
        sessionRoutes + UserRoutes(service: service).routes + GroupRoutes(service: service).routes
            + KeyRoutes(service: service).routes
    }

    private var sessionRoutes: [Route] {
        [
            Route(
                .post, "/api/v1/sign-in", .anonymous(because: "It takes a password, throttled by name and address."),
                "Begin a session with a password.", takes: Shapes.signIn, gives: Shapes.signedIn,
                bodyBytesMax: Self.bodyBytesMax, handler: signIn),
            Route(
                .post, "/api/v1/sign-in/link",
                .anonymous(because: "It takes a single-use link of 256 random bits, from this machine only."),
                "Begin a session with a one-time link.", takes: Shapes.link, gives: Shapes.signedIn,
                bodyBytesMax: Self.bodyBytesMax, handler: exchangeLink),
            Route(.post, "/api/v1/sign-out", .authenticated, "End the session.", handler: signOut),
            Route(
                .get, "/api/v1/session", .authenticated, "Who is signed in, and with which rights.",
                gives: Shapes.session, handler: session),
            Route(
                .post, "/api/v1/session/password", .requires(.sessionsOwn),
                "Change one's own password; ends one's other sessions.", takes: Shapes.passwordChange,
                bodyBytesMax: Self.bodyBytesMax, handler: changePassword),
        ]
    }

    private static let bodyBytesMax = 16 * 1024

    private func signIn(_ exchange: Exchange) async throws -> Reply {
        struct Body: Decodable {
            let tenant: String?
            let name: String
            let password: String
        }
        let body: Body = try exchange.decode()
        let attempt = SignInAttempt(
            tenant: body.tenant ?? "", name: body.name, password: Secret(body.password), peer: exchange.peer)
        return try await reply(to: try await service.signIn(attempt, request: exchange.id))
    }

    private func exchangeLink(_ exchange: Exchange) async throws -> Reply {
        struct Body: Decodable {
            let token: String
        }
        let token = Secret(try exchange.decode(Body.self).token)
        let signedIn = try await service.exchange(link: token, peer: exchange.peer, request: exchange.id)
        return try await reply(to: signedIn)
    }

    private func signOut(_ exchange: Exchange) async throws -> Reply {
        try await service.signOut(try exchange.principal(), request: exchange.id)
        return Reply(.noContent, headers: [.setCookie: SessionCookie.cleared])
    }

    private func session(_ exchange: Exchange) async throws -> Reply {
        let credentials = try CredentialPlaces.read(exchange.request, entry: .network(peer: exchange.peer))
        let csrf = credentials.sessionCookie.flatMap { AccessToken($0, as: .session)?.csrf }
        return try .json(try await view(of: try exchange.principal(), csrf: csrf))
    }

    private func changePassword(_ exchange: Exchange) async throws -> Reply {
        struct Body: Decodable {
            let current: String
            let new: String
        }
        let body: Body = try exchange.decode()
        try await service.changeOwnPassword(
            from: Secret(body.current), to: Secret(body.new), as: try exchange.principal(), peer: exchange.peer,
            request: exchange.id)
        return Reply(.noContent)
    }

    private func reply(to signedIn: SignedIn) async throws -> Reply {
        let session = try await view(of: signedIn.principal, csrf: signedIn.csrf)
        var reply = try Reply.json(SignedInView(csrf: signedIn.csrf, session: session))
        let age = signedIn.expires - service.clock.now()
        reply.headers[.setCookie] = SessionCookie.carrying(signedIn.cookie, seconds: age.components.seconds)
        return reply
    }

    private func view(of principal: Principal, csrf: String?) async throws -> SessionView {
        let user = try await service.user(principal.subject, as: principal)
        let permitted = principal.permissions.contains(.tenantRead)
        return SessionView(
            subject: principal.subject, name: user.name, displayName: user.displayName, tenant: principal.tenant,
            tenantName: permitted ? try await service.tenantName(for: principal) : nil,
            roles: principal.roles.map(\.rawValue).sorted(),
            permissions: principal.permissions.map(\.rawValue).sorted(), clearance: principal.clearance, csrf: csrf)
    }
}

private enum SessionCookie {
    private static let attributes = "Path=/; Secure; HttpOnly; SameSite=Strict"
    static let cleared = "\(CredentialPlaces.sessionCookieName)=; Max-Age=0; \(attributes)"

    static func carrying(_ value: Secret, seconds: Int64) -> String {
        "\(CredentialPlaces.sessionCookieName)=\(value.reveal()); Max-Age=\(seconds); \(attributes)"
    }
}

private struct SignedInView: Encodable {
    let csrf: String
    let session: SessionView
}

private struct SessionView: Encodable {
    let subject: SubjectID
    let name: String
    let displayName: String?
    let tenant: TenantID
    let tenantName: String?
    let roles: [String]
    let permissions: [String]
    let clearance: Classification
    let csrf: String?
}

extension AccessFailure: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .malformedACL: Problem(.badRequest, "access.malformed_acl", "These bytes are not an access rule.")
        case .unknown: .notFound()
        case .nameTaken:
            Problem(.conflict, "access.name_taken", "The name is taken.", detail: "Choose another name.")
        case .groupCycle: Problem(.conflict, "access.group_cycle", "The group would contain itself.")
        case .managedGroup:
            Problem(
                .conflict, "access.managed_group", "A source fills this group.",
                detail: "Change its members in the system that it comes from.")
        case .groupTooDeep: Problem(.conflict, "access.group_too_deep", "Groups are nested too deeply.")
        case .lastAdministrator:
            Problem(
                .conflict, "access.last_administrator", "The tenant would be left without an administrator.",
                detail: "Make somebody else an administrator first.")
        case .notPermitted(let permission):
            Problem(
                .forbidden, "auth.forbidden", "You may not do this.",
                detail: "It needs the permission \(permission.rawValue).")
        case .ownPrivileges:
            Problem(
                .forbidden, "access.own_privileges", "Nobody changes their own rights.",
                detail: "Ask another administrator.")
        case .exceedsGiver:
            Problem(.forbidden, "access.exceeds_giver", "You cannot give rights that you do not have.")
        case .wrongCredentials:
            Problem(
                .unauthorized, "access.wrong_credentials", "That did not work.",
                detail: "Check the name and the password, or ask for a new link.")
        case .throttled(let seconds):
            Problem(
                .tooManyRequests, "access.throttled", "Too many tries.", detail: "Try again in \(seconds) s.",
                retryAfterSeconds: seconds)
        case .invalid(let field, let reason): .invalid(field, "It \(reason).")
        case .tooMany(let what, let limit):
            Problem(.conflict, "access.too_many", "There are too many \(what).", detail: "The limit is \(limit).")
        }
    }
}
