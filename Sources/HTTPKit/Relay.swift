import Synchronization

/// Hands pieces from one source to one reader and makes the source wait while `capacity` pieces lie unread:
/// a slow client costs memory for `capacity` pieces and no more.
final class Relay<Element: Sendable>: Sendable {
    private struct State {
        var pieces: [Element] = []
        var outcome: Result<Void, any Error>?
        var reader: CheckedContinuation<Element?, any Error>?
        var writers: [CheckedContinuation<Void, Never>] = []
    }

    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int) { self.capacity = capacity }

    /// Waits while the reader is `capacity` pieces behind. False when nobody reads any more.
    func send(_ piece: Element) async -> Bool {
        guard put(piece) else { return false }
        await withCheckedContinuation { continuation in
            let proceed = state.withLock { state in
                guard state.outcome == nil, state.pieces.count >= capacity else { return true }
                state.writers.append(continuation)
                return false
            }
            if proceed { continuation.resume() }
        }
        return state.withLock { $0.outcome == nil }
    }

    /// For keep-alive pieces: dropped when the reader has something to read anyway.
    func offer(_ piece: Element) {
        let idle = state.withLock { $0.pieces.isEmpty }
        if idle { _ = put(piece) }
    }

    /// Without waiting; the caller keeps the bound.
    func push(_ piece: Element) { _ = put(piece) }

    private func put(_ piece: Element) -> Bool {
        let (accepted, reader) = state.withLock { state -> (Bool, CheckedContinuation<Element?, any Error>?) in
            guard state.outcome == nil else { return (false, nil) }
            guard let reader = state.reader.take() else {
                state.pieces.append(piece)
                return (true, nil)
            }
            return (true, reader)
        }
        reader?.resume(returning: piece)
        return accepted
    }

    /// Pieces already sent are still read; the first outcome stays.
    func finish(_ outcome: Result<Void, any Error> = .success(())) {
        let (reader, writers) = state.withLock { state in
            if state.outcome == nil { state.outcome = outcome }
            defer { state.writers = [] }
            return (state.reader.take(), state.writers)
        }
        writers.forEach { $0.resume() }
        reader?.resume(with: outcome.map { nil })
    }

    /// Nil at the end. Only one reader may wait at a time.
    func next() async throws -> Element? {
        try await withCheckedThrowingContinuation { continuation in
            let (ready, writers) = state.withLock { take(from: &$0, else: continuation) }
            writers.forEach { $0.resume() }
            if let ready { continuation.resume(with: ready) }
        }
    }

    private func take(
        from state: inout State, else continuation: CheckedContinuation<Element?, any Error>
    ) -> (Result<Element?, any Error>?, [CheckedContinuation<Void, Never>]) {
        guard state.pieces.isEmpty else {
            let piece = state.pieces.removeFirst()
            defer { state.writers = [] }
            return (.success(piece), state.writers)
        }
        if let outcome = state.outcome { return (outcome.map { nil }, []) }
        state.reader = continuation
        return (nil, [])
    }
}
