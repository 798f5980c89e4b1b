import HTTPKit
import Kit

/// An answer as server-sent events. The identifier of an event follows from its place in the answer, so that a
/// broken stream resumes after any of them: 0 started; 2i+1 citation and 2i+2 sentence of quote i; 2n+1 the end.
struct AnswerEvents: Sendable {
    let pipeline: AnswerPipeline

    /// Events after `last`, each read and re-authorised when its turn comes.
    func stream(
        _ answer: Answer, for principal: Principal, after last: Int?
    ) -> AsyncThrowingStream<ServerEvent, any Error> {
        AsyncThrowingStream { continuation in
            let work = Task {
                do {
                    try await emit(answer, for: principal, after: last ?? -1) { continuation.yield($0) }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in work.cancel() }
        }
    }

    private func emit(
        _ answer: Answer, for principal: Principal, after last: Int, _ yield: (ServerEvent) -> Void
    ) async throws {
        if last < 0 {
            try yield(event(0, "answer.started", StartedBody(answer: answer.id, sequence: answer.sequence)))
        }
        for (index, quote) in answer.quotes.enumerated() where 2 * index + 2 > last {
            try Task.checkCancellation()
            guard let citation = try await pipeline.citation(quote, for: principal) else {
                try yield(event(2 * index + 2, "answer.withdrawn", WithdrawnBody(index: index)))
                continue
            }
            if 2 * index + 1 > last { try yield(event(2 * index + 1, "answer.citation", citation)) }
            try yield(event(2 * index + 2, "answer.sentence", SentenceBody(index: index, citation: citation)))
        }
        if 2 * answer.quotes.count + 1 > last { try yield(end(of: answer)) }
    }

    private func end(of answer: Answer) throws -> ServerEvent {
        let id = 2 * answer.quotes.count + 1
        if answer.isDeclined { return try event(id, "answer.declined", DeclinedBody(answer: answer.id)) }
        return try event(id, "answer.finished", FinishedBody(answer))
    }

    private func event(_ id: Int, _ name: String, _ payload: some Encodable) throws -> ServerEvent {
        try ServerEvent(id: String(id), name: name, payload: payload)
    }
}

struct StartedBody: Codable, Sendable {
    let answer: AnswerID
    let sequence: Int64
}

struct SentenceBody: Codable, Sendable {
    let index: Int
    let text: String
    /// Always `quoted` here: verbatim from the source.
    let kind: String
    let citations: [Int]

    init(index: Int, citation: Citation) {
        self.index = index
        text = citation.quote
        kind = "quoted"
        citations = [citation.number]
    }
}

struct WithdrawnBody: Codable, Sendable {
    let index: Int
}

struct DeclinedBody: Codable, Sendable {
    let answer: AnswerID
    let reason: String
    let message: String

    init(answer: AnswerID) {
        self.answer = answer
        reason = "not_in_documents"
        message = "Not in your documents: nothing you may read answers this."
    }
}

struct FinishedBody: Codable, Sendable {
    let answer: AnswerID
    let sentences: Int
    let elapsedMilliseconds: Int

    init(_ answer: Answer) {
        self.answer = answer.id
        sentences = answer.quotes.count
        elapsedMilliseconds = answer.elapsedMilliseconds
    }
}
