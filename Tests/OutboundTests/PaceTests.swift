import Kit
import TestKit
import Testing

@testable import Outbound

@Suite struct PaceTests {
    private static let start = Timestamp(microseconds: 1_000_000_000_000)
    private static let origins = (0..<20).compactMap { try? OutboundURL("https://host\($0).test/").origin }

    @Test func `after the burst turns come at the pace, in order`() {
        let limit = PaceLimit(perMinute: 60, burst: 3, waitMax: .seconds(4))
        var bucket = PaceBucket(at: Self.start)
        let waits = (0..<8).map { _ in bucket.reserve(limit, at: Self.start) }
        #expect(waits == [.zero, .zero, .zero, .seconds(1), .seconds(2), .seconds(3), .seconds(4), nil])
        #expect(bucket.wait(limit, at: Self.start) == .seconds(5))
        #expect(bucket.reserve(limit, at: Self.start + .seconds(5)) == .zero)
        #expect(!bucket.isIdle(at: Self.start + .seconds(7)))
        #expect(bucket.isIdle(at: Self.start + .seconds(8)))
    }

    @Test func `never more than the limit, whenever they come`() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let limit = PaceLimit(perMinute: 400, burst: 20)
        var bucket = PaceBucket(at: Self.start)
        var (now, turns) = (Self.start, [Timestamp]())
        for _ in 0..<5000 {
            now = now + .milliseconds(Int.random(in: 0...200, using: &generator))
            guard let wait = bucket.reserve(limit, at: now) else { continue }
            turns.append(now + wait)
        }
        for (index, turn) in turns.enumerated() where index + 420 < turns.count {
            // A minute's turns and one burst.
            #expect(turns[index + 420] - turn >= .seconds(60) - .milliseconds(1), "seed \(seed)")
        }
    }

    @Test func `an origin that asked for time is left in peace`() throws {
        let pace = OriginPace(PaceLimit(perMinute: 60, burst: 2, waitMax: .seconds(60)))
        pace.hold(Self.origins[0], until: Self.start + .seconds(30), at: Self.start)
        #expect(try pace.reserve(Self.origins[0], at: Self.start) == .seconds(30))
        #expect(try pace.reserve(Self.origins[1], at: Self.start) == .zero)
        pace.hold(Self.origins[0], until: Self.start + .seconds(61), at: Self.start)
        #expect(throws: OutboundFailure.paced(Self.origins[0], wait: .seconds(61))) {
            try pace.reserve(Self.origins[0], at: Self.start)
        }
        #expect(try pace.reserve(Self.origins[0], at: Self.start + .seconds(61)) == .zero)
    }

    @Test func `the number of origins is bounded, and idle ones make room`() throws {
        let pace = OriginPace(PaceLimit(perMinute: 60, burst: 1), originsMax: 2)
        #expect(try pace.reserve(Self.origins[0], at: Self.start) == .zero)
        #expect(try pace.reserve(Self.origins[1], at: Self.start) == .zero)
        #expect(try pace.reserve(Self.origins[2], at: Self.start) == .zero)
        #expect(try pace.reserve(Self.origins[3], at: Self.start) == .seconds(1), "shared by all that are too many")
        let later = Self.start + .seconds(10)
        #expect(try pace.reserve(Self.origins[4], at: later) == .zero)
        #expect(try pace.reserve(Self.origins[5], at: later) == .zero)
    }

    @Test func `waits double, are spread over their upper half, and end at the longest`() {
        let backoff = Backoff(first: .seconds(1), longest: .seconds(60))
        for seed in UInt64(0)..<50 {
            let randomness = Randomness.seeded(seed)
            for attempt in 0..<6 {
                let whole = Duration.seconds(1 << attempt)
                let wait = backoff.wait(attempt: attempt, randomness)
                #expect(wait >= whole / 2 && wait <= whole, "\(seed)")
            }
            #expect(backoff.wait(attempt: .max, randomness) <= .seconds(60))
            #expect(backoff.wait(attempt: .min, randomness) <= .seconds(1))
        }
        #expect(backoff.wait(attempt: 3, .seeded(1)) != backoff.wait(attempt: 3, .seeded(2)))
    }
}
