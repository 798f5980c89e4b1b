import HTTPKit
import HTTPTypes
import Kit

/// From a document, or a source, to the answers that rest on it.
struct LineageRoutes: Sendable {
    let pipeline: AnswerPipeline

    var routes: [Route] {
        [
            Route(
                .get, "/api/v1/documents/{document}/answers", .requires(.answersReview),
                "Which answers rest on a document you may see: when, who asked, which version. Not what was asked.",
                gives: .of(LineageBody.self), handler: ofDocument),
            Route(
                .get, "/api/v1/sources/{source}/answers", .requires(.answersReview),
                "Which answers rest on documents of a source that you may see.", gives: .of(LineageBody.self),
                handler: ofSource),
        ]
    }

    private func ofDocument(_ exchange: Exchange) async throws -> Reply {
        let found = try await pipeline.lineage(
            of: exchange.identifier("document"), for: exchange.principal(), request: exchange.id)
        return try .json(LineageBody(found))
    }

    private func ofSource(_ exchange: Exchange) async throws -> Reply {
        let found = try await pipeline.lineage(
            ofSource: exchange.identifier("source"), for: exchange.principal(), request: exchange.id)
        return try .json(LineageBody(found))
    }
}

struct LineageBody: Codable, Sendable {
    let items: [LineageUseBody]
    /// False when there are more: these are the newest.
    let whole: Bool

    init(_ lineage: Lineage) {
        items = lineage.answers.map(LineageUseBody.init)
        whole = lineage.isWhole
    }
}

struct LineageUseBody: Codable, Sendable {
    let answer: AnswerID
    let asked: String
    let subject: SubjectID
    let answerer: String
    let versions: [VersionID]
    let citations: Int

    init(_ use: Lineage.Use) {
        answer = use.answer
        asked = use.asked.text
        subject = use.subject
        answerer = use.answerer
        versions = use.versions
        citations = use.citations
    }
}
