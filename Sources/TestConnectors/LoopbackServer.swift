import HTTPTypes
import Kit
import NIOCore
import NIOHTTP1
import NIOPosix
import Outbound
import Synchronization
import TestKit

struct TestRequest: Sendable {
    let method: String
    /// As it arrived.
    let target: String
    let headers: [(name: String, value: String)]
    var body: [UInt8] = []

    var path: String { String(target.prefix { $0 != "?" }) }
    var query: String { String(target.dropFirst(path.count + 1)) }

    func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }

    /// Percent-decoded values by name.
    var items: [String: String] {
        var items: [String: String] = [:]
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            items[percentDecoded(String(parts[0]))] = parts.count > 1 ? percentDecoded(String(parts[1])) : ""
        }
        return items
    }
}

struct TestAnswer: Sendable {
    var status = 200
    var headers: [(String, String)] = []
    var body: [UInt8] = []
    /// The body again and again, until the other side goes away.
    var isEndless = false

    static func text(_ text: String, _ headers: [(String, String)] = [], status: Int = 200) -> TestAnswer {
        TestAnswer(status: status, headers: headers, body: Array(text.utf8))
    }

    static func status(_ status: Int, _ headers: [(String, String)] = []) -> TestAnswer {
        TestAnswer(status: status, headers: headers)
    }
}

func percentDecoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
        if byte == UInt8(ascii: "%"),
            let value = Hex.decode(String(decoding: rest.prefix(2), as: UTF8.self).lowercased())
        {
            bytes += value
            rest = rest.dropFirst(2)
        } else {
            bytes.append(byte)
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}

/// A server on a loopback port that speaks proper HTTP and says what the test wants.
final class LoopbackServer: Sendable {
    private let seen = Mutex<[TestRequest]>([])
    private let answer: @Sendable (TestRequest) -> TestAnswer
    private let listening = Mutex<Int>(0)

    var requests: [TestRequest] { seen.withLock { $0 } }
    var port: Int { listening.withLock { $0 } }
    var address: String { "http://127.0.0.1:\(port)" }

    static func run<Result>(
        _ answer: @escaping @Sendable (TestRequest) -> TestAnswer, body: (LoopbackServer) async throws -> Result
    ) async throws -> Result {
        let server = LoopbackServer(answer)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                    try pipeline.addHandler(Conversation(server))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        server.listening.withLock { $0 = listener.localAddress?.port ?? 0 }
        do {
            let result = try await body(server)
            try await listener.close()
            return result
        } catch {
            try await listener.close()
            throw error
        }
    }

    private init(_ answer: @escaping @Sendable (TestRequest) -> TestAnswer) { self.answer = answer }

    /// A client that may go to this server, by its address or as any name of `.test`. Only its waits keep `clock`.
    func client(
        clock: WallClock = .system, settings: RetrySettings = RetrySettings(), more: [String] = []
    ) throws -> RetryingClient {
        let entries = [address, "http://*.test:\(port) -> 127.0.0.1"] + more
        let client = try OutboundClient(
            policy: try OutboundPolicy(try entries.map { try PolicyEntry($0) }),
            resolver: HostResolver { _ in [NetworkAddress("127.0.0.1")].compactMap { $0 } })
        let pace = OriginPace(PaceLimit(perMinute: 1_000_000, burst: 100_000))
        return RetryingClient(client, pace: pace, settings: settings, clock: clock, randomness: .seeded(3))
    }

    /// One connection. Runs on its event loop only.
    private final class Conversation: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let server: LoopbackServer
        private var request: TestRequest?
        private var flood: [UInt8]?

        init(_ server: LoopbackServer) { self.server = server }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                request = TestRequest(
                    method: head.method.rawValue, target: head.uri, headers: head.headers.map { ($0.name, $0.value) })
            case .body(let buffer): request?.body += Array(buffer.readableBytesView)
            case .end:
                guard let request else { return }
                server.seen.withLock { $0.append(request) }
                write(server.answer(request), context)
            }
        }

        func channelWritabilityChanged(context: ChannelHandlerContext) { pour(context) }
        func errorCaught(context: ChannelHandlerContext, error _: any Error) { context.close(promise: nil) }

        private func write(_ answer: TestAnswer, _ context: ChannelHandlerContext) {
            var headers = HTTPHeaders(answer.headers)
            if !answer.isEndless, !headers.contains(name: "content-length"), answer.status != 304 {
                headers.add(name: "content-length", value: "\(answer.body.count)")
            }
            let head = HTTPResponseHead(
                version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status), headers: headers)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            guard !answer.isEndless else {
                flood = answer.body
                return pour(context)
            }
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }

        private func pour(_ context: ChannelHandlerContext) {
            while let flood, context.channel.isActive, context.channel.isWritable {
                context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: flood)))), promise: nil)
            }
        }
    }
}

/// Lets virtual time pass, second by second, until `work` ends.
func passingTime<Result>(_ time: VirtualClock, _ work: () async throws -> Result) async throws -> Result {
    let driver = Task {
        while !Task.isCancelled {
            if time.sleeping > 0 { time.advance(by: .seconds(1)) }
            await Task.yield()
        }
    }
    defer { driver.cancel() }
    return try await work()
}
