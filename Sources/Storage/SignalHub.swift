import Synchronization

/// Hands signals to the subscribers of this process.
final class SignalHub: Sendable {
    static let backlogMax = 1024

    private struct State {
        var subscribers: [Int: AsyncStream<Signal>.Continuation] = [:]
        var nextSubscriber = 0
        var isClosed = false
    }

    private let state = Mutex(State())

    func subscribe() -> AsyncStream<Signal> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Signal.self, bufferingPolicy: .bufferingNewest(Self.backlogMax))
        let subscriber: Int? = state.withLock { state in
            guard !state.isClosed else { return nil }
            state.nextSubscriber += 1
            state.subscribers[state.nextSubscriber] = continuation
            return state.nextSubscriber
        }
        guard let subscriber else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in self?.remove(subscriber) }
        return stream
    }

    func deliver(_ signals: [Signal]) {
        guard !signals.isEmpty else { return }
        let subscribers = state.withLock { Array($0.subscribers.values) }
        for signal in signals {
            for subscriber in subscribers { subscriber.yield(signal) }
        }
    }

    func close() {
        let subscribers = state.withLock { state in
            state.isClosed = true
            return Array(state.subscribers.values)
        }
        for subscriber in subscribers { subscriber.finish() }
    }

    private func remove(_ subscriber: Int) {
        state.withLock { state in _ = state.subscribers.removeValue(forKey: subscriber) }
    }
}
