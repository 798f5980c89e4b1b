import HTTPTypes
import Kit

extension RouteTable {
    /// Admission without waiting, for the event loop. Nil when the caller is not in the authenticator's cache or
    /// something is wrong with the request: then the slow side admits, or words the refusal.
    ///
    /// Nothing is charged before nil is decided, so the slow side does not charge twice.
    func admitNow(_ request: HTTPRequest, entry: ExchangeEntry) -> AdmissionOutcome? {
        guard let match = try? match(request), let query = try? match.target.query(),
            let wantsCaller = try? admission.wantsCaller(match.route.policy, entry),
            let credentials = try? CredentialPlaces.read(request, entry: entry)
        else { return nil }
        let caller = wantsCaller ? services.authenticator.cached(credentials) : nil
        guard caller != nil || !wantsCaller else { return nil }
        var opening = Opening(
            id: services.randomness.identifier(), request: request, entry: entry, receivedAt: services.clock.now())
        opening.route = match.route.path
        services.recorder.started()
        do {
            return .admitted(
                try charged(AdmittedExchange(opening: opening, match: match, query: query, caller: caller)))
        } catch {
            return .refused(refusal(error, opening))
        }
    }

    private func charged(_ exchange: AdmittedExchange) throws -> AdmittedExchange {
        let opening = exchange.opening
        try admission.door(opening.request, opening.entry, at: opening.receivedAt)
        if let caller = exchange.caller {
            try admission.caller(caller, exchange.route.policy, at: opening.receivedAt)
        }
        try admission.enter(exchange.flightKey)
        return exchange
    }
}
