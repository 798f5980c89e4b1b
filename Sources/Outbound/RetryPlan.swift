import Kit

/// How often and how patiently a request is repeated.
package struct RetrySettings: Hashable, Sendable {
    /// The first one counts.
    package var attemptsMax = 4
    package var backoff = Backoff()
    /// A `Retry-After` beyond this ends the attempts; the origin is still left in peace for so long.
    package var waitMax = Duration.seconds(120)

    package init() {}
}

/// Whether a request that failed is sent again, and when: decides without a clock.
struct RetryPlan: Sendable {
    enum Event: Equatable {
        /// A status that means "later".
        case busy(retryAfter: Duration?)
        case failed(OutboundFailure)
    }

    enum Action: Equatable {
        case retry(after: Duration)
        case giveUp
    }

    private let settings: RetrySettings
    private let isRepeatable: Bool
    private var attempts = 0

    init(_ settings: RetrySettings, isRepeatable: Bool) {
        self.settings = settings
        self.isRepeatable = isRepeatable
    }

    mutating func met(_ event: Event, _ randomness: Randomness) -> Action {
        attempts += 1
        guard isRepeatable, attempts < settings.attemptsMax, Self.mayPass(event) else { return .giveUp }
        let wait = settings.backoff.wait(attempt: attempts - 1, randomness)
        guard case .busy(let asked?) = event else { return .retry(after: wait) }
        return asked <= settings.waitMax ? .retry(after: max(asked, wait)) : .giveUp
    }

    /// 503 and 429 by RFC 9110 section 15.6.4 and RFC 6585 section 4; a gateway's 502 and 504 pass as well.
    static func isBusy(_ status: Int) -> Bool { [429, 502, 503, 504].contains(status) }

    /// Trouble of the network. What was refused for a reason will be refused again.
    private static func mayPass(_ event: Event) -> Bool {
        switch event {
        case .busy, .failed(.unresolvable), .failed(.unreachable), .failed(.connectionLost),
            .failed(.timedOut(_, .connect)), .failed(.timedOut(_, .firstByte)):
            true
        case .failed: false
        }
    }
}
