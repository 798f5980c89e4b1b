import Kit

/// How long and how much one exchange may take. Each limit is checked on its own.
package struct OutboundLimits: Hashable, Sendable {
    /// Resolving the name and opening the connection, once per hop.
    package var connect = Duration.seconds(10)
    /// From the request to the head of the answer; TLS is agreed upon within it.
    package var firstByte = Duration.seconds(60)
    /// From one piece of the body to the next. The time that the reader takes itself does not count.
    package var idle = Duration.seconds(30)
    /// All of it, with redirects and what the reader does.
    package var total = Duration.seconds(600)
    package var bodyBytesMax = 64 << 20

    package init() {}
}

/// Which of the limits counts now and when it is over: a value that is told the time.
package struct Patience: Sendable {
    package enum Phase: Hashable, Sendable { case connect, firstByte, idle, total }

    enum Verdict: Equatable {
        case wait(Duration)
        case expired(Phase)
    }

    private let limits: OutboundLimits
    private let end: Timestamp
    /// Nil while it is the reader's turn.
    private var current: (phase: Phase, end: Timestamp)?

    init(_ limits: OutboundLimits, at now: Timestamp) {
        self.limits = limits
        end = now + limits.total
    }

    /// Waiting begins, or begins again.
    mutating func begin(_ phase: Phase, at now: Timestamp) { current = (phase, now + limit(of: phase)) }

    /// It is the reader's turn.
    mutating func pause() { current = nil }

    /// `.wait` is never longer than the shortest limit: who looks again after it cannot miss the end of a phase that
    /// has not begun yet.
    func verdict(at now: Timestamp) -> Verdict {
        if now >= end { return .expired(.total) }
        if let current, now >= current.end { return .expired(current.phase) }
        let next = min(end, current?.end ?? end)
        let shortest = min(limits.connect, limits.firstByte, limits.idle)
        return .wait(min(next - now, max(shortest, Self.waitMin)))
    }

    /// A limit of zero must not become a loop without rest.
    private static let waitMin = Duration.milliseconds(1)

    private func limit(of phase: Phase) -> Duration {
        switch phase {
        case .connect: limits.connect
        case .firstByte: limits.firstByte
        case .idle: limits.idle
        case .total: limits.total
        }
    }
}

extension Patience.Phase {
    var sentence: String {
        switch self {
        case .connect: "no connection came about."
        case .firstByte: "it did not begin to answer."
        case .idle: "it stopped in the middle of its answer."
        case .total: "its answer did not end."
        }
    }
}
