import Foundation
import HTTPTypes
import Kit
import Outbound

/// Asks a Confluence site, at its pace, and says what its refusals mean.
struct ConfluenceAPI: Sendable {
    typealias Query = [(name: String, value: String)]

    let base: OutboundURL
    let edition: ConfluenceSettings.Edition
    private let authorization: Secret
    /// Without token and pace of this source.
    let plain: RetryingClient
    private let pace: OriginPace
    private let clock: WallClock
    private let listBytesMax: Int

    init(_ settings: ConfluenceSettings, client: RetryingClient, clock: WallClock) throws(SourceFailure) {
        base = try settings.base()
        edition = settings.edition
        authorization = settings.authorization
        plain = client
        self.clock = clock
        // Of this source alone; what the client keeps for all who ask that site comes on top.
        pace = OriginPace(PaceLimit(perMinute: settings.requestsPerMinute))
        listBytesMax = settings.limits.listBytesMax
    }

    var isCloud: Bool { edition == .cloud }

    /// Throws `.gone` for 404, which Confluence answers as well for what the account may not see.
    func get<Answer: Decodable & Sendable>(
        _ type: Answer.Type, _ path: [String], _ query: Query = []
    ) async throws -> Answer {
        try await ask(OutboundRequest(.get, try address(path, query)))
    }

    /// For questions only: it may be sent twice.
    func post<Answer: Decodable & Sendable>(
        _ type: Answer.Type, _ path: [String], _ body: [UInt8]
    ) async throws -> Answer {
        var request = OutboundRequest(.post, try address(path, []), body: body)
        request.headers[.contentType] = "application/json"
        request.isRepeatable = true
        return try await ask(request)
    }

    /// One page of a list, `from` the mark of the page before, or from the beginning.
    func list<Value: Decodable & Sendable>(
        _: Value.Type, _ path: [String], _ query: Query, from mark: String = ""
    ) async throws -> ConfluenceList<Value> {
        let parts = mark.split(separator: "=", maxSplits: 1).map(String.init)
        let query = parts.count == 2 ? query + [(parts[0], Self.decoded(parts[1]))] : query
        return try await get(ConfluenceList<Value>.self, path, query)
    }

    /// All pages of a list. Throws `.limit` beyond `pagesMax`, and `.misbehaved` when a page leads to itself.
    func all<Value: Decodable & Sendable>(
        _: Value.Type, _ path: [String], _ query: Query, pagesMax: Int = 500
    ) async throws -> [Value] {
        var (values, mark): ([Value], String) = ([], "")
        for _ in 0..<pagesMax {
            let page = try await list(Value.self, path, query, from: mark)
            values += page.values
            let next = try page.next()
            guard !next.isEmpty else { return values }
            guard next != mark else { throw SourceFailure.misbehaved("A list of Confluence goes in a circle.") }
            mark = next
        }
        throw SourceFailure.limit(.lists(pagesMax))
    }

    /// The bytes of a file, wherever the site keeps it: redirects to other hosts get no credentials.
    func download(_ url: OutboundURL, bytesMax: Int) async throws -> (bytes: [UInt8], mediaType: String?) {
        var request = OutboundRequest(.get, url)
        request.headers[.authorization] = authorization.reveal()
        request.limits.bodyBytesMax = bytesMax
        try await turn()
        return try await plain.asking(request) { answer in
            guard answer.status == 200 else { throw Self.refusal(answer.status) }
            guard let bytes = try await answer.body.bytes(upTo: bytesMax) else {
                throw SourceFailure.poison(.tooLarge(bytesMax: bytesMax))
            }
            return (bytes, answer.headers.mediaType)
        }
    }

    func address(_ path: [String], _ query: Query) throws(SourceFailure) -> OutboundURL {
        do throws(URLFault) {
            var url = base
            for segment in path { url = try url.appending(segment) }
            return try url.asking(query)
        } catch {
            throw .misbehaved("A name or mark of Confluence does not fit into an address.")
        }
    }

    private func ask<Answer: Decodable & Sendable>(_ request: OutboundRequest) async throws -> Answer {
        var request = request
        // A redirect leads to a page for signing in; nothing of ours follows it.
        request.redirectsMax = 0
        request.headers[.authorization] = authorization.reveal()
        request.headers[.accept] = "application/json"
        let bound = listBytesMax
        request.limits.bodyBytesMax = bound
        try await turn()
        let bytes = try await plain.asking(request) { answer in
            guard answer.status == 200 else { throw Self.refusal(answer.status) }
            guard let bytes = try await answer.body.bytes(upTo: bound) else {
                throw SourceFailure.limit(.listBytes(bound))
            }
            return bytes
        }
        return try JSONForm.decode(Answer.self, bytes)
    }

    private func turn() async throws {
        let wait: Duration
        do throws(OutboundFailure) { wait = try pace.reserve(base.origin, at: clock.now()) } catch {
            throw SourceFailure(error)
        }
        if wait > .zero { try await clock.sleep(wait) }
    }

    /// Statuses that mean "later" are the client's; this may be for one page alone, each time.
    static let failed = "Confluence failed to answer (status 500)."

    private static func refusal(_ status: Int) -> SourceFailure {
        switch status {
        case 300...399:
            .misconfigured("The site sends us elsewhere (status \(status)). Check the address and the edition.")
        case 401: .unauthorised("Confluence does not accept the token (status 401).")
        case 403: .forbidden("The account of the token may not do this (status 403).")
        case 404, 410: .gone
        case 500...: .retryable(after: nil, failed)
        default: .misbehaved("Confluence refused the question (status \(status)).")
        }
    }

    /// Percent-decoded, as a value stands in a query.
    private static func decoded(_ text: String) -> String {
        text.replacing("+", with: " ").removingPercentEncoding ?? text
    }
}
