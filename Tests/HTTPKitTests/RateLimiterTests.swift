import Kit
import Testing

@testable import HTTPKit

@Suite("Limits")
struct RateLimiterTests {
    private let start = Timestamp(microseconds: 1_000_000)

    @Test("a bucket gives its burst, then its rate, and says how long to wait")
    func bucket() {
        let limit = RateLimit(perSecond: 0.5, burst: 2)
        var bucket = TokenBucket(limit, at: start)
        #expect(bucket.take(limit, at: start) == nil)
        #expect(bucket.take(limit, at: start) == nil)
        #expect(bucket.take(limit, at: start) == 2)
        #expect(bucket.take(limit, at: start + .seconds(1)) == 1)
        #expect(bucket.take(limit, at: start + .seconds(2)) == nil)
        #expect(bucket.take(limit, at: start) != nil)
    }

    @Test("a flood of addresses shares one bucket and costs bounded memory")
    func flood() {
        let limiter = RateLimiter(RateLimit(perSecond: 1, burst: 1), keysMax: 100)
        let granted = (0..<10_000).filter { limiter.take("peer\($0)", at: start) == nil }
        #expect(granted.count == 101)
        #expect(limiter.take("new", at: start + .seconds(2)) == nil)
    }

    @Test("places are bounded in all and per caller, and given back")
    func inFlight() {
        let places = InFlight(totalMax: 3, perCallerMax: 2)
        #expect(places.enter("a") && places.enter("a") && !places.enter("a"))
        #expect(places.enter("b") && !places.enter("c"))
        places.leave("a")
        #expect(places.enter("c") && places.total == 3)
    }
}
