/// An `http` or `https` address that was understood completely: the only form in which this platform knows where to
/// connect to.
///
/// Policy, resolver, TLS, `Host` and request line are all fed from these fields; the text that somebody wrote is
/// forgotten. So no second reader can see another host in it (CVE-2026-45400, CVE-2026-24779).
package struct OutboundURL: Hashable, Sendable {
    package enum Scheme: String, Sendable {
        case http, https

        package var defaultPort: Int { self == .http ? 80 : 443 }

        fileprivate var outbound: OutboundScheme { self == .http ? .http : .https }
    }

    package let scheme: Scheme
    package let host: OutboundHost
    /// 1 to 65535; the scheme's own where none was written.
    package let port: Int
    /// Begins with `/`, has no dot segments; percent-encoding as it was written.
    package let path: String
    /// Without the `?`.
    package let query: String?

    /// What is accepted at most; common servers refuse longer request lines.
    static let bytesMax = 8192

    /// Reads an absolute address by the grammar of RFC 3986 and refuses what other readers might read otherwise.
    /// A fragment is dropped.
    package init(_ text: String) throws(URLFault) {
        try self.init(ReferenceParts(text))
    }

    init(_ parts: ReferenceParts) throws(URLFault) {
        guard let scheme = parts.scheme.flatMap({ Scheme(rawValue: $0.lowercased()) }) else { throw .schemeNotAllowed }
        guard let authority = parts.authority, !authority.isEmpty else { throw .noHost }
        let (host, port) = try OutboundHost.split(authority)
        try self.init(
            scheme: scheme, host: host, port: port ?? scheme.defaultPort, path: parts.path, query: parts.query)
    }

    /// `path` and `query` are already checked characters.
    init(scheme: Scheme, host: OutboundHost, port: Int, path: String, query: String?) throws(URLFault) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = DotSegments.removed(from: path)
        self.query = query
        guard text.utf8.count <= Self.bytesMax else { throw .tooLong }
    }

    package var origin: OutboundOrigin { OutboundOrigin(scheme: scheme.outbound, host: host, port: port) }

    /// What stands in the request line (RFC 9112 section 3.2.1).
    package var target: String { query.map { "\(path)?\($0)" } ?? path }

    /// The whole address, with its query, which may hold a secret: not for logs.
    package var text: String { "\(origin)\(target)" }
}

extension OutboundURL: CustomStringConvertible {
    /// Without path and query, which may hold secrets.
    package var description: String { origin.description }
}
