import Kit
import Synchronization

/// A token bucket without a clock: the caller says what time it is.
package struct TokenBucket: Sendable, Equatable {
    private var tokens: Double
    private var updated: Timestamp

    package init(_ limit: RateLimit, at now: Timestamp) {
        tokens = limit.burst
        updated = now
    }

    /// Takes one token. Nil, or the whole seconds (at least 1) until there is one again.
    package mutating func take(_ limit: RateLimit, at now: Timestamp) -> Int? {
        refill(limit, at: now)
        guard tokens < 1 else {
            tokens -= 1
            return nil
        }
        return max(1, Int(((1 - tokens) / limit.perSecond).rounded(.up)))
    }

    package mutating func isFull(_ limit: RateLimit, at now: Timestamp) -> Bool {
        refill(limit, at: now)
        return tokens >= limit.burst
    }

    private mutating func refill(_ limit: RateLimit, at now: Timestamp) {
        let elapsed = Double(max(0, (now - updated).wholeMicroseconds)) / 1_000_000
        tokens = min(limit.burst, tokens + elapsed * limit.perSecond)
        updated = max(updated, now)
    }
}

/// One bucket per caller or address. Synchronous, so that the event loop and the slow side share it.
package final class RateLimiter: Sendable {
    private struct State {
        var buckets: [String: TokenBucket] = [:]
        var swept = Timestamp(microseconds: .min)
    }

    private let limit: RateLimit
    private let keysMax: Int
    private let state = Mutex(State())
    /// All callers beyond `keysMax` share this one: an address flood is limited, not remembered.
    private static let othersKey = ""
    private static let sweepInterval = Duration.seconds(1)

    package init(_ limit: RateLimit, keysMax: Int = 16_384) {
        self.limit = limit
        self.keysMax = keysMax
    }

    /// Nil, or the seconds to wait.
    package func take(_ key: String, at now: Timestamp) -> Int? {
        state.withLock { state in
            let known = state.buckets[key] != nil
            if !known, state.buckets.count >= keysMax { sweep(&state, at: now) }
            let key = known || state.buckets.count < keysMax ? key : Self.othersKey
            return state.buckets[key, default: TokenBucket(limit, at: now)].take(limit, at: now)
        }
    }

    /// Drops full buckets, which carry no information; at most once a second, so that a flood cannot buy work.
    private func sweep(_ state: inout State, at now: Timestamp) {
        guard state.swept.microseconds == .min || now - state.swept >= Self.sweepInterval else { return }
        state.swept = now
        for (key, bucket) in state.buckets {
            var bucket = bucket
            if bucket.isFull(limit, at: now) { state.buckets[key] = nil }
        }
    }
}

/// How many exchanges run now, in all and per caller.
package final class InFlight: Sendable {
    private struct State {
        var total = 0
        var callers: [String: Int] = [:]
    }

    private let totalMax: Int
    private let perCallerMax: Int
    private let state = Mutex(State())

    package init(totalMax: Int, perCallerMax: Int) {
        self.totalMax = totalMax
        self.perCallerMax = perCallerMax
    }

    package var total: Int { state.withLock { $0.total } }

    /// False when there is no room; otherwise `leave` must follow.
    package func enter(_ caller: String) -> Bool {
        state.withLock { state in
            guard state.total < totalMax, state.callers[caller, default: 0] < perCallerMax else { return false }
            state.total += 1
            state.callers[caller, default: 0] += 1
            return true
        }
    }

    package func leave(_ caller: String) {
        state.withLock { state in
            state.total -= 1
            let left = state.callers[caller, default: 1] - 1
            state.callers[caller] = left > 0 ? left : nil
        }
    }
}
