import Foundation
import HTTPTypes

/// One request to the platform, wherever it runs.
struct PlatformRequest: Sendable {
    var method: HTTPRequest.Method = .get
    /// Begins with `/api/`; values in it are percent-encoded.
    var path: String
    var headers: HTTPFields = [:]
    var body: [UInt8] = []
}

struct PlatformResponse: Sendable {
    let status: HTTPResponse.Status
    let body: AsyncThrowingStream<[UInt8], any Error>
}

/// How a command reaches the platform. Two implementations: the same wiring in this process, and a server over its
/// socket or its address.
///
/// Contract: `send` returns when the head of the response is there; the body may still be coming.
protocol PlatformClient: Sendable {
    func send(_ request: PlatformRequest) async throws -> PlatformResponse
    func close() async
}

/// An answer that is a problem: its words are for the person at the terminal.
struct PlatformProblem: Error, CustomStringConvertible {
    let status: Int
    let code: String
    let title: String
    let detail: String?

    var description: String { detail.map { "\(title) \($0)" } ?? title }
}

private struct ProblemBody: Decodable {
    let code: String
    let title: String
    let detail: String?
}

extension PlatformClient {
    /// The decoded JSON of a successful answer; a `PlatformProblem` otherwise.
    func json<Value: Decodable>(_ request: PlatformRequest, as _: Value.Type = Value.self) async throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(try await bytes(request)))
    }

    @discardableResult
    func bytes(_ request: PlatformRequest) async throws -> [UInt8] {
        let response = try await send(request)
        let body = try await response.body.reduce(into: [UInt8]()) { $0 += $1 }
        guard response.status.kind == .successful else { throw problem(response.status, body) }
        return body
    }

    /// Server-sent events as they come; a `PlatformProblem` when the answer is none.
    func events(_ request: PlatformRequest, _ each: (EventReader.Event) throws -> Void) async throws {
        var request = request
        request.headers[.accept] = "text/event-stream"
        let response = try await send(request)
        guard response.status.kind == .successful else {
            throw problem(response.status, try await response.body.reduce(into: [UInt8]()) { $0 += $1 })
        }
        var reader = EventReader()
        for try await piece in response.body {
            for event in reader.feed(piece) { try each(event) }
        }
    }

    private func problem(_ status: HTTPResponse.Status, _ body: [UInt8]) -> PlatformProblem {
        let parsed = try? JSONDecoder().decode(ProblemBody.self, from: Data(body))
        return PlatformProblem(
            status: status.code, code: parsed?.code ?? "unknown",
            title: parsed?.title ?? "The server answered \(status).",
            detail: parsed?.detail)
    }
}

extension PlatformRequest {
    static func post(_ path: String, json value: some Encodable) throws -> PlatformRequest {
        PlatformRequest(
            method: .post, path: path, headers: [.contentType: "application/json"],
            body: [UInt8](try JSONEncoder().encode(value)))
    }
}

extension String {
    /// Safe inside one path segment or query value.
    var percentEncoded: String {
        let safe = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/")
        return addingPercentEncoding(withAllowedCharacters: safe) ?? ""
    }
}
