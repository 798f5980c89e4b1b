import HTTPTypes

/// One request to another server. Credentials are headers that the caller sets; nothing is added but `Host`,
/// `User-Agent`, `Accept-Encoding: identity` and the framing.
package struct OutboundRequest: Sendable {
    package enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case options = "OPTIONS"
        case propfind = "PROPFIND"
        case report = "REPORT"
        case put = "PUT"
        case delete = "DELETE"
        case post = "POST"
        case patch = "PATCH"

        /// Changes nothing on the other side (RFC 9110 section 9.2.1, RFC 4918, RFC 3253).
        var isSafe: Bool { [.get, .head, .options, .propfind, .report].contains(self) }

        /// Twice is the same as once (section 9.2.2).
        var isIdempotent: Bool { isSafe || self == .put || self == .delete }
    }

    package var method: Method
    package var url: OutboundURL
    package var headers: HTTPFields
    package var body: [UInt8]
    package var limits = OutboundLimits()
    /// How many redirects are followed, at most `RedirectChain.hopsMax`. None for webhooks.
    package var redirectsMax = RedirectChain.hopsMax
    /// Set by who sends an `Idempotency-Key` with a POST; otherwise what the method says.
    package var isRepeatable: Bool

    package init(_ method: Method = .get, _ url: OutboundURL, headers: HTTPFields = [:], body: [UInt8] = []) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        isRepeatable = method.isIdempotent
    }

    /// The head as it goes out. Throws for a header that would change how the message is framed, routed or encoded.
    func head() throws(OutboundFailure) -> HTTPRequest {
        for field in headers where Self.own.contains(field.name.canonicalName) || field.name.isPseudo {
            throw .fieldNotAllowed(field.name.canonicalName)
        }
        var head = HTTPRequest(
            method: HTTPRequest.Method(rawValue: method.rawValue) ?? .get, scheme: url.scheme.rawValue,
            authority: url.origin.authority, path: url.target, headerFields: headers)
        head.headerFields[.acceptEncoding] = "identity"
        head.headerFields[.connection] = "close"
        if head.headerFields[.userAgent] == nil { head.headerFields[.userAgent] = "cloister" }
        if !body.isEmpty || ![.get, .head, .options].contains(method) {
            head.headerFields[.contentLength] = String(body.count)
        }
        return head
    }

    private static let own: Set<String> = [
        "host", "connection", "keep-alive", "proxy-connection", "proxy-authorization", "transfer-encoding",
        "content-length", "te", "trailer", "upgrade", "expect", "accept-encoding", "http2-settings",
    ]
}

extension OutboundRequest: CustomStringConvertible {
    /// Headers, path and body may hold secrets.
    package var description: String { "\(method.rawValue) \(url)" }
}

extension HTTPField.Name {
    fileprivate var isPseudo: Bool { rawName.hasPrefix(":") }
}
