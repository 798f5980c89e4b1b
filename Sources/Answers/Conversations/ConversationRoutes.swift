import HTTPKit
import HTTPTypes
import Kit

/// Conversations over HTTP: listing, reading, sharing, exporting, and what people say of answers.
struct ConversationRoutes: Sendable {
    let pipeline: AnswerPipeline

    var routes: [Route] {
        [
            Route(
                .get, "/api/v1/conversations", .requires(.answersAsk),
                "Your conversations and those shared with you, the latest first; `matching` looks into their words.",
                gives: .of(ConversationsBody.self), handler: list),
            Route(
                .get, "/api/v1/conversations/{conversation}", .requires(.answersAsk),
                "A conversation with all its turns, each with the evidence you may still see.",
                gives: .of(ConversationBody.self), handler: get),
            Route(
                .patch, "/api/v1/conversations/{conversation}", .requires(.answersAsk), "Give it another title.",
                takes: .of(TitleBody.self), handler: rename),
            Route(
                .delete, "/api/v1/conversations/{conversation}", .requires(.answersAsk),
                "Delete a conversation of yours with all its answers.", handler: delete),
            Route(
                .put, "/api/v1/conversations/{conversation}/readers", .requires(.answersAsk),
                "Who else may read it. Each sees what their own rights show.", takes: .of(ReadersBody.self),
                handler: share),
            Route(
                .get, "/api/v1/conversations/{conversation}/export", .requires(.answersAsk),
                "A conversation as a file, ?format=markdown or json: what you may see of it now, the rest counted.",
                gives: .bytes(contentType: "text/markdown"), handler: export),
            Route(
                .put, "/api/v1/answers/{answer}/feedback", .requires(.answersAsk),
                "Say whether an answer is good, and why not.", takes: .of(FeedbackBody.self), handler: rate),
            Route(
                .get, "/api/v1/feedback", .requires(.answersReview),
                "What people said of answers, the newest first: material for an evaluation set.",
                gives: .of(FeedbackListBody.self), handler: feedback),
        ]
    }

    private func list(_ exchange: Exchange) async throws -> Reply {
        let principal = try exchange.principal()
        let found = try await pipeline.conversations(matching: exchange.query["matching"], for: principal)
        return try .json(ConversationsBody(items: found.map { ConversationHeadBody($0, for: principal) }))
    }

    private func get(_ exchange: Exchange) async throws -> Reply {
        let principal = try exchange.principal()
        let conversation = try await pipeline.conversation(exchange.identifier("conversation"), for: principal)
        var turns: [AnswerBody] = []
        for answer in try await pipeline.turns(of: conversation.id, for: principal) {
            turns.append(try await pipeline.body(of: answer, for: principal))
        }
        return try .json(
            ConversationBody(
                conversation: ConversationHeadBody(conversation, for: principal), readers: conversation.readers,
                turns: turns))
    }

    private func export(_ exchange: Exchange) async throws -> Reply {
        let id: ConversationID = try exchange.identifier("conversation")
        guard let format = ConversationExport.Format(rawValue: exchange.query["format"] ?? "markdown") else {
            throw AnswerFailure.unknownFormat
        }
        let bytes = try await pipeline.export(id, as: format, for: exchange.principal(), request: exchange.id)
        return .download(bytes, name: "cloister-\(id).\(format.fileExtension)", type: format.contentType)
    }

    private func rename(_ exchange: Exchange) async throws -> Reply {
        let body = try exchange.decode(TitleBody.self)
        try await pipeline.rename(exchange.identifier("conversation"), to: body.title, by: exchange.principal())
        return Reply(.noContent)
    }

    private func delete(_ exchange: Exchange) async throws -> Reply {
        try await pipeline.delete(
            exchange.identifier("conversation"), by: exchange.principal(), request: exchange.id)
        return Reply(.noContent)
    }

    private func share(_ exchange: Exchange) async throws -> Reply {
        let body = try exchange.decode(ReadersBody.self)
        try await pipeline.share(
            exchange.identifier("conversation"), with: body.readers, by: exchange.principal(), request: exchange.id)
        return Reply(.noContent)
    }

    private func rate(_ exchange: Exchange) async throws -> Reply {
        let body = try exchange.decode(FeedbackBody.self)
        try await pipeline.rate(
            exchange.identifier("answer"), body.verdict, reason: body.reason, comment: body.comment,
            by: exchange.principal(), request: exchange.id)
        return Reply(.noContent)
    }

    private func feedback(_ exchange: Exchange) async throws -> Reply {
        let found = try await pipeline.feedback(for: exchange.principal(), request: exchange.id)
        return try .json(FeedbackListBody(items: found.map { FeedbackItemBody($0.feedback, question: $0.question) }))
    }
}

struct TitleBody: Codable, Sendable {
    let title: String
}

struct ReadersBody: Codable, Sendable {
    let readers: [SubjectID]
}

struct FeedbackBody: Codable, Sendable {
    let verdict: Feedback.Verdict
    let reason: Feedback.Reason?
    let comment: String?
}

struct FeedbackListBody: Codable, Sendable {
    let items: [FeedbackItemBody]
}

struct FeedbackItemBody: Codable, Sendable {
    let answer: AnswerID
    let question: String
    let verdict: Feedback.Verdict
    let reason: Feedback.Reason?
    let comment: String?
    let created: Timestamp

    init(_ feedback: Feedback, question: String) {
        answer = feedback.answer
        self.question = question
        verdict = feedback.verdict
        reason = feedback.reason
        comment = feedback.comment
        created = feedback.created
    }
}

struct ConversationsBody: Codable, Sendable {
    let items: [ConversationHeadBody]
}

struct ConversationHeadBody: Codable, Sendable {
    let id: ConversationID
    let title: String
    let created: Timestamp
    let updated: Timestamp
    /// False for one that somebody shared with you.
    let isYours: Bool

    init(_ conversation: Conversation, for principal: Principal) {
        id = conversation.id
        title = conversation.title
        created = conversation.created
        updated = conversation.updated
        isYours = conversation.owner == principal.subject
    }
}

struct ConversationBody: Codable, Sendable {
    let conversation: ConversationHeadBody
    let readers: [SubjectID]
    /// Oldest first. Each names its parent: edited questions make branches.
    let turns: [AnswerBody]
}
