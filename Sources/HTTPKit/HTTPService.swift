import HTTPTypes
import HummingbirdCore
import Kit
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import ServiceLifecycle

/// Why the server does not start.
package enum HTTPServiceFailure: Error, Equatable {
    /// Not loopback, no TLS, and no authenticating proxy named (ATT-26).
    case plainOffLoopback(host: String)
    case tlsUnusable(String)
    case socketPathTooLong(String, bytesMax: Int)
    /// The path is taken by something that is not a socket, or its folder cannot be written.
    case socketUnusable(String)
}

/// Where the server listens, once it does.
package enum ListeningAddress: Hashable, Sendable {
    case tcp(host: String, port: Int, isTLS: Bool)
    case socket(path: String)
}

/// The listeners, as one service: TCP (with TLS when configured) and the 0600 unix socket. On graceful shutdown it
/// accepts nothing more, lets open exchanges finish for `drainGrace`, then cuts them.
package struct HTTPService: Service {
    package let table: RouteTable
    private let fast: [any FastRoute]
    private let sockets: [WebSocketRoute]
    private let group: any EventLoopGroup
    private let onListening: @Sendable (ListeningAddress) async -> Void

    /// The routes of `fast` and `sockets` must stand in `table` too: `routes(_:fast:sockets:)` puts them there.
    package init(
        table: RouteTable, fast: [any FastRoute] = [], sockets: [WebSocketRoute] = [],
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        onListening: @escaping @Sendable (ListeningAddress) async -> Void = { _ in }
    ) {
        self.table = table
        self.fast = fast
        self.sockets = sockets
        self.group = group
        self.onListening = onListening
    }

    /// Every route of every kind, for the table.
    package static func routes(_ slow: [Route], fast: [any FastRoute], sockets: [WebSocketRoute]) -> [Route] {
        slow + fast.map(\.route) + sockets.map(\.route)
    }

    private var settings: HTTPSettings { table.admission.settings }
    private var logger: Logger { table.services.logger }

    /// Throws `HTTPServiceFailure`, or the bind error.
    package func run() async throws {
        try settings.checkExposure()
        let tls = try settings.tls.map(Self.context)
        let socket = try settings.socketPath.map(LocalSocket.init)
        defer { socket?.remove() }
        var servers = [server(tcp: tls)]
        if let socket { servers.append(server(socket)) }
        try await serve(servers)
    }

    private func serve(_ servers: [any Service]) async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for server in servers {
                group.addTask {
                    try await server.run()
                    return true
                }
            }
            group.addTask { [clock = table.services.clock, grace = settings.drainGrace] in
                try await gracefulShutdown()
                try await clock.sleep(grace)
                return false
            }
            defer { group.cancelAll() }
            var running = servers.count
            while running > 0, let ended = try await group.next() {
                guard ended else { return logger.warning("exchanges cut: the drain grace is over") }
                running -= 1
            }
        }
    }

    private func server(tcp tls: NIOSSLContext?) -> any Service {
        let (host, isTLS) = (settings.host, tls != nil)
        return server(.hostname(host, port: settings.port), isNetwork: true, tls: tls) { channel in
            await onListening(.tcp(host: host, port: channel.localAddress?.port ?? 0, isTLS: isTLS))
        }
    }

    private func server(_ socket: LocalSocket) -> any Service {
        server(.unixDomainSocket(path: socket.bindPath), isNetwork: false, tls: nil) { [logger] channel in
            do {
                try socket.publish()
                await onListening(.socket(path: socket.path))
            } catch {
                logger.error("the local socket is unusable", metadata: ["error": "\(error)"])
                channel.close(promise: nil)
            }
        }
    }

    private func server(
        _ address: BindAddress, isNetwork: Bool, tls: NIOSSLContext?,
        running: @escaping @Sendable (any Channel) async -> Void
    ) -> any Service {
        let routes = EntryRoutes(table: table, fast: fast, sockets: sockets, isNetwork: isNetwork)
        let entry = EntryChannel(responder: responder(routes), routes: routes, tls: tls)
        let connections = MaximumAvailableConnections(settings.connectionsMax, logger: logger)
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .notice)
        return entry.server(
            configuration: ServerConfiguration(address: address, availableConnectionsDelegate: connections),
            onServerRunning: running, eventLoopGroup: group, logger: quiet)
    }

    private static func context(_ settings: HTTPSettings.TLS) throws -> NIOSSLContext {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(settings.certificateChainPath)
            let key = try NIOSSLPrivateKey(bytes: Array(settings.privateKey.reveal().utf8), format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
            configuration.minimumTLSVersion = .tlsv12
            configuration.applicationProtocols = ["h2", "http/1.1"]
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw HTTPServiceFailure.tlsUnusable("\(error)")
        }
    }
}

extension HTTPSettings {
    /// Throws `HTTPServiceFailure.plainOffLoopback` (ATT-26).
    package func checkExposure() throws(HTTPServiceFailure) {
        let isLoopback =
            host == "localhost" || host == "::1"
            || (try? SocketAddress(ipAddress: host, port: 0))
                .map { $0.protocol == .inet && host.hasPrefix("127.") } ?? false
        guard isLoopback || tls != nil || proxy != nil else { throw .plainOffLoopback(host: host) }
    }
}
