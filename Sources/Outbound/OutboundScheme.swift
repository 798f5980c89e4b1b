/// What is spoken at an allowed host: HTTP through `OutboundURL`, everything else through `OutboundStream`.
package enum OutboundScheme: String, Sendable, CaseIterable {
    case http, https
    /// RFC 3501 with STARTTLS, and with TLS from the first byte (RFC 8314 section 3.3).
    case imap, imaps
    /// RFC 4251; spoken by OpenSSH's program, which is given an address that was checked here.
    case ssh
    /// Any other protocol, without TLS and with it.
    case tcp, tls

    /// Nil where an address must name one.
    package var defaultPort: Int? {
        switch self {
        case .http: 80
        case .https: 443
        case .imap: 143
        case .imaps: 993
        case .ssh: 22
        case .tcp, .tls: nil
        }
    }

    package var isEncrypted: Bool { [.https, .imaps, .tls].contains(self) }

    var isWeb: Bool { self == .http || self == .https }
}

/// Scheme, host and port (RFC 6454): what credentials are bound to.
package struct OutboundOrigin: Hashable, Sendable, CustomStringConvertible {
    package let scheme: OutboundScheme
    package let host: OutboundHost
    package let port: Int

    init(scheme: OutboundScheme, host: OutboundHost, port: Int) {
        self.scheme = scheme
        self.host = host
        self.port = port
    }

    /// Reads `imaps://mail.example`, `imap://mail.example:1143` or `tcp://host:9000`, by the grammar of `OutboundURL`;
    /// nothing may stand behind the port. Web schemes are refused: their way out is HTTP, with its own checks.
    package init(stream text: String) throws(URLFault) {
        let parts = try ReferenceParts(text)
        let scheme = parts.scheme.flatMap { OutboundScheme(rawValue: $0.lowercased()) }
        guard let scheme, !scheme.isWeb else { throw .schemeNotAllowed }
        guard let authority = parts.authority, !authority.isEmpty else { throw .noHost }
        guard ["", "/"].contains(parts.path), parts.query == nil, !text.contains("#") else { throw .forbiddenCharacter }
        let (host, port) = try OutboundHost.split(authority)
        guard let port = port ?? scheme.defaultPort else { throw .badPort }
        self.init(scheme: scheme, host: host, port: port)
    }

    /// What stands in `Host`: the port only where it is not the scheme's own.
    package var authority: String { port == scheme.defaultPort ? host.text : "\(host.text):\(port)" }

    /// `https://wiki.example:8443`.
    package var description: String { "\(scheme.rawValue)://\(authority)" }
}
