import HTTPTypes
import Synchronization

/// The last events of one stream, so that a client that lost its connection resumes after the id it saw last.
///
/// Any number of readers follow it, each at its own pace; none of them costs memory beyond the buffer. A reader
/// that falls behind the oldest kept event ends with `ReplayFailure.gone`.
package final class ReplayBuffer: Sendable {
    package static let eventsMaxDefault = 4096

    private struct State {
        var events: [ServerEvent] = []
        /// How many events were dropped before `events[0]`.
        var dropped = 0
        var outcome: Result<Void, any Error>?
        var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter: UInt64 = 0
    }

    private let eventsMax: Int
    private let state = Mutex(State())

    package init(eventsMax: Int = eventsMaxDefault) { self.eventsMax = eventsMax }

    /// Ignored after `finish`.
    package func append(_ event: ServerEvent) {
        wake { state in
            guard state.outcome == nil else { return }
            state.events.append(event)
            guard state.events.count > eventsMax else { return }
            state.events.removeFirst()
            state.dropped += 1
        }
    }

    /// Readers get what is left and then the end, or the error.
    package func finish(_ outcome: Result<Void, any Error> = .success(())) {
        wake { if $0.outcome == nil { $0.outcome = outcome } }
    }

    package var isFinished: Bool { state.withLock { $0.outcome != nil } }

    /// Events after the one with id `last`, then live ones. Nil `last` starts at the beginning; an unknown id throws
    /// `ReplayFailure.gone`, because skipping silently would lose events.
    package func events(after last: String?) throws(ReplayFailure) -> AsyncThrowingStream<ServerEvent, any Error> {
        let start = state.withLock { state -> Int? in
            guard let last, !last.isEmpty else { return state.dropped == 0 ? 0 : nil }
            return state.events.lastIndex { $0.id == last }.map { state.dropped + $0 + 1 }
        }
        guard let start else { throw .gone }
        let position = Mutex(start)
        return AsyncThrowingStream(unfolding: { [self] in
            guard let event = try await event(at: position.withLock { $0 }) else { return nil }
            position.withLock { $0 += 1 }
            return event
        })
    }

    private enum Step {
        case event(ServerEvent)
        case end
        case wait
    }

    private func event(at position: Int) async throws -> ServerEvent? {
        while true {
            try Task.checkCancellation()
            switch try state.withLock({ try step(at: position, in: $0) }) {
            case .event(let event): return event
            case .end: return nil
            case .wait: await change(after: position)
            }
        }
    }

    private func step(at position: Int, in state: borrowing State) throws -> Step {
        guard position >= state.dropped else { throw ReplayFailure.gone }
        if position < state.dropped + state.events.count { return .event(state.events[position - state.dropped]) }
        guard let outcome = state.outcome else { return .wait }
        try outcome.get()
        return .end
    }

    /// Returns when there may be something at `position`, or the task is cancelled.
    private func change(after position: Int) async {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let wait = state.withLock { state in
                    let nothing = position >= state.dropped + state.events.count && state.outcome == nil
                    guard nothing, !Task.isCancelled else { return false }
                    state.waiting[id] = continuation
                    return true
                }
                if !wait { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: id) }?.resume()
        }
    }

    private func wake(_ change: (inout State) -> Void) {
        let waiting = state.withLock { state in
            change(&state)
            defer { state.waiting = [:] }
            return state.waiting.values.map(\.self)
        }
        waiting.forEach { $0.resume() }
    }
}

package enum ReplayFailure: Error, Equatable {
    /// The asked-for event is no longer, or was never, in the buffer: start over.
    case gone
}

extension ReplayFailure: ProblemConvertible {
    package var problem: Problem {
        Problem(
            .gone, "request.events_gone", "The events after that id are no longer kept.",
            detail: "Read the resource and follow its events from the start.")
    }
}
