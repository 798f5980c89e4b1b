import HTTPKit
import Kit

/// An answer as server-sent events. The identifier of an event follows from its place in the answer, so that a broken
/// stream resumes after any of them: 0 started; for sentence i, 16i+1 ... 16i+15 its citations and 16i+16 the sentence;
/// then the end.
struct AnswerEvents: Sendable {
    static let step = 16
    private static let end = 1_000_000

    let pipeline: AnswerPipeline

    /// Events after `last`, each read and re-authorised when its turn comes.
    func stream(
        _ answer: Answer, for principal: Principal, after last: Int?
    ) -> AsyncThrowingStream<ServerEvent, any Error> {
        AsyncThrowingStream { continuation in
            let work = Task {
                do {
                    try await pipeline.runs.following(answer.id) {
                        try await emit(answer, for: principal, after: last ?? -1) { continuation.yield($0) }
                    }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in work.cancel() }
        }
    }

    private func emit(
        _ first: Answer, for principal: Principal, after last: Int, _ yield: @Sendable (ServerEvent) -> Void
    ) async throws {
        if last < 0 { yield(try event(0, "answer.started", StartedBody(first))) }
        var (answer, index) = (first, 0)
        while true {
            while index < answer.sentences.count {
                try Task.checkCancellation()
                if Self.step * (index + 1) > last {
                    for event in try await events(of: index, in: answer, for: principal, after: last) { yield(event) }
                }
                index += 1
            }
            if answer.state != .writing { break }
            answer = try await pipeline.progress(of: answer.id, beyond: index, for: principal)
        }
        if Self.end > last { yield(try await ending(of: answer, for: principal)) }
    }

    private func events(
        of index: Int, in answer: Answer, for principal: Principal, after last: Int
    ) async throws -> [ServerEvent] {
        let base = Self.step * index
        let shown = try await pipeline.shown(answer.sentences[index], at: index, of: answer, for: principal)
        guard let shown else {
            return [try event(base + Self.step, "answer.withdrawn", WithdrawnBody(index: index))]
        }
        var events: [ServerEvent] = []
        for (offset, citation) in shown.citations.enumerated() where base + offset + 1 > last {
            events.append(try event(base + offset + 1, "answer.citation", citation))
        }
        return events + [try event(base + Self.step, "answer.sentence", SentenceBody(index: index, shown))]
    }

    private func ending(of answer: Answer, for principal: Principal) async throws -> ServerEvent {
        switch answer.state {
        case .failed: return try event(Self.end, "answer.failed", FailedBody(answer))
        case .stopped: return try event(Self.end, "answer.stopped", FinishedBody(answer))
        case .finished, .writing:
            guard answer.isDeclined else { return try event(Self.end, "answer.finished", FinishedBody(answer)) }
            let nearest = try await pipeline.nearest(of: answer, for: principal)
            return try event(Self.end, "answer.declined", DeclinedBody(answer, nearest: nearest))
        }
    }

    private func event(_ id: Int, _ name: String, _ payload: some Encodable) throws -> ServerEvent {
        try ServerEvent(id: String(id), name: name, payload: payload)
    }
}
