import TestKit
import Testing

@testable import Encoder

@Suite struct EncodingLaneTests {
    /// A quarter of an hour's work: a busy machine may let minutes pass before a test has its turn again.
    private static let large = [[Int32]](repeating: [Int32](repeating: 7_592, count: 254), count: 100_000)

    private static func encoder() throws -> Encoder {
        try Encoder.forTests { $0.waitingWindowsMax = 2 * large.count }
    }

    @Test func `a query does not wait for a batch`() async throws {
        let encoder = try Self.encoder()
        let batch = Task { try await encoder.embed(Self.large) }
        // The short batch is served in turn, so when it returns, the long one has begun or is about to.
        _ = try await encoder.embed([[7_592]])
        let vector = try await encoder.embedQuery("who may read this?")
        batch.cancel()
        #expect(vector.count == Encoder.dimensions)
        await #expect(throws: CancellationError.self) { try await batch.value }
    }

    @Test func `a small batch does not wait for the whole of a large one`() async throws {
        let encoder = try Self.encoder()
        let large = Task { try await encoder.embed(Self.large) }
        for _ in 0..<5 { #expect(try await encoder.embed([[7_592]]).count == 1) }
        large.cancel()
        await #expect(throws: CancellationError.self) { try await large.value }
    }

    @Test func `a lane with too much waiting refuses at once`() async throws {
        let encoder = try Encoder.forTests { $0.waitingWindowsMax = 10 }
        await #expect(throws: EncoderFailure.overloaded(waiting: 0, limit: 10)) {
            try await encoder.embed([[Int32]](repeating: [7_592], count: 11))
        }
        #expect(try await encoder.embed([[Int32]](repeating: [7_592], count: 10)).count == 10)
    }

    @Test func `a cancelled task gets no vectors`() async throws {
        let encoder = try Encoder.forTests()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await encoder.embed([[7_592]])
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `closing fails what waits and what comes`() async throws {
        let encoder = try Self.encoder()
        let batch = Task { try await encoder.embed(Self.large) }
        _ = try await encoder.embed([[7_592]])
        encoder.close()
        await #expect(throws: EncoderFailure.closed) { try await batch.value }
        await #expect(throws: EncoderFailure.closed) { try await encoder.embedQuery("late") }
    }

    @Test func `settings out of range are brought into it`() {
        var settings = EncoderSettings()
        (settings.batchThreads, settings.queryThreads, settings.batchNiceness) = (0, -3, 99)
        (settings.waitingWindowsMax, settings.waitingQueriesMax) = (0, -1)
        let bounded = settings.bounded
        #expect([bounded.batchThreads, bounded.queryThreads, Int(bounded.batchNiceness)] == [1, 1, 19])
        #expect([bounded.waitingWindowsMax, bounded.waitingQueriesMax] == [1, 1])
    }
}
