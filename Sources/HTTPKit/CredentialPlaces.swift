import HTTPTypes
import Kit

/// Reads the places where a request may carry credentials. This is the only reader, so every place meets every
/// restriction (ATT-8).
package enum CredentialPlaces {
    package static let sessionCookieName = "__Host-cloister"
    static let tokenBytesMax = 512

    /// Throws `Problem`: 401 for malformed or contradictory credentials, 403 `auth.csrf` for a cookie without token.
    package static func read(_ request: HTTPRequest, entry: ExchangeEntry) throws -> PresentedCredentials {
        var credentials = PresentedCredentials(isSafeMethod: request.method == .get || request.method == .head)
        credentials.token = try token(of: request.headerFields)
        if case .local = entry {
            if credentials.token == nil { credentials.localTenant = request.headerFields[.cloisterTenant] ?? "" }
            return credentials
        }
        guard credentials.token == nil, acceptsCookies(request.path ?? "") else { return credentials }
        credentials.sessionCookie = try cookie(of: request.headerFields)
        credentials.csrfToken = request.headerFields[.csrfToken]
        guard credentials.sessionCookie == nil || credentials.isSafeMethod || credentials.csrfToken != nil else {
            throw Problem.csrf
        }
        return credentials
    }

    /// `/v1`, `/mcp` and `/scim` are for programs: a browser's ambient cookie never counts there (DESIGN 7.12).
    static func acceptsCookies(_ target: String) -> Bool {
        let first = target.dropFirst().prefix { $0 != "/" && $0 != "?" }
        return !["v1", "mcp", "scim"].contains(first)
    }

    private static func token(of headers: HTTPFields) throws -> String? {
        let places =
            try headers[values: .authorization].map(bearer)
            + headers[values: .apiKey] + headers[values: .plainAPIKey]
        guard let token = places.first else { return nil }
        guard places.allSatisfy({ $0 == token }), (1...tokenBytesMax).contains(token.utf8.count) else {
            throw Problem.badCredentials
        }
        return token
    }

    private static func bearer(_ value: String) throws -> String {
        let parts = value.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { throw Problem.badCredentials }
        return String(parts[1])
    }

    private static func cookie(of headers: HTTPFields) throws -> String? {
        var found: Set<String> = []
        for pair in headers[values: .cookie].flatMap({ $0.split(separator: ";") }) {
            let parts = pair.drop(while: { $0 == " " }).split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[0] == sessionCookieName else { continue }
            found.insert(String(parts[1]))
        }
        guard found.count <= 1, found.allSatisfy({ $0.utf8.count <= tokenBytesMax }) else {
            throw Problem.badCredentials
        }
        return found.first
    }
}

// Names are constant and valid, so the initialiser cannot return nil.
extension HTTPField.Name {
    static let apiKey = Self("x-api-key")!
    static let plainAPIKey = Self("api-key")!
    static let csrfToken = Self("x-csrf-token")!
    static let cloisterTenant = Self("x-cloister-tenant")!
    static let requestID = Self("x-request-id")!
    static let idempotencyKey = Self("idempotency-key")!
    static let idempotentReplayed = Self("idempotent-replayed")!
    static let referrerPolicy = Self("referrer-policy")!
    static let frameOptions = Self("x-frame-options")!
    static let crossOriginResourcePolicy = Self("cross-origin-resource-policy")!
    static let forwardedFor = Self("x-forwarded-for")!
    static let lastEventID = Self("last-event-id")!
}

extension Problem {
    static let csrf = Problem(
        .forbidden, "auth.csrf", "The request carries a session but not its token.",
        detail: "Send the session's csrf value as X-CSRF-Token.")
    /// The same for every reason, so that nothing can be learned from it (ATT-1).
    static let badCredentials = Problem(
        .unauthorized, "auth.invalid", "The credentials are not valid.", detail: "Sign in, or send a valid API key.")
    static let missingCredentials = Problem(
        .unauthorized, "auth.required", "Sign in or send an API key.")
}
