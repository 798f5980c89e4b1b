/// What a request carries to prove who sends it, after the transport has stripped it of syntax.
package struct PresentedCredentials: Hashable, Sendable {
    /// From `Authorization: Bearer`, `x-api-key` or `api-key`: one policy for all three places (ATT-8).
    package var token: String?
    /// The `__Host-cloister` cookie.
    package var sessionCookie: String?
    /// `X-CSRF-Token`; needed with a cookie on every method that is not safe.
    package var csrfToken: String?
    /// GET and HEAD.
    package var isSafeMethod: Bool
    /// Set by the local entries only (0600 socket, in-process), never from a header that came over TCP.
    package var localTenant: String?

    package init(
        token: String? = nil, sessionCookie: String? = nil, csrfToken: String? = nil, isSafeMethod: Bool = true,
        localTenant: String? = nil
    ) {
        self.token = token
        self.sessionCookie = sessionCookie
        self.csrfToken = csrfToken
        self.isSafeMethod = isSafeMethod
        self.localTenant = localTenant
    }
}

/// All reasons look the same from outside (401) but for `csrf` (403) and `throttled` (429).
package enum AuthenticationFailure: Error, Equatable {
    case missing
    case invalid
    case csrf
    case throttled(retryAfterSeconds: Int)
}

/// Turns credentials into a principal. Implemented by `Access`, called by `HTTPKit`.
///
/// Contract: `cached` never blocks and answers only what `authenticate` found and no revocation has touched since;
/// `authenticate` is the slow path and fills the cache.
package protocol Authenticator: Sendable {
    func cached(_ credentials: PresentedCredentials) -> Principal?
    func authenticate(_ credentials: PresentedCredentials) async throws -> Principal
}
