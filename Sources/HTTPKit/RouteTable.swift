import HTTPTypes
import Kit
import Logging
import Synchronization

/// What the table needs from the rest of the house.
package struct RouteTableServices: Sendable {
    package var authenticator: any Authenticator
    /// Nil ignores `Idempotency-Key`.
    package var ledger: (any IdempotencyLedger)?
    /// Returns when this principal's rights have been cut, or the task is cancelled.
    package var revoked: @Sendable (Principal) async -> Void
    package var recorder = ExchangeRecorder.none
    package var clock: WallClock
    package var randomness: Randomness
    package var logger: Logger

    package init(
        authenticator: any Authenticator, ledger: (any IdempotencyLedger)? = nil,
        revoked: @escaping @Sendable (Principal) async -> Void = { _ in await untilCancelled() },
        recorder: ExchangeRecorder = .none, clock: WallClock = .system, randomness: Randomness = .system,
        logger: Logger = Logger(label: "cloister.http")
    ) {
        self.authenticator = authenticator
        self.ledger = ledger
        self.revoked = revoked
        self.recorder = recorder
        self.clock = clock
        self.randomness = randomness
        self.logger = logger
    }
}

/// Every route of every capability, and the one way from a request to a reply.
///
/// match -> door (Host, Origin, address) -> policy -> authenticate -> policy of the caller -> body bound ->
/// idempotency -> handler -> problem. Whatever has no route is 404: default deny.
package final class RouteTable: Sendable {
    package let routes: [Route]
    package let services: RouteTableServices
    package let admission: Admission
    private let trie: RouteTrie

    /// Throws `RouteTableFailure` for a route that is declared twice or wrongly.
    package init(_ routes: [Route], settings: HTTPSettings, services: RouteTableServices) throws(RouteTableFailure) {
        var trie = RouteTrie()
        for (index, route) in routes.enumerated() { try trie.insert(route.method, route.path, route: index) }
        self.trie = trie
        self.routes = routes.map { $0.bounded(by: settings) }
        self.services = services
        admission = Admission(settings)
    }

    /// The whole way in one call, for a body already at hand. Never throws: every failure is a reply.
    package func respond(to request: HTTPRequest, body: [UInt8] = [], entry: ExchangeEntry) async -> Reply {
        switch await admit(request, entry: entry) {
        case .refused(let reply): reply
        case .admitted(let exchange): await perform(exchange, body: body)
        }
    }

    /// The route of a request, without any check: what the fast path and the WebSocket entry ask first.
    package func match(_ request: HTTPRequest) throws(Problem) -> RouteMatch {
        let path = request.path ?? ""
        guard path.utf8.count <= admission.settings.requestTargetBytesMax else {
            throw Problem(.uriTooLong, "request.target_too_long", "The address of the request is too long.")
        }
        guard let target = RequestTarget(path) else { throw .notFound() }
        switch trie.find(request.method, target.segments) {
        case .found(let match):
            return RouteMatch(route: routes[match.leaf.route], parameters: match.parameters, target: target)
        case .otherMethods(let methods):
            throw .wrongMethod(methods)
        case .nothing:
            throw .notFound()
        }
    }
}

/// A route and the values of its path.
package struct RouteMatch: Sendable {
    package let route: Route
    package let parameters: [String: String]
    let target: RequestTarget
}

extension Problem {
    static func wrongMethod(_ methods: [HTTPRequest.Method]) -> Problem {
        let names = methods.map(\.rawValue).joined(separator: ", ")
        return Problem(
            .methodNotAllowed, "request.method", "This address does not take that method.", detail: "It takes \(names)."
        )
    }
}

/// Returns when the task is cancelled, and not before.
package func untilCancelled() async {
    let waiting = Mutex<(continuation: CheckedContinuation<Void, Never>?, isCancelled: Bool)>((nil, false))
    await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
            let isCancelled = waiting.withLock { state in
                if !state.isCancelled { state.continuation = continuation }
                return state.isCancelled
            }
            if isCancelled { continuation.resume() }
        }
    } onCancel: {
        waiting.withLock { state in
            state.isCancelled = true
            return state.continuation.take()
        }?.resume()
    }
}
