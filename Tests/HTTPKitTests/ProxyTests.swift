import HTTPTypes
import Kit
import NIOCore
import Testing

@testable import HTTPKit

@Suite("Behind a proxy") struct ProxyTests {
    private static func routes(proxy: String?, isTLS: Bool = false) throws -> EntryRoutes {
        var settings = HTTPSettings()
        settings.proxy = proxy.flatMap(NetworkRange.init)
        if isTLS { settings.tls = .init(certificateChainPath: "", privateKey: Secret("")) }
        return EntryRoutes(
            table: try .testing([], settings: settings), fast: [], sockets: [], isNetwork: true)
    }

    @Test(
        "believes the proxy's word about the client and nobody else's (ATT-26)",
        arguments: [
            ("10.0.0.0/8", "10.1.2.3", ["203.0.113.7"], "203.0.113.7"),
            ("10.0.0.0/8", "10.1.2.3", ["198.51.100.1, 203.0.113.7"], "203.0.113.7"),
            ("10.0.0.0/8", "10.1.2.3", ["198.51.100.1", "203.0.113.7"], "203.0.113.7"),
            ("10.0.0.0/8", "10.1.2.3", [], "10.1.2.3"),
            ("10.0.0.0/8", "192.0.2.9", ["203.0.113.7"], "192.0.2.9"),
            ("10.0.0.0/8", "127.0.0.1", ["203.0.113.7"], "127.0.0.1"),
            (nil, "10.1.2.3", ["203.0.113.7"], "10.1.2.3"),
        ] as [(String?, String, [String], String)])
    func peer(proxy: String?, address: String, forwarded: [String], peer: String) throws {
        var headers = HTTPFields()
        for value in forwarded { headers.append(HTTPField(name: .forwardedFor, value: value)) }
        let entry = try Self.routes(proxy: proxy).entry(headers, SocketAddress(ipAddress: address, port: 4711))
        #expect(entry == .network(peer: peer))
    }

    @Test(
        "takes plain HTTP from the proxy and this machine only (ATT-26)",
        arguments: [
            ("10.0.0.0/8", "10.1.2.3", false, false), ("10.0.0.0/8", "127.0.0.1", false, false),
            ("10.0.0.0/8", "::1", false, false), ("10.0.0.0/8", "192.0.2.9", false, true),
            ("10.0.0.0/8", "192.0.2.9", true, false), (nil, "192.0.2.9", false, false),
        ] as [(String?, String, Bool, Bool)])
    func astray(proxy: String?, address: String, isTLS: Bool, isAstray: Bool) throws {
        let address = try SocketAddress(ipAddress: address, port: 4711)
        #expect(try Self.routes(proxy: proxy, isTLS: isTLS).isAstray(address) == isAstray)
    }
}
