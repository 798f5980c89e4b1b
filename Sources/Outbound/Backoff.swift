import Kit

/// Waits that grow and are spread: the n-th is between half and all of `first * 2^n`, never over `longest`.
package struct Backoff: Hashable, Sendable {
    package var first = Duration.milliseconds(500)
    package var longest = Duration.seconds(60)

    package init(first: Duration = .milliseconds(500), longest: Duration = .seconds(60)) {
        self.first = first
        self.longest = longest
    }

    private static let doublingsMax = 30

    /// `attempt` counts from 0. Half of it is chance, so that those who failed together do not come back together.
    package func wait(attempt: Int, _ randomness: Randomness) -> Duration {
        let doublings = min(max(0, attempt), Self.doublingsMax)
        let whole = min(longest, first * (1 << doublings))
        let part = randomness.bytes(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return whole / 2 + whole / 2 * (Double(part) / Double(UInt32.max))
    }
}
