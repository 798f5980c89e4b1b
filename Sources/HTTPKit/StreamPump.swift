import Kit

/// A byte stream that a task of its own fills through a bounded `Relay`. The task is cancelled as soon as the
/// reader stops reading, so nothing works for a client that has left.
enum StreamPump {
    private static let piecesMax = 16

    /// The stream ends when `body` returns, with its error when it throws.
    static func stream(
        _ body: @escaping @Sendable (Relay<[UInt8]>) async throws -> Void
    ) -> AsyncThrowingStream<[UInt8], any Error> {
        let pump = Pump(capacity: piecesMax, body)
        return AsyncThrowingStream(unfolding: {
            try await withTaskCancellationHandler {
                try await pump.relay.next()
            } onCancel: {
                pump.stop()
            }
        })
    }

    /// Runs both; ends with the first that ends and cancels the other.
    static func race(
        _ first: @escaping @Sendable () async throws -> Void, _ second: @escaping @Sendable () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask(operation: first)
            group.addTask(operation: second)
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private final class Pump: Sendable {
        let relay: Relay<[UInt8]>
        private let task: Task<Void, Never>

        init(capacity: Int, _ body: @escaping @Sendable (Relay<[UInt8]>) async throws -> Void) {
            let relay = Relay<[UInt8]>(capacity: capacity)
            self.relay = relay
            task = Task {
                do {
                    try await body(relay)
                    relay.finish()
                } catch {
                    relay.finish(.failure(error))
                }
            }
        }

        /// The task goes on until it next waits or looks; the relay takes nothing from it any more.
        func stop() {
            task.cancel()
            relay.finish(.failure(CancellationError()))
        }

        deinit { stop() }
    }
}

/// Why a stream was ended before its source ended.
package enum StreamCut: Error, Equatable {
    case rightsRevoked
}
