import Crypto
import Foundation
import Kit
import Synchronization

@testable import Connectors
@testable import TestConnectors

/// A loopback fake of a help desk's interface: a list in JSON, in pages, with texts or files.
final class FakeDesk: SourceWorld {
    enum Style: Sendable { case texts, files }

    struct State: Sendable {
        var articles: [ExactText: [UInt8]] = [:]
        var pageMax = 1000
        var override: (@Sendable (TestRequest) -> TestAnswer?)?
    }

    let state = Mutex(State())
    private let server = Mutex<LoopbackServer?>(nil)
    private let style: Style

    private init(_ style: Style) { self.style = style }

    static func run<Result>(
        _ style: Style, _ body: (FakeDesk, LoopbackServer) async throws -> Result
    ) async throws -> Result {
        let desk = FakeDesk(style)
        return try await LoopbackServer.run {
            desk.answer($0)
        } body: { server in
            desk.server.withLock { $0 = server }
            defer { desk.server.withLock { $0 = nil } }
            return try await body(desk, server)
        }
    }

    func put(_ name: String, _ bytes: [UInt8]) { state.withLock { $0.articles[ExactText(name)] = bytes } }
    func remove(_ name: String) { state.withLock { $0.articles[ExactText(name)] = nil } }
    func key(_ name: String) -> ExactText { ExactText(name) }

    private var address: String { server.withLock { $0?.address ?? "" } }

    /// Texts are found in the list again, whose pages go on by cursor; files have addresses, and pages have numbers.
    var settings: RestSettings {
        let content: RestSettings.Content =
            style == .texts ? .text(pointer: "/body", mediaType: "text/markdown") : .template(address + "/files/{id}")
        var settings = RestSettings(list: address + "/list?kind=faq", id: "/id", content: content)
        settings.items = "/data/items"
        settings.title = "/title"
        settings.version = "/meta/0/etag"
        settings.secret = Secret("Bearer wJalrXUtnFEMI")
        settings.readers = .collection
        if style == .texts {
            settings.paging = .cursor(pointer: "/data/next", parameter: "after")
        } else {
            settings.paging = .number(parameter: "page", first: 1)
            settings.item = address + "/items/{id}"
        }
        return settings
    }

    /// The page size is the source's choice, not ours.
    func connector(pageItemsMax: Int) throws -> any Connector {
        state.withLock { $0.pageMax = pageItemsMax }
        return try connector(settings)
    }

    func otherConnector() throws -> any Connector {
        var other = settings
        other.title = "/name"
        return try connector(other)
    }

    func connector(_ settings: RestSettings) throws -> RestConnector {
        guard let server = server.withLock({ $0 }) else { throw TooManyPages() }
        return try RestConnector(settings, client: try server.client())
    }

    private func answer(_ request: TestRequest) -> TestAnswer {
        let state = state.withLock { $0 }
        if let answer = state.override?(request) { return answer }
        guard request.header("authorization") == "Bearer wJalrXUtnFEMI" else { return .status(401) }
        if request.path == "/list" { return request.items["kind"] == "faq" ? list(request, state) : .status(400) }
        for start in ["/items/", "/files/"] where request.path.hasPrefix(start) {
            let key = ExactText(percentDecoded(String(request.path.dropFirst(start.count))))
            guard let bytes = state.articles[key] else { return .status(404) }
            if start == "/files/" { return TestAnswer(headers: [("Content-Type", "text/plain")], body: bytes) }
            return .text(Self.json(key, bytes))
        }
        return .status(404)
    }

    private func list(_ request: TestRequest, _ state: State) -> TestAnswer {
        let keys = state.articles.keys.sorted()
        let start =
            request.items["page"].flatMap { Int($0) }.map { ($0 - 1) * state.pageMax }
            ?? request.items["after"].flatMap { Int($0.dropFirst()) } ?? 0
        let page = keys.dropFirst(start).prefix(state.pageMax)
        let items = page.map { Self.json($0, state.articles[$0] ?? []) }.joined(separator: ",")
        let end = start + page.count
        let next = style == .texts && end < keys.count ? "\"+\(end)\"" : "null"
        return .text("{\"data\": {\"items\": [\(items)], \"next\": \(next)}}")
    }

    private static func json(_ key: ExactText, _ bytes: [UInt8]) -> String {
        let tag = Hex.encode(SHA256.hash(data: bytes)).prefix(16)
        let fields = [
            "\"id\": \(quoted(key.text))", "\"title\": \(quoted("About " + key.text))",
            "\"body\": \(quoted(String(decoding: bytes, as: UTF8.self)))", "\"meta\": [{\"etag\": \"\(tag)\"}]",
        ]
        return "{\(fields.joined(separator: ", "))}"
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
