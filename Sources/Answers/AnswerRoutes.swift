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
                "Ask. Quoted sentences with citations; an event stream when asked for by Accept.",
                takes: .of(QuestionBody.self), gives: .of(AnswerBody.self), repetition: .runsAgain, handler: ask),
            Route(
                .get, "/api/v1/answers/{answer}", .requires(.answersAsk),
                "An earlier answer of yours, with the evidence you may still see.", gives: .of(AnswerBody.self),
                handler: getAnswer),
            Route(
                .get, "/api/v1/answers/{answer}/events", .requires(.answersAsk),
                "Resume the stream of an answer after Last-Event-ID.", gives: .events, handler: resume),
            Route(
                .get, "/api/v1/collections/{collection}/suggestions", .requires(.answersAsk),
                "Questions that documents you may see answer.", gives: .of(SuggestionsBody.self),
                handler: getSuggestions),
        ]
    }

    private func getSuggestions(_ exchange: Exchange) async throws -> Reply {
        let found = try await pipeline.suggestions(
            in: exchange.identifier("collection"), for: exchange.principal())
        return try .json(SuggestionsBody(items: found.map(SuggestionBody.init)))
    }

    private func ask(_ exchange: Exchange) async throws -> Reply {
        let body = try exchange.decode(QuestionBody.self)
        let principal = try exchange.principal()
        let answer = try await pipeline.ask(
            body.question, in: body.collections.map(Set.init), by: principal, request: exchange.id)
        guard exchange.request.headerFields[.accept]?.contains("text/event-stream") == true else {
            return try .json(try await whole(answer, for: principal))
        }
        return .events(AnswerEvents(pipeline: pipeline).stream(answer, for: principal, after: nil))
    }

    private func getAnswer(_ exchange: Exchange) async throws -> Reply {
        let principal = try exchange.principal()
        let answer = try await pipeline.answer(exchange.identifier("answer"), for: principal)
        return try .json(try await whole(answer, for: principal))
    }

    private func resume(_ exchange: Exchange) async throws -> Reply {
        let principal = try exchange.principal()
        let answer = try await pipeline.answer(exchange.identifier("answer"), for: principal)
        let last = exchange.request.headerFields[.lastEventID].flatMap { Int($0) }
        return .events(AnswerEvents(pipeline: pipeline).stream(answer, for: principal, after: last))
    }

    private func whole(_ answer: Answer, for principal: Principal) async throws -> AnswerBody {
        var citations: [Citation] = []
        for quote in answer.quotes {
            if let citation = try await pipeline.citation(quote, for: principal) { citations.append(citation) }
        }
        return AnswerBody(answer, citations)
    }
}

extension HTTPField.Name {
    /// A constant that the library cannot refuse: it is a valid token.
    fileprivate static let lastEventID = HTTPField.Name("Last-Event-ID")!
}

struct QuestionBody: Codable, Sendable {
    let question: String
    let collections: [CollectionID]?
}

struct SuggestionsBody: Codable, Sendable {
    let items: [SuggestionBody]
}

struct SuggestionBody: Codable, Sendable {
    let question: String
    let document: DocumentID
    let title: String
    let quote: String

    init(_ suggestion: Suggestion) {
        question = suggestion.question
        document = suggestion.document
        title = suggestion.title
        quote = suggestion.quote
    }
}

struct AnswerBody: Codable, Sendable {
    let answer: AnswerID
    let question: String
    let sequence: Int64
    /// `not_in_documents` when nothing answers the question.
    let declined: String?
    let sentences: [SentenceBody]
    let citations: [Citation]
    /// Sentences whose evidence this reader may no longer see.
    let withdrawn: Int
    let elapsedMilliseconds: Int

    init(_ answer: Answer, _ citations: [Citation]) {
        self.answer = answer.id
        question = answer.question
        sequence = answer.sequence
        declined = answer.isDeclined ? DeclinedBody(answer: answer.id).reason : nil
        sentences = citations.enumerated().map { SentenceBody(index: $0, citation: $1) }
        self.citations = citations
        withdrawn = answer.quotes.count - citations.count
        elapsedMilliseconds = answer.elapsedMilliseconds
    }
}

extension AnswerFailure: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .notFound: .notFound("answers.not_found")
        case .emptyQuestion: .invalid("question", "Ask something.")
        case .questionTooLong(let charactersMax): .invalid("question", "At most \(charactersMax) characters.")
        }
    }
}
