import Crypto
import Kit
import Synchronization

@testable import Connectors
@testable import TestConnectors

/// A site with a sitemap, pages and robots.txt.
final class FakeSite: SourceWorld {
    struct State: Sendable {
        var pages: [ExactText: [UInt8]] = [:]
        var override: (@Sendable (TestRequest) -> TestAnswer?)?
        var robots: TestAnswer = .status(404)
        var hasTags = true
    }

    let state = Mutex(State())
    private let server = Mutex<LoopbackServer?>(nil)

    static func run<Result>(_ body: (FakeSite, LoopbackServer) async throws -> Result) async throws -> Result {
        let site = FakeSite()
        return try await LoopbackServer.run {
            site.answer($0)
        } body: { server in
            site.server.withLock { $0 = server }
            defer { site.server.withLock { $0 = nil } }
            return try await body(site, server)
        }
    }

    func put(_ name: String, _ bytes: [UInt8]) { state.withLock { $0.pages[Self.path(name)] = bytes } }
    func remove(_ name: String) { state.withLock { $0.pages[Self.path(name)] = nil } }
    func key(_ name: String) -> ExactText { ExactText(address + Self.path(name).text) }

    private var address: String { server.withLock { $0?.address ?? "" } }

    private static func path(_ name: String) -> ExactText { ExactText("/" + S3Text.encoded(name)) }

    func connector(pageItemsMax: Int) throws -> any Connector {
        var settings = WebSettings(sitemaps: [address + "/sitemap.xml"], permissions: .everyone)
        settings.limits.pageItemsMax = pageItemsMax
        return try connector(settings)
    }

    func otherConnector() throws -> any Connector {
        try connector(WebSettings(addresses: [address + "/other"], permissions: .everyone))
    }

    func connector(_ settings: WebSettings, clock: WallClock = .system) throws -> WebConnector {
        guard let server = server.withLock({ $0 }) else { throw TooManyPages() }
        return try WebConnector(settings, client: try server.client(clock: clock))
    }

    static func sitemap(_ links: [String]) -> String {
        "<?xml version='1.0' encoding='UTF-8'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
            + links.map { "<url><loc> \($0.replacing("&", with: "&amp;")) </loc><lastmod>2026-01-01</lastmod></url>" }
            .joined() + "</urlset>"
    }

    private func answer(_ request: TestRequest) -> TestAnswer {
        let state = state.withLock { $0 }
        if let answer = state.override?(request) { return answer }
        switch request.path {
        case "/sitemap.xml": return .text(Self.sitemap(state.pages.keys.sorted().map { address + $0.text }))
        case "/robots.txt": return state.robots
        default: break
        }
        guard let bytes = state.pages[ExactText(request.target)] else { return .status(404) }
        let tag = "\"\(Hex.encode(SHA256.hash(data: bytes)).prefix(16))\""
        if state.hasTags, request.header("if-none-match") == tag { return .status(304, [("ETag", tag)]) }
        let headers = [("Content-Type", "Text/HTML; charset=utf-8")] + (state.hasTags ? [("ETag", tag)] : [])
        return TestAnswer(headers: headers, body: bytes)
    }
}
