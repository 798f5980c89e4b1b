import Foundation
import HTTPTypes
import Kit

/// What a handler gives back.
package struct Reply: Sendable {
    package enum Body: Sendable {
        case empty
        case bytes([UInt8])
        /// Chunks as they come; the stream ends when the source ends, the client leaves or rights are cut.
        case stream(AsyncThrowingStream<[UInt8], any Error>)
    }

    package var status: HTTPResponse.Status
    package var headers: HTTPFields
    package var body: Body
    /// A stream that would go on for ever: a draining server ends it at once instead of waiting for it.
    package var endsOnDrain = false

    package init(_ status: HTTPResponse.Status = .ok, headers: HTTPFields = [:], body: Body = .empty) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Keys sorted, dates and identifiers as text, no escaped slashes: equal values give equal bytes.
    package static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Reply {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes = try [UInt8](encoder.encode(value))
        return Reply(status, headers: [.contentType: "application/json"], body: .bytes(bytes))
    }

    /// `{"items": [...], "next": cursor or null}`.
    package static func page<Item: Encodable & Sendable>(_ page: Page<Item>) throws -> Reply {
        try json(PageBody(items: page.items, next: page.next.map(CursorPaging.cursor)))
    }

    /// Server-sent events with ids, so that `Last-Event-ID` resumes (WHATWG HTML, section 9.2).
    package static func events(_ events: AsyncThrowingStream<ServerEvent, any Error>) -> Reply {
        EventStream.reply(events)
    }

    /// Events of a source that never ends by itself, such as the jobs of a tenant. The client resumes elsewhere.
    package static func feed(_ events: AsyncThrowingStream<ServerEvent, any Error>) -> Reply {
        var reply = EventStream.reply(events)
        reply.endsOnDrain = true
        return reply
    }

    private struct PageBody<Item: Encodable>: Encodable {
        let items: [Item]
        let next: String?
    }
}

/// One server-sent event. `data` is one JSON value without line breaks.
package struct ServerEvent: Sendable, Equatable {
    package let id: String
    package let name: String
    package let data: String

    package init(id: String, name: String, data: String) {
        self.id = id
        self.name = name
        self.data = data
    }

    /// `payload` as compact JSON with sorted keys.
    package init(id: String, name: String, payload: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        self.init(id: id, name: name, data: String(decoding: try encoder.encode(payload), as: UTF8.self))
    }
}
