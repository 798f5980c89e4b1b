import HTTPKit
import HTTPTypes
import Kit

/// Asking over HTTP, as a stream or as one JSON object.
package struct AnswerRoutes: Sendable {
    let pipeline: AnswerPipeline

    package init(pipeline: AnswerPipeline) { self.pipeline = pipeline }

    package var routes: [Route] {
        [
            Route(
                .post, "/api/v1/ask", .requires(.answersAsk),
                "Ask. Verified sentences with citations; an event stream when asked for by Accept.",
                takes: .of(QuestionBody.self), gives: .of(AnswerBody.self), repetition: .runsAgain, handler: ask),
            Route(
                .get, "/api/v1/answers/{answer}", .requires(.answersAsk),
                "An earlier answer of yours, or shared with you, with the evidence you may still see.",
                gives: .of(AnswerBody.self), handler: getAnswer),
            Route(
                .get, "/api/v1/answers/{answer}/events", .requires(.answersAsk),
                "Resume the stream of an answer after Last-Event-ID.", gives: .events, handler: resume),
            Route(
                .post, "/api/v1/answers/{answer}/stop", .requires(.answersAsk),
                "Stop the writing of an answer of yours; what is written stays.", handler: stop),
            Route(
                .get, "/api/v1/collections/{collection}/suggestions", .requires(.answersAsk),
                "Questions that documents you may see answer.", gives: .of(SuggestionsBody.self),
                handler: getSuggestions),
            Route(
                .get, "/api/v1/answers/{answer}/bundle", .requires(.answersAsk),
                "An answer as one file that proves itself: cited passages with hashes, rights, audit entry, signature.",
                gives: .bytes(contentType: "application/json"), handler: bundle),
        ] + ConversationRoutes(pipeline: pipeline).routes + LineageRoutes(pipeline: pipeline).routes
    }

    private func getSuggestions(_ exchange: Exchange) async throws -> Reply {
        let found = try await pipeline.suggestions(
            in: exchange.identifier("collection"), for: exchange.principal())
        return try .json(SuggestionsBody(items: found.map(SuggestionBody.init)))
    }

    private func ask(_ exchange: Exchange) async throws -> Reply {
        let body = try exchange.decode(QuestionBody.self)
        let principal = try exchange.principal()
        let asking = AnswerPipeline.Asking(
            body.question, in: body.collections.map(Set.init), conversation: body.conversation, after: body.parent,
            by: body.answerer)
        return try await reply(to: asking, as: principal, exchange)
    }

    /// A stream or one object, as the request asks for.
    package func reply(
        to asking: AnswerPipeline.Asking, as principal: Principal, _ exchange: Exchange
    ) async throws -> Reply {
        let answer = try await pipeline.ask(asking, by: principal, request: exchange.id)
        if exchange.request.headerFields[.accept]?.contains("text/event-stream") == true {
            return .events(AnswerEvents(pipeline: pipeline).stream(answer, for: principal, after: nil))
        }
        let whole = try await pipeline.runs.following(answer.id) {
            answer.state == .writing
                ? try await pipeline.progress(of: answer.id, beyond: .max, for: principal) : answer
        }
        return try .json(try await pipeline.body(of: whole, for: principal))
    }

    private func getAnswer(_ exchange: Exchange) async throws -> Reply {
        let principal = try exchange.principal()
        let answer = try await pipeline.answer(exchange.identifier("answer"), for: principal)
        return try .json(try await pipeline.body(of: answer, for: principal))
    }

    private func resume(_ exchange: Exchange) async throws -> Reply {
        let principal = try exchange.principal()
        let answer = try await pipeline.answer(exchange.identifier("answer"), for: principal)
        let last = exchange.request.headerFields[.lastEventID].flatMap { Int($0) }
        return .events(AnswerEvents(pipeline: pipeline).stream(answer, for: principal, after: last))
    }

    private func bundle(_ exchange: Exchange) async throws -> Reply {
        let id: AnswerID = try exchange.identifier("answer")
        let bytes = try await pipeline.proof(of: id, for: exchange.principal(), request: exchange.id)
        return .download(bytes, name: "cloister-proof-\(id).json", type: "application/json")
    }

    private func stop(_ exchange: Exchange) async throws -> Reply {
        try await pipeline.stop(exchange.identifier("answer"), by: exchange.principal())
        return Reply(.noContent)
    }
}

extension AnswerPipeline {
    func body(of answer: Answer, for principal: Principal) async throws -> AnswerBody {
        AnswerBody(
            answer, try await shown(answer, for: principal), nearest: try await nearest(of: answer, for: principal))
    }
}

extension HTTPField.Name {
    /// A constant that the library cannot refuse: it is a valid token.
    fileprivate static let lastEventID = HTTPField.Name("Last-Event-ID")!
}

extension AnswerFailure: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .notFound: .notFound("answers.not_found")
        case .emptyQuestion: .invalid("question", "Ask something.")
        case .questionTooLong(let charactersMax): .invalid("question", "At most \(charactersMax) characters.")
        case .noModel: .invalid("answerer", "No model is configured: set answers.model.url, or ask the reader.")
        case .busy:
            Problem(
                .serviceUnavailable, "answers.busy", "Too many answers are being written.",
                detail: "Try again in a moment, or ask the reader.", retryAfterSeconds: 5)
        case .conversationFull(let turnsMax):
            .invalid("conversation", "It has \(turnsMax) questions already; begin a new one.")
        case .badTitle: .invalid("title", "1 to 160 characters.")
        case .tooManyReaders(let readersMax): .invalid("readers", "At most \(readersMax) people.")
        case .commentTooLong(let charactersMax): .invalid("comment", "At most \(charactersMax) characters.")
        case .unknownFormat: .invalid("format", "markdown or json.")
        case .notFinished:
            Problem(.conflict, "answers.not_finished", "The answer is still being written. Ask for its proof then.")
        case .evidenceGone:
            Problem(
                .conflict, "answers.evidence_gone", "This answer can no longer be proved to you.",
                detail: "A document that it rests on was deleted, or is no longer open to you. A proof holds the words "
                    + "of all its sources, so there is none without them.")
        }
    }
}
