import Foundation
import HTTPKit
import HTTPTypes
import Kit

@testable import cloister

/// A whole reply, as a client has it in the end.
struct Answer: Sendable {
    let status: Int
    let headers: HTTPFields
    let bytes: [UInt8]

    var text: String { String(decoding: bytes, as: UTF8.self) }
    var json: JSON { (try? JSONDecoder().decode(JSON.self, from: Data(bytes))) ?? .null }
    /// Of a problem in either dialect.
    var code: String { (json["code"] ?? json["error"]?["code"])?.text ?? "" }

    /// Without what names this one request: two refusals that say the same are equal.
    var anonymous: String {
        "\(status) "
            + text.replacing(/urn:cloister:request:req_[0-9a-z]+/, with: "").replacing(/req_[0-9a-z]{26}/, with: "")
    }

    /// Without the change number and what is new or measured each time.
    var withoutTime: String {
        anonymous.replacing(/"sequence":[0-9]+/, with: "").replacing(/"elapsedMilliseconds":[0-9]+/, with: "")
            .replacing(/(ans|cnv)_[0-9a-z]{26}/, with: "").replacing(/"created":[0-9]+/, with: "")
            .replacing(/"(microseconds|auditEntry)":[0-9]+/, with: "")
    }
}

/// Somebody with one credential, and requests as they make them.
struct Caller: Sendable {
    let house: TestPlatform
    var headers: HTTPFields = [:]
    var isLocal = false

    func get(_ path: String) async throws -> Answer { try await send(.get, path) }
    func delete(_ path: String) async throws -> Answer { try await send(.delete, path) }

    func post(_ path: String, _ body: JSON = [:]) async throws -> Answer {
        try await send(.post, path, Self.encode(body), type: "application/json")
    }

    func put(_ path: String, _ body: JSON = [:]) async throws -> Answer {
        try await send(.put, path, Self.encode(body), type: "application/json")
    }

    func patch(_ path: String, _ body: JSON) async throws -> Answer {
        try await send(.patch, path, Self.encode(body), type: "application/json")
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: [UInt8] = [], type: String? = nil,
        accept: String? = nil
    ) async throws -> Answer {
        let reply = await reply(method, path, body, type: type, accept: accept)
        let bytes = try await reply.body.stream.reduce(into: [UInt8]()) { $0 += $1 }
        return Answer(status: reply.status.code, headers: reply.headers, bytes: bytes)
    }

    /// The reply as it begins: a stream is still running.
    func reply(
        _ method: HTTPRequest.Method, _ path: String, _ body: [UInt8] = [], type: String? = nil,
        accept: String? = nil
    ) async -> Reply {
        var request = HTTPRequest(
            method: method, scheme: "http", authority: "localhost", path: path, headerFields: headers)
        if let type { request.headerFields[.contentType] = type }
        if let accept { request.headerFields[.accept] = accept }
        let entry: ExchangeEntry = isLocal ? .local : .network(peer: house.peer())
        return await house.platform.routes.respond(to: request, body: body, entry: entry)
    }

    static func encode(_ body: JSON) -> [UInt8] { (try? [UInt8](JSONEncoder().encode(body))) ?? [] }
}

extension Answer {
    /// The text of a member; an error that shows the reply when it is not there.
    func value(_ key: String) throws -> String {
        guard let value = json[key]?.text else { throw UnexpectedAnswer(answer: self) }
        return value
    }

    /// Itself when it succeeded; an error that shows the reply otherwise.
    @discardableResult
    func succeeded() throws -> Answer {
        guard (200..<300).contains(status) else { throw UnexpectedAnswer(answer: self) }
        return self
    }
}

struct UnexpectedAnswer: Error, CustomStringConvertible {
    let answer: Answer
    var description: String { "unexpected answer \(answer.status): \(answer.text.prefix(500))" }
}

// These are valid names, so the initialiser cannot return nil.
extension HTTPField.Name {
    static let apiKeyPlace = HTTPField.Name("x-api-key")!
    static let plainAPIKeyPlace = HTTPField.Name("api-key")!
    static let csrfPlace = HTTPField.Name("x-csrf-token")!
    static let lastEventPlace = HTTPField.Name("last-event-id")!
}
