import Kit
import Synchronization

/// How many requests one origin gets.
package struct PaceLimit: Hashable, Sendable {
    package let perMinute: Int
    /// So many may go at once after a pause.
    package let burst: Int
    /// Nobody waits for a turn longer than this.
    package let waitMax: Duration

    package init(perMinute: Int = 400, burst: Int = 20, waitMax: Duration = .seconds(300)) {
        self.perMinute = max(1, perMinute)
        self.burst = max(1, burst)
        self.waitMax = waitMax
    }

    fileprivate var interval: Duration { .seconds(60) / perMinute }
}

/// One token bucket, kept as the time at which it will be full again (the virtual scheduling of ITU-T I.371): turns are
/// given in the order of asking, and a turn in the future is a reservation.
package struct PaceBucket: Hashable, Sendable {
    private var fullAt: Timestamp
    private var heldUntil: Timestamp

    package init(at now: Timestamp) {
        fullAt = now
        heldUntil = now
    }

    /// How long to wait before sending; nil, and nothing is reserved, when that is more than `limit.waitMax`.
    package mutating func reserve(_ limit: PaceLimit, at now: Timestamp) -> Duration? {
        let turn = max(now, heldUntil, fullAt - limit.interval * (limit.burst - 1))
        guard turn - now <= limit.waitMax else { return nil }
        fullAt = max(fullAt, turn) + limit.interval
        return turn - now
    }

    /// The wait that `reserve` found too long.
    package func wait(_ limit: PaceLimit, at now: Timestamp) -> Duration {
        max(now, heldUntil, fullAt - limit.interval * (limit.burst - 1)) - now
    }

    /// The origin said when to come back: nobody goes earlier.
    package mutating func hold(until time: Timestamp) { heldUntil = max(heldUntil, time) }

    /// Says nothing that a new bucket would not say.
    package func isIdle(at now: Timestamp) -> Bool { fullAt <= now && heldUntil <= now }
}

/// One bucket per origin, shared by all who send there.
package final class OriginPace: Sendable {
    private let limit: PaceLimit
    private let originsMax: Int
    private let buckets = Mutex<[OutboundOrigin?: PaceBucket]>([:])

    package init(_ limit: PaceLimit = PaceLimit(), originsMax: Int = 1024) {
        self.limit = limit
        self.originsMax = originsMax
    }

    /// How long to wait before sending to `origin`. Throws `.paced` when that is too long.
    package func reserve(_ origin: OutboundOrigin, at now: Timestamp) throws(OutboundFailure) -> Duration {
        let (wait, tooLong) = with(origin, at: now) { bucket in
            let wait = bucket.reserve(limit, at: now)
            return (wait, bucket.wait(limit, at: now))
        }
        guard let wait else { throw .paced(origin, wait: tooLong) }
        return wait
    }

    package func hold(_ origin: OutboundOrigin, until time: Timestamp, at now: Timestamp) {
        with(origin, at: now) { $0.hold(until: time) }
    }

    /// Beyond `originsMax` busy origins the others share one bucket: their number is limited, not remembered.
    private func with<Result>(
        _ origin: OutboundOrigin, at now: Timestamp, _ change: (inout PaceBucket) -> Result
    ) -> Result {
        buckets.withLock { buckets in
            if buckets[origin] == nil, buckets.count >= originsMax {
                buckets = buckets.filter { !$0.value.isIdle(at: now) }
            }
            let key = buckets[origin] != nil || buckets.count < originsMax ? origin : nil
            return change(&buckets[key, default: PaceBucket(at: now)])
        }
    }
}
