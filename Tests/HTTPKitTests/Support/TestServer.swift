import Kit
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import TestKit

@testable import HTTPKit

/// A server on a free loopback port, drained at the end of `body`.
struct TestServer: Sendable {
    let table: RouteTable
    let addresses: [ListeningAddress]
    private let group: ServiceGroup

    var port: Int {
        for case .tcp(_, let port, _) in addresses { return port }
        return 0
    }

    /// What SIGTERM does.
    func drain() async { await group.triggerGracefulShutdown() }

    static func run(
        _ routes: [Route], settings: HTTPSettings = .unlimited,
        fast: [any FastRoute] = [PingRoute()], sockets: [WebSocketRoute] = [.echo],
        change: (inout RouteTableServices) -> Void = { _ in },
        body: @escaping @Sendable (TestServer) async throws -> Void
    ) async throws {
        var settings = settings
        settings.port = 0
        let table = try RouteTable.testing(HTTPService.routes(routes, fast: fast, sockets: sockets), settings: settings)
        {
            $0.clock = .system
            change(&$0)
        }
        let (listening, announce) = AsyncStream<ListeningAddress>.makeStream()
        let service = HTTPService(table: table, fast: fast, sockets: sockets) { announce.yield($0) }
        var logger = Logger(label: "test.server")
        logger.logLevel = .critical
        let group = ServiceGroup(configuration: .init(services: [service], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { announce.finish() }
                try await group.run()
            }
            var addresses: [ListeningAddress] = []
            let expected = settings.socketPath == nil ? 1 : 2
            for await address in listening {
                addresses.append(address)
                if addresses.count == expected { break }
            }
            guard addresses.count == expected else { return try await tasks.next() ?? () }
            let server = TestServer(table: table, addresses: addresses, group: group)
            do { try await body(server) } catch {
                await server.drain()
                throw error
            }
            await server.drain()
            try await tasks.waitForAll()
        }
    }
}

/// A TCP client that sees every byte.
final class RawClient: Sendable {
    private let channel: any Channel
    private let received = Relay<[UInt8]>(capacity: 1)
    private let buffer = Mutex<[UInt8]>([])

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let relay: Relay<[UInt8]>

        init(_ relay: Relay<[UInt8]>) { self.relay = relay }

        func channelRead(context _: ChannelHandlerContext, data: NIOAny) {
            relay.push(Array(unwrapInboundIn(data).readableBytesView))
        }

        func channelInactive(context _: ChannelHandlerContext) { relay.finish() }
        func errorCaught(context: ChannelHandlerContext, error _: any Error) { context.close(promise: nil) }
    }

    /// `readsAlone` false: the kernel's buffers fill up and stay full.
    static func connect(_ server: TestServer, readsAlone: Bool = true) async throws -> RawClient {
        try await RawClient(port: server.port, readsAlone: readsAlone)
    }

    private init(port: Int, readsAlone: Bool) async throws {
        let relay = received
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.autoRead, value: readsAlone)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(relay))
                    try channel.pipeline.syncOperations.addHandler(CloseOnEnd())
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
    }

    /// With half-closure allowed a closed peer must be answered by closing.
    private final class CloseOnEnd: ChannelInboundHandler {
        typealias InboundIn = Any
        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case ChannelEvent.inputClosed = event { context.close(promise: nil) }
        }
    }

    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)) }

    /// A request of the test's own shape.
    func get(_ path: String, token: String = "good", more: String = "") async throws {
        try await send("GET \(path) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(token)\r\n\(more)\r\n")
    }

    /// Everything up to and including `mark`; what follows stays for the next read. The rest when the peer closes.
    func read(until mark: String) async throws -> String {
        let mark = Array(mark.utf8)
        while true {
            let found = buffer.withLock { buffer -> String? in
                guard let end = buffer.firstEnd(of: mark) else { return nil }
                defer { buffer.removeFirst(end) }
                return String(decoding: buffer[..<end], as: UTF8.self)
            }
            if let found { return found }
            guard let piece = try await received.next() else {
                return buffer.withLock { buffer in
                    defer { buffer = [] }
                    return String(decoding: buffer, as: UTF8.self)
                }
            }
            buffer.withLock { $0 += piece }
        }
    }

    func readToEnd() async throws -> String { try await read(until: "\u{0}never\u{0}") }

    func readBytes(_ count: Int) async throws -> [UInt8] {
        while buffer.withLock({ $0.count < count }), let piece = try await received.next() {
            buffer.withLock { $0 += piece }
        }
        return buffer.withLock { buffer in
            defer { buffer.removeFirst(min(count, buffer.count)) }
            return Array(buffer.prefix(count))
        }
    }

    func closeSending() async throws { try await channel.close(mode: .output) }
    func close() async throws { try await channel.close() }
}

extension Array<UInt8> {
    /// The index after the first occurrence of `mark`.
    fileprivate func firstEnd(of mark: [UInt8]) -> Int? {
        guard count >= mark.count else { return nil }
        return (0...(count - mark.count)).first { self[$0..<$0 + mark.count].elementsEqual(mark) }.map {
            $0 + mark.count
        }
    }
}
