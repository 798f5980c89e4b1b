import Kit
import Testing

@testable import Access

@Suite struct LoginThrottleTests {
    private let limits = LoginThrottle.Limits(attemptsMax: 10, window: .seconds(900), failuresWithoutDelay: 3)
    private let start = Timestamp(microseconds: 1_000_000_000)

    @Test func `after three quick failures each try waits twice as long`() {
        var throttle = LoginThrottle(at: start)
        var now = start
        var waits: [Int64] = []
        for _ in 0..<10 {
            if let wait = throttle.attempt(at: now, limits: limits) {
                waits.append(wait.components.seconds)
                now = now + wait
                #expect(throttle.attempt(at: now, limits: limits) == nil)
            }
        }
        #expect(waits == [1, 2, 4, 8, 16, 32, 64])
        #expect(throttle.attempts == 10)
    }

    @Test func `the eleventh try in a window waits for its end, and a new window starts clean`() {
        var throttle = LoginThrottle(attempts: 10, windowStart: start, nextAllowed: start)
        #expect(throttle.attempt(at: start + .seconds(100), limits: limits) == .seconds(800))
        #expect(throttle.attempts == 10)
        #expect(throttle.attempt(at: start + .seconds(900), limits: limits) == nil)
        #expect(throttle.attempts == 1)
    }

    @Test func `a refused try is not counted`() {
        var throttle = LoginThrottle(attempts: 4, windowStart: start, nextAllowed: start + .seconds(5))
        let before = throttle
        #expect(throttle.attempt(at: start + .seconds(2), limits: limits) == .seconds(3))
        #expect(throttle == before)
    }

    @Test func `success takes its own try back`() {
        var throttle = LoginThrottle(attempts: 4, windowStart: start, nextAllowed: start + .seconds(2))
        throttle.forgive(at: start)
        #expect(throttle.attempts == 3)
        #expect(throttle.attempt(at: start, limits: limits) == nil)
    }

    @Test func `a clock set back opens a new window rather than locking for long`() {
        var throttle = LoginThrottle(attempts: 10, windowStart: start, nextAllowed: start)
        #expect(throttle.attempt(at: start - .seconds(7200), limits: limits) == nil)
    }
}
