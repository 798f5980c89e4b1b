import Documents
import Encoder
import HTTPKit
import HTTPTypes
import Kit
import Search

/// Search over HTTP: hits with title, place and snippet, each checked twice (index, then the rules themselves).
package struct SearchRoutes: Sendable {
    static let queryCharactersMax = 10_000
    static let snippetBytesMax = 400

    let library: DocumentLibrary

    package init(library: DocumentLibrary) { self.library = library }

    package var routes: [Route] {
        [
            Route(
                .post, "/api/v1/search", .requires(.searchQuery), "Find passages that you may read.",
                takes: .of(QueryBody.self), gives: .of(HitsBody.self), repetition: .runsAgain, handler: search)
        ]
    }

    private func search(_ exchange: Exchange) async throws -> Reply {
        let body = try exchange.decode(QueryBody.self)
        let limit = body.limit ?? 10
        guard (1...100).contains(limit) else { throw Problem.invalid("limit", "1 to 100.") }
        try checkText(body.query)
        let mode = body.mode ?? .fused
        let (collections, explain) = (body.collections.map(Set.init), body.explain ?? false)
        let filter = try body.filter?.filter() ?? DocumentFilter()
        let principal = try exchange.principal()
        if mode == .lexical {
            let query = SearchQuery(
                text: body.query, vector: nil, mode: mode, limit: limit, collections: collections, explain: explain)
            return try .json(HitsBody(try await library.search(query, filter, for: principal), mode))
        }
        let found = try await library.asking(body.query, for: principal) { question in
            let query = question.query(mode: mode, limit: limit, collections: collections, explain: explain)
            return try await library.search(query, filter, for: principal)
        }
        guard let found else { throw Problem.invalid("query", "There are no words in it.") }
        return try .json(HitsBody(found, mode))
    }

    private func checkText(_ text: String) throws {
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw Problem.invalid("query", "Say what to look for.")
        }
        guard text.count <= Self.queryCharactersMax else {
            throw Problem.invalid("query", "At most \(Self.queryCharactersMax) characters.")
        }
    }
}

struct QueryBody: Codable, Sendable {
    let query: String
    let mode: SearchMode?
    let limit: Int?
    let collections: [CollectionID]?
    let explain: Bool?
    let filter: FilterBody?
}

struct HitsBody: Codable, Sendable {
    /// The change that the answer has seen; the tenant's next change is higher.
    let sequence: Int64
    let hits: [HitBody]
    /// Pieces of documents that you may read and that took part by their words, and by their meaning: fewer while
    /// documents are read by a new encoder.
    let searched: Int
    let embedded: Int?

    init(_ found: (SearchResult, [Passage]), _ mode: SearchMode) {
        sequence = found.0.sequence
        hits = found.1.map(HitBody.init)
        searched = found.0.searched
        embedded = mode == .lexical ? nil : found.0.embedded
    }
}

struct HitBody: Codable, Sendable {
    let document: DocumentID
    let version: VersionID
    let collection: CollectionID
    let title: String
    let path: String
    let chunk: Int
    /// UTF-8 byte offsets in the normalised text.
    let start, end: Int
    let heading: [String]
    let snippet: String
    let score: Double
    /// Other documents that you may read with nearly the same passage, folded into this hit.
    let alsoIn: [DocumentID]
    let explanation: HitExplanation?

    init(_ passage: Passage) {
        document = passage.document.id
        version = passage.hit.version
        collection = passage.document.collection
        title = passage.document.title ?? passage.document.path
        path = passage.document.path
        chunk = passage.hit.chunk
        (start, end) = (passage.hit.start, passage.hit.end)
        heading = passage.headings
        snippet = String(decoding: passage.text.prefixOfWholeCharacters(SearchRoutes.snippetBytesMax), as: UTF8.self)
        score = passage.hit.score
        alsoIn = passage.alsoIn
        explanation = passage.hit.explanation
    }
}

extension SearchFailure: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .queryTooLong(_, let limit): .invalid("query", "At most \(limit) bytes.")
        case .limitOutOfRange: .invalid("limit", "1 to 100.")
        case .encoderChanged:
            Problem(
                .serviceUnavailable, "search.encoder_changed", "The encoder was changed just now. Ask again.",
                retryAfterSeconds: 1)
        default: Problem(.internalServerError, "search.failed", "The search failed; the server's log says why.")
        }
    }
}

extension EncoderFailure: ProblemConvertible {
    package var problem: Problem {
        guard case .overloaded = self else {
            return Problem(.internalServerError, "encoder.failed", "The encoder failed; the server's log says why.")
        }
        return Problem(.serviceUnavailable, "encoder.busy", "Too many questions at once.", retryAfterSeconds: 1)
    }
}
