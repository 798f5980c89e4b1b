import HTTPKit
import HTTPTypes
import Kit

/// The browser application over HTTP: four pages and their files. It holds no data; what a page shows comes from the
/// API.
package struct WebUIRoutes: Sendable {
    private let source: AssetSource
    private let embedders: [String]

    /// `embedders` are the origins whose pages may show `/embed` in a frame. `webRoot` serves the files of a
    /// directory instead of the embedded ones, read anew for each request: for development. Throws `WebUIFailure`.
    package init(webRoot: String? = nil, embedders: [String] = []) throws(WebUIFailure) {
        self.embedders = embedders
        guard let webRoot else {
            source = .embedded(EmbeddedAssets())
            guard source.asset(at: "index.html") != nil else { throw .noAssets }
            return
        }
        source = .directory(try DirectoryHandle(path: webRoot))
    }

    package var routes: [Route] {
        [
            Route(
                .get, "/", .anonymous(because: "the sign-in page holds no data"), "The browser application.",
                handler: { try page("index.html", $0) }),
            Route(
                .get, "/gallery", .anonymous(because: "it shows widgets with made-up content"),
                "Every widget of the application on one page.", handler: { try page("gallery.html", $0) }),
            Route(
                .get, "/embed", .anonymous(because: "it holds no data, and only named origins may frame it"),
                "The question box that other pages show in a frame.",
                handler: { try page("embed.html", $0, policy: ContentPolicy.framed(by: embedders)) }),
            Route(
                .get, "/verify.html",
                .anonymous(because: "the same page is in every copy of Cloister, and holds no data"),
                "The page that checks a proof file, without this server: one file to keep.", handler: verify),
            Route(
                .get, "/widget.js", .anonymous(because: "the same script is in every copy of Cloister"),
                "The script that puts the question box into another page.", handler: widget),
            Route(
                .get, "/assets/{path...}", .anonymous(because: "the same files are in every copy of Cloister"),
                "Scripts, styles and pictures of the application.", handler: asset),
        ]
    }

    private func page(
        _ name: String, _ exchange: Exchange, policy: String = ContentPolicy.text
    ) throws -> Reply {
        guard let page = source.asset(at: name) else { throw Problem.notFound() }
        var reply = answer(page, to: exchange, cache: .revalidate)
        reply.headers[.contentSecurityPolicy] = policy
        reply.headers[.crossOriginOpenerPolicy] = "same-origin"
        return reply
    }

    private func verify(_ exchange: Exchange) throws -> Reply {
        guard let page = VerifyPage(source) else { throw Problem.notFound() }
        var reply = answer(page.asset, to: exchange, cache: .revalidate)
        reply.headers[.contentSecurityPolicy] = page.policy
        reply.headers[.crossOriginOpenerPolicy] = "same-origin"
        return reply
    }

    /// The one file that pages of others load.
    private func widget(_ exchange: Exchange) throws -> Reply {
        guard let script = source.asset(at: "widget.js") else { throw Problem.notFound() }
        var reply = answer(script, to: exchange, cache: .revalidate)
        reply.headers[.crossOriginResourcePolicy] = "cross-origin"
        return reply
    }

    private func asset(_ exchange: Exchange) throws -> Reply {
        let path = exchange.parameters["path"] ?? ""
        guard let (asset, cache) = source.addressed(path), !asset.path.hasSuffix(".html") else {
            throw Problem.notFound()
        }
        return answer(asset, to: exchange, cache: cache)
    }

    private func answer(_ asset: WebAsset, to exchange: Exchange, cache: CacheRule) -> Reply {
        let headers: HTTPFields = [.eTag: "\"\(asset.hash)\"", .cacheControl: cache.rawValue]
        if EntityTag.matches(asset.hash, exchange.request.headerFields[.ifNoneMatch]) {
            return Reply(.notModified, headers: headers)
        }
        var reply = Reply(headers: headers, body: .bytes(asset.bytes))
        reply.headers[.contentType] = asset.contentType
        return reply
    }
}

/// How long a browser may keep a file.
enum CacheRule: String {
    /// Under a fingerprint: these bytes never change.
    case forever = "public, max-age=31536000, immutable"
    /// Kept, but asked for each time; mostly answered by 304.
    case revalidate = "no-cache"
}

/// Entity tags (RFC 9110, section 8.8.3).
enum EntityTag {
    /// True when `field`, an If-None-Match, names `hash` or anything.
    static func matches(_ hash: String, _ field: String?) -> Bool {
        guard let field else { return false }
        return field.split(separator: ",").contains { candidate in
            let tag = candidate.filter { $0 != " " }
            return tag == "*" || tag == "\"\(hash)\"" || tag == "W/\"\(hash)\""
        }
    }
}

extension HTTPField.Name {
    /// Constants that the library cannot refuse: they are valid tokens.
    fileprivate static let crossOriginOpenerPolicy = HTTPField.Name("Cross-Origin-Opener-Policy")!
    fileprivate static let crossOriginResourcePolicy = HTTPField.Name("Cross-Origin-Resource-Policy")!
}
