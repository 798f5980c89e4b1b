import HTTPTypes
import Kit
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// What the gate needs to know about routes: which heads the fast side or a WebSocket takes.
struct EntryRoutes: Sendable {
    enum Decision {
        case slow
        case fast(any FastRoute, AdmittedExchange)
        case refused(Reply)
        case socket(WebSocketRoute, HTTPRequest)
    }

    let table: RouteTable
    /// False for the 0600 socket.
    let isNetwork: Bool
    /// Keyed by path; fast and socket routes have no parameters.
    private let fast: [String: any FastRoute]
    private let sockets: [String: WebSocketRoute]

    init(table: RouteTable, fast: [any FastRoute], sockets: [WebSocketRoute], isNetwork: Bool) {
        self.table = table
        self.isNetwork = isNetwork
        self.fast = Dictionary(uniqueKeysWithValues: fast.map { ($0.route.path, $0) })
        self.sockets = Dictionary(uniqueKeysWithValues: sockets.map { ($0.route.path, $0) })
    }

    var isTLS: Bool { isNetwork && table.admission.settings.tls != nil }

    /// Synchronous; whatever needs waiting or wording goes to the slow side.
    func decide(_ head: HTTPRequestHead, address: SocketAddress?) -> Decision {
        let path = String(head.uri.prefix { $0 != "?" })
        if let route = fast[path], head.method.rawValue == route.route.method.rawValue, let request = convert(head) {
            switch table.admitNow(request, entry: entry(request.headerFields, address)) {
            case .admitted(let exchange): return .fast(route, exchange)
            case .refused(let reply): return .refused(reply)
            case nil: return .slow
            }
        }
        if let route = sockets[path], head.isWebSocketUpgrade, let request = convert(head) {
            return .socket(route, request)
        }
        return .slow
    }

    private func convert(_ head: HTTPRequestHead) -> HTTPRequest? {
        try? HTTPRequest(head, secure: isTLS, splitCookie: false)
    }

    /// Plain HTTP that did not come through the proxy, which is the reason why plain HTTP is allowed (ATT-26).
    func isAstray(_ address: SocketAddress?) -> Bool {
        guard isNetwork, !isTLS, let proxy = table.admission.settings.proxy, let address = address?.ipAddress else {
            return false
        }
        return !([proxy] + NetworkRange.loopback).contains { $0.contains(address) }
    }

    /// Behind a proxy the last `X-Forwarded-For` entry, which the proxy itself wrote, names the peer.
    func entry(_ headers: HTTPFields, _ address: SocketAddress?) -> ExchangeEntry {
        guard isNetwork else { return .local }
        guard let address = address?.ipAddress else { return .network(peer: "unknown") }
        let isProxy = table.admission.settings.proxy?.contains(address) ?? false
        let forwarded = isProxy ? headers[values: .forwardedFor].last?.split(separator: ",").last : nil
        return .network(peer: forwarded.map { String($0.filter { $0 != " " }) } ?? address)
    }
}

extension HTTPRequestHead {
    var isWebSocketUpgrade: Bool {
        method == .GET && headers[canonicalForm: "upgrade"].contains { $0.lowercased() == "websocket" }
    }

    /// Any `Upgrade` makes NIO's decoder stop after the request, so no other can follow on the connection.
    var asksForUpgrade: Bool { headers.contains(name: "upgrade") }

    /// What makes two servers read one request differently is refused before anything else (ATT-55).
    var isAmbiguous: Bool {
        let hosts = headers["host"].count
        guard version.major == 1 else { return hosts > 1 }
        let hasBothFramings = headers.contains(name: "content-length") && headers.contains(name: "transfer-encoding")
        return hasBothFramings || hosts > 1 || (hosts == 0 && version.minor > 0)
    }
}
