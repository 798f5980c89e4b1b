import HTTPKit
import HTTPTypes
import Kit

@testable import WebUI

/// The application's routes, asked without a server.
struct ServedPages {
    let routes: [Route]

    init(webRoot: String? = nil, embedders: [String] = []) throws {
        routes = try WebUIRoutes(webRoot: webRoot, embedders: embedders).routes
    }

    /// The reply to `GET` of the route `pattern`, with the rest of the path as `path`; nil for a 404.
    func get(_ pattern: String, path: String? = nil, ifNoneMatch: String? = nil) async throws -> Reply? {
        guard let route = routes.first(where: { $0.path == pattern }) else { return nil }
        var request = HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: pattern)
        request.headerFields[.ifNoneMatch] = ifNoneMatch
        let exchange = Exchange(
            id: RequestID(high: 0, low: 1), request: request, parameters: path.map { ["path": $0] } ?? [:], query: [:],
            caller: nil, body: [], receivedAt: Timestamp(microseconds: 0), peer: "local", revoked: {})
        do {
            return try await route.handler(exchange)
        } catch let problem as Problem where problem.status == .notFound {
            return nil
        }
    }

    func asset(_ path: String, ifNoneMatch: String? = nil) async throws -> Reply? {
        try await get("/assets/{path...}", path: path, ifNoneMatch: ifNoneMatch)
    }
}

extension Reply {
    var text: String {
        guard case .bytes(let bytes) = body else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }
}
