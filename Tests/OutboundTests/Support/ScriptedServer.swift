import Kit
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

@testable import Outbound

/// A server on a loopback port that answers with bytes of the test's choice, sensible or not, and remembers who came.
final class ScriptedServer: Sendable {
    enum Step: Sendable {
        case send(String)
        /// The same bytes until the other side goes away.
        case flood([UInt8])
        case close
        /// Closes the socket under TLS, without its goodbye.
        case cut
    }

    private struct Record {
        var connections = 0
        var requests: [String] = []
        var floodedBytes = 0
    }

    private let listener: any Channel
    private let record: Mutex<Record>
    private let script: @Sendable (String) -> [Step]
    private let arrivals = AsyncStream<String>.makeStream()
    private let connected = AsyncStream<Void>.makeStream()

    /// Every connection so far.
    var connections: Int { record.withLock { $0.connections } }
    /// Head and body of each request.
    var requests: [String] { record.withLock { $0.requests } }
    var floodedBytes: Int { record.withLock { $0.floodedBytes } }
    let port: Int

    /// Runs `body` with a server that answers each request with the steps of `script`. No script: nobody is answered.
    /// `greeting` is done for each connection before anything came in.
    static func run<Result>(
        on address: String = "127.0.0.1", tls: NIOSSLContext? = nil, greeting: [Step] = [],
        _ script: @escaping @Sendable (String) -> [Step] = { _ in [] },
        body: (ScriptedServer) async throws -> Result
    ) async throws -> Result {
        let box = Mutex<ScriptedServer?>(nil)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let server = box.withLock({ $0 }) else { throw ChannelError.ioOnClosedChannel }
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try channel.pipeline.syncOperations.addHandler(Conversation(server, greeting))
                    server.cameIn()
                }
            }
            .bind(host: address, port: 0).get()
        let server = ScriptedServer(listener, script)
        box.withLock { $0 = server }
        defer { box.withLock { $0 = nil } }
        do {
            let result = try await body(server)
            try await listener.close()
            return result
        } catch {
            try await listener.close()
            throw error
        }
    }

    private init(_ listener: any Channel, _ script: @escaping @Sendable (String) -> [Step]) {
        self.listener = listener
        self.script = script
        record = Mutex(Record())
        port = listener.localAddress?.port ?? 0
    }

    /// Returns once a request has come in that no earlier call returned for.
    func nextRequest() async {
        for await _ in arrivals.stream { return }
    }

    /// Returns once somebody has connected.
    func nextConnection() async {
        for await _ in connected.stream { return }
    }

    private func cameIn() {
        record.withLock { $0.connections += 1 }
        connected.continuation.yield()
    }

    private func steps(for request: String) -> [Step] {
        record.withLock { $0.requests.append(request) }
        arrivals.continuation.yield(request)
        return script(request)
    }

    /// One connection. Runs on its event loop only.
    private final class Conversation: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let server: ScriptedServer
        private var received = ""
        private var flood: [UInt8]?
        private let greeting: [Step]

        init(_ server: ScriptedServer, _ greeting: [Step]) {
            self.server = server
            self.greeting = greeting
        }

        func channelActive(context: ChannelHandlerContext) {
            for step in greeting { perform(step, context) }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received += String(buffer: unwrapInboundIn(data))
            guard let request = complete() else { return }
            received = ""
            for step in server.steps(for: request) { perform(step, context) }
        }

        func channelWritabilityChanged(context: ChannelHandlerContext) { pour(context) }
        func errorCaught(context: ChannelHandlerContext, error _: any Error) { context.close(promise: nil) }

        /// The whole message, once its announced body is there.
        private func complete() -> String? {
            guard let end = received.range(of: "\r\n\r\n") else { return nil }
            let head = received[..<end.lowerBound].lowercased()
            let length = head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
            let due = length.flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
            return received[end.upperBound...].utf8.count >= due ? received : nil
        }

        private func perform(_ step: Step, _ context: ChannelHandlerContext) {
            switch step {
            case .send(let text): context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
            case .flood(let bytes):
                flood = bytes
                pour(context)
            case .close: context.close(promise: nil)
            case .cut: context.channel.pipeline.syncOperations.cutBelowTLS()
            }
        }

        private func pour(_ context: ChannelHandlerContext) {
            while let flood, context.channel.isActive, context.channel.isWritable {
                server.record.withLock { $0.floodedBytes += flood.count }
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: flood)), promise: nil)
            }
        }
    }
}

extension StringProtocol {
    /// The first place where `text` stands.
    fileprivate func range(of text: String) -> Range<Index>? { ranges(of: text).first }
}

extension ChannelPipeline.SynchronousOperations {
    /// A close that begins below the TLS handler reaches the socket only.
    fileprivate func cutBelowTLS() {
        (try? context(handlerType: NIOSSLServerHandler.self))?.close(promise: nil)
    }
}
