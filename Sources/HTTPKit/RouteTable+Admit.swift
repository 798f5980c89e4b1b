import HTTPTypes
import Kit
import Logging

/// A request behind authentication, policy and limits; its body is still to be read, up to the route's bound.
package struct AdmittedExchange: Sendable {
    let opening: Opening
    package let match: RouteMatch
    package let query: [String: String]
    package let caller: Principal?

    package var id: RequestID { opening.id }
    package var request: HTTPRequest { opening.request }
    package var route: Route { match.route }
    /// Whose place among the running exchanges this takes.
    var flightKey: String { caller.map(Admission.key) ?? opening.entry.peer }
}

package enum AdmissionOutcome: Sendable {
    case admitted(AdmittedExchange)
    case refused(Reply)
}

extension RouteTable {
    /// Everything before the body. An admitted exchange holds a place among the running ones until `perform` has
    /// answered (for a stream: ended) or `abandon` is called.
    package func admit(_ request: HTTPRequest, entry: ExchangeEntry) async -> AdmissionOutcome {
        var opening = Opening(
            id: services.randomness.identifier(), request: request, entry: entry, receivedAt: services.clock.now())
        services.recorder.started()
        do {
            try admission.door(request, entry, at: opening.receivedAt)
            let match = try match(request)
            opening.route = match.route.path
            return .admitted(try await admitted(opening, match))
        } catch {
            return .refused(refusal(error, opening))
        }
    }

    private func admitted(_ opening: Opening, _ match: RouteMatch) async throws -> AdmittedExchange {
        let query = try match.target.query()
        let caller = try await caller(of: opening.request, match.route.policy, opening.entry, at: opening.receivedAt)
        let exchange = AdmittedExchange(opening: opening, match: match, query: query, caller: caller)
        try admission.enter(exchange.flightKey)
        return exchange
    }

    /// Nil on anonymous routes. The cached principal is the fast answer, `authenticate` the slow one.
    private func caller(
        of request: HTTPRequest, _ policy: RoutePolicy, _ entry: ExchangeEntry, at now: Timestamp
    ) async throws -> Principal? {
        guard try admission.wantsCaller(policy, entry) else { return nil }
        let credentials = try CredentialPlaces.read(request, entry: entry)
        let principal: Principal
        if let cached = services.authenticator.cached(credentials) {
            principal = cached
        } else {
            principal = try await services.authenticator.authenticate(credentials)
        }
        try admission.caller(principal, policy, at: now)
        return principal
    }
}

/// What is known of a request before it is admitted; enough to refuse and to record it.
struct Opening: Sendable {
    let id: RequestID
    let request: HTTPRequest
    let entry: ExchangeEntry
    let receivedAt: Timestamp
    var route = "unmatched"
}
