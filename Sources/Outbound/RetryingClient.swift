import HTTPTypes
import Kit
import Synchronization

/// `OutboundClient` with manners: keeps the pace of each origin, waits when asked to, and repeats what may be repeated.
package struct RetryingClient: Sendable {
    private let client: OutboundClient
    private let pace: OriginPace
    private let settings: RetrySettings
    private let clock: WallClock
    private let randomness: Randomness

    /// Those who share `pace` are counted together.
    package init(
        _ client: OutboundClient, pace: OriginPace = OriginPace(), settings: RetrySettings = RetrySettings(),
        clock: WallClock = .system, randomness: Randomness = .system
    ) {
        self.client = client
        self.pace = pace
        self.settings = settings
        self.clock = clock
        self.randomness = randomness
    }

    /// As `OutboundClient.send`, but `receive` never sees the statuses 429, 502, 503 and 504: after the last attempt
    /// they are `OutboundFailure.busy`. What fails once `receive` has begun is not repeated.
    package func send<Result: Sendable>(
        _ request: OutboundRequest, receive: @escaping @Sendable (OutboundResponse) async throws -> Result
    ) async throws -> Result {
        var plan = RetryPlan(settings, isRepeatable: request.isRepeatable)
        while true {
            let (event, failure): (RetryPlan.Event, OutboundFailure)
            switch try await attempt(request, receive) {
            case .received(let result): return result
            case .busy(let origin, let status, let retryAfter):
                (event, failure) = (
                    .busy(retryAfter: retryAfter), .busy(origin, status: status, retryAfter: retryAfter)
                )
            case .failed(let reason): (event, failure) = (.failed(reason), reason)
            }
            guard case .retry(let wait) = plan.met(event, randomness) else { throw failure }
            try await clock.sleep(wait)
        }
    }

    /// As `OutboundClient.fetch`, with `send` of this type.
    package func fetch(_ request: OutboundRequest) async throws -> OutboundReply {
        try await send(request) { try await OutboundReply(reading: $0, upTo: request.limits.bodyBytesMax) }
    }

    /// As `OutboundClient.connect`, at the pace of the origin. Nothing is repeated: what was said cannot be known here.
    package func connect<Result: Sendable>(
        to origin: OutboundOrigin, limits: OutboundLimits = OutboundLimits(),
        body: @escaping @Sendable (OutboundStream) async throws -> Result
    ) async throws -> Result {
        try await waitForTurn(at: origin)
        return try await client.connect(to: origin, limits: limits, body: body)
    }

    /// As `OutboundClient.checkedAddresses`, at the pace of the origin: what asks connects next.
    package func checkedAddresses(of origin: OutboundOrigin) async throws -> [NetworkAddress] {
        try await waitForTurn(at: origin)
        return try await client.checkedAddresses(of: origin)
    }

    private func waitForTurn(at origin: OutboundOrigin) async throws {
        let wait = try pace.reserve(origin, at: clock.now())
        if wait > .zero { try await clock.sleep(wait) }
    }

    private enum Outcome<Result: Sendable>: Sendable {
        case received(Result)
        case busy(OutboundOrigin, status: Int, retryAfter: Duration?)
        case failed(OutboundFailure)
    }

    private func attempt<Result: Sendable>(
        _ request: OutboundRequest, _ receive: @escaping @Sendable (OutboundResponse) async throws -> Result
    ) async throws -> Outcome<Result> {
        try await waitForTurn(at: request.url.origin)
        let hasBegun = Atomic(false)
        do {
            return try await client.send(request) { answer in
                guard !RetryPlan.isBusy(answer.status) else { return busy(answer) }
                hasBegun.store(true, ordering: .relaxed)
                return .received(try await receive(answer))
            }
        } catch let failure as OutboundFailure where !hasBegun.load(ordering: .relaxed) {
            return .failed(failure)
        }
    }

    /// Everybody who sends to the origin waits, not only this request.
    private func busy<Result>(_ answer: OutboundResponse) -> Outcome<Result> {
        let now = clock.now()
        let retryAfter = answer.headers[.retryAfter].flatMap { RetryAfter.wait($0, at: now) }
        if let retryAfter { pace.hold(answer.url.origin, until: now + retryAfter, at: now) }
        return .busy(answer.url.origin, status: answer.status, retryAfter: retryAfter)
    }
}
