import HTTPTypes
import Kit

/// How a request came in.
package enum ExchangeEntry: Hashable, Sendable {
    /// The 0600 socket, or in-process.
    case local
    /// A TCP connection; the address without port, and whether TLS protects it.
    case network(peer: String)

    package var peer: String {
        switch self {
        case .local: "local"
        case .network(let peer): peer
        }
    }
}

/// The checks before a handler, each a synchronous function. The slow side, the fast path, WebSocket and the
/// in-process entry all call these and no others (DESIGN 7.12).
package final class Admission: Sendable {
    package let settings: HTTPSettings
    package let inFlight: InFlight
    private let principalRate: RateLimiter
    private let tenantRate: RateLimiter
    private let peerRate: RateLimiter
    private let hosts: HostList

    package init(_ settings: HTTPSettings) {
        self.settings = settings
        inFlight = InFlight(totalMax: settings.exchangesMax, perCallerMax: settings.exchangesPerCallerMax)
        principalRate = RateLimiter(settings.principalRate)
        tenantRate = RateLimiter(settings.tenantRate)
        peerRate = RateLimiter(settings.peerRate)
        hosts = HostList(settings)
    }

    /// Host and Origin, then the address' bucket. Before anything is known about the caller.
    package func door(_ request: HTTPRequest, _ entry: ExchangeEntry, at now: Timestamp) throws(Problem) {
        guard case .network(let peer) = entry else { return }
        try hosts.check(request)
        if let seconds = peerRate.take(peer, at: now) { throw .tooMany(seconds) }
    }

    /// Whether this route exists for this entry at all, and whether it wants a caller.
    package func wantsCaller(_ policy: RoutePolicy, _ entry: ExchangeEntry) throws(Problem) -> Bool {
        switch policy {
        case .anonymous: return false
        case .authenticated, .requires: return true
        case .localOnly:
            guard entry == .local else { throw .notFound() }
            return true
        }
    }

    /// The caller against the policy, then the caller's bucket and the tenant's.
    package func caller(_ principal: Principal, _ policy: RoutePolicy, at now: Timestamp) throws(Problem) {
        switch policy {
        case .anonymous, .authenticated: break
        case .requires(let permission), .localOnly(let permission):
            guard principal.permissions.contains(permission) else { throw .forbidden(permission) }
        }
        guard principal.credential != .localOperator else { return }
        if let seconds = principalRate.take(Self.key(principal), at: now) { throw .tooMany(seconds) }
        if let seconds = tenantRate.take(principal.tenant.description, at: now) { throw .tooMany(seconds) }
    }

    /// A place among the running exchanges; `inFlight.leave` of the same key gives it back.
    package func enter(_ key: String) throws(Problem) {
        guard inFlight.enter(key) else {
            throw Problem(
                .serviceUnavailable, "request.overloaded", "Too much is going on at once.",
                detail: "Try again, or run fewer requests in parallel.", retryAfterSeconds: 1)
        }
    }

    package static func key(_ principal: Principal) -> String { principal.subject.description }
}

extension Problem {
    static func tooMany(_ seconds: Int) -> Problem {
        Problem(
            .tooManyRequests, "request.rate_limited", "Too many requests.",
            detail: "Try again in \(seconds) s.", retryAfterSeconds: seconds)
    }

    static func forbidden(_ permission: Permission) -> Problem {
        Problem(
            .forbidden, "auth.forbidden", "You may not do this.",
            detail: "It needs the permission \(permission.rawValue).")
    }
}
