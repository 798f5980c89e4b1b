import HTTPTypes

/// Which `Host` and `Origin` a request may name. A page that rebinds its own name to our address sends its own name,
/// so loopback listeners need this as much as others (ATT-42).
struct HostList: Sendable {
    private static let loopback: Set<String> = ["localhost", "127.0.0.1", "[::1]"]

    private let hosts: Set<String>
    private let origins: Set<String>

    init(_ settings: HTTPSettings) {
        let bound = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
        let isWildcard = ["0.0.0.0", "[::]"].contains(bound)
        hosts = Self.loopback.union(settings.allowedHosts.map { $0.lowercased() })
            .union(isWildcard ? [] : [bound.lowercased()])
        origins = Set(settings.allowedOrigins.map { $0.lowercased() })
    }

    func check(_ request: HTTPRequest) throws(Problem) {
        guard let authority = request.authority?.lowercased(), let name = Self.name(of: authority) else {
            throw Problem.invalid("Host", "Send exactly one Host header.")
        }
        guard hosts.contains(name) else {
            throw Problem(
                .misdirectedRequest, "request.host_refused", "This server does not answer to that host name.",
                detail: "Use a name from the server's list of allowed hosts.")
        }
        let sent = request.headerFields[values: .origin]
        guard !sent.isEmpty else { return }
        guard sent.count == 1, isAllowed(sent[0].lowercased(), authority: authority) else {
            throw Problem(
                .forbidden, "request.origin_refused", "Pages of that origin may not call this server.",
                detail: "Add the origin to the server's list of allowed origins.")
        }
    }

    private func isAllowed(_ origin: String, authority: String) -> Bool {
        origin == "http://" + authority || origin == "https://" + authority || origins.contains(origin)
    }

    /// Without the port; nil when it is not `name`, `name:port`, `[v6]` or `[v6]:port`.
    private static func name(of authority: String) -> String? {
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            let rest = authority[authority.index(after: end)...]
            return isPort(rest) ? String(authority[...end]) : nil
        }
        let name = authority.prefix { $0 != ":" }
        return !name.isEmpty && isPort(authority[name.endIndex...]) ? String(name) : nil
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.isEmpty || (text.first == ":" && UInt16(text.dropFirst()) != nil)
    }
}
