import HTTPTypes
import HummingbirdCore
import Kit
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOSSL
import NIOTLS

/// The one way into the process for HTTP: HTTP/1.1, HTTP/2 and WebSocket on one port, in the clear or under TLS.
///
/// The pipeline of an HTTP/1.1 connection is: byte watch, response encoder, request decoder, gate, codec to HTTP types,
/// async channel. Each HTTP/2 stream has the same gate. Behind the async channel is Hummingbird's own loop.
struct EntryChannel: HTTPChannelHandler {
    typealias HTTP1 = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>
    typealias HTTP2 = NIOHTTP2Handler.AsyncStreamMultiplexer<HTTP1>

    let responder: Responder
    let routes: EntryRoutes
    /// Nil in the clear.
    let tls: NIOSSLContext?

    private var settings: HTTPSettings { routes.table.admission.settings }

    func setup(channel: any Channel, logger _: Logger) -> EventLoopFuture<EntryConnection> {
        guard !routes.isAstray(channel.remoteAddress) else {
            return channel.eventLoop.makeFailedFuture(NotThroughProxy())
        }
        guard let tls else {
            return channel.eventLoop.makeCompletedFuture {
                EntryConnection(channel: channel, kind: .http1(try http1(channel)))
            }
        }
        return channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(NIOSSLServerHandler(context: tls))
            try pipeline.addHandler(HandshakeDeadline(limit: TimeAmount(settings.headerDeadline)))
        }.flatMap {
            channel.configureHTTP2AsyncSecureUpgrade(
                http1ConnectionInitializer: { channel in
                    channel.eventLoop.makeCompletedFuture { try http1(channel) }
                },
                http2ConnectionInitializer: { channel in
                    channel.eventLoop.makeCompletedFuture { try http2(channel) }
                })
        }.map { EntryConnection(channel: channel, kind: .negotiating($0)) }
    }

    private func http1(_ channel: any Channel) throws -> HTTP1 {
        let gate = GateHandler(routes: routes, isStream: false)
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = settings.headerBytesMax
        limits.maxHeaderListSize = settings.headerBytesMax
        limits.maxHeaderFieldCount = settings.headerCountMax
        let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits)
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandlers(ByteWatch(gate: gate), HTTPResponseEncoder())
        try pipeline.addHandler(ByteToMessageHandler(decoder))
        try pipeline.addHandlers(gate, HTTP1ToHTTPServerCodec(secure: routes.isTLS))
        return try NIOAsyncChannel(
            wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
    }

    func handle(value: EntryConnection, logger: Logger) async {
        switch value.kind {
        case .http1(let connection): await serve(connection, logger)
        case .negotiating(let negotiation):
            switch try? await negotiation.get() {
            case .http1_1(let connection): await serve(connection, logger)
            case .http2(let connection): await serve(connection, logger)
            case nil: value.channel.close(promise: nil)
            }
        }
    }

    /// Hummingbird's loop over the requests of one connection, cancelled with all its work when the channel closes.
    private func serve(_ connection: HTTP1, _ logger: Logger) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await handleHTTP(asyncChannel: connection, logger: logger) }
            group.addTask { try? await connection.channel.closeFuture.get() }
            await group.next()
            group.cancelAll()
        }
    }
}

/// HTTP/2 (RFC 9113), agreed on by ALPN.
extension EntryChannel {
    private static let streamsMax = 100

    private func http2(_ channel: any Channel) throws -> HTTP2 {
        let manager = NIOHTTP2ServerConnectionManagementHandler.Configuration(
            maxIdleTime: TimeAmount(settings.idleTimeout), maxAge: nil,
            maxGraceTime: TimeAmount(settings.drainGrace), keepalive: nil)
        var handler = NIOHTTP2Handler.Configuration()
        handler.connection.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: Self.streamsMax),
            HTTP2Setting(parameter: .maxHeaderListSize, value: settings.headerBytesMax),
        ]
        let pipeline = channel.pipeline.syncOperations
        let connection: HTTP2 = try pipeline.configureAsyncHTTP2Pipeline(
            mode: .server, connectionManagerConfiguration: manager, http2HandlerConfiguration: handler
        ) { stream in
            stream.eventLoop.makeCompletedFuture { try http2Stream(stream) }
        }
        try pipeline.addHandler(HTTP2Farewell(limit: TimeAmount(settings.idleTimeout)))
        return connection
    }

    private func http2Stream(_ stream: any Channel) throws -> HTTP1 {
        let pipeline = stream.pipeline.syncOperations
        try pipeline.addHandler(HTTP2FramePayloadToHTTP1ServerCodec())
        try pipeline.addHandler(GateHandler(routes: routes, isStream: true))
        try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: routes.isTLS))
        return try NIOAsyncChannel(wrappingChannelSynchronously: stream)
    }

    private func serve(_ connection: HTTP2, _ logger: Logger) async {
        await withDiscardingTaskGroup { group in
            do {
                for try await stream in connection.inbound {
                    group.addTask { await serve(stream, logger) }
                }
            } catch {
                logger.debug("HTTP/2 connection failed", metadata: ["error": "\(error)"])
            }
        }
    }
}

/// What Hummingbird's server keeps of one accepted connection.
struct EntryConnection: ServerChildChannelValue {
    enum Kind: Sendable {
        case http1(EntryChannel.HTTP1)
        case negotiating(EventLoopFuture<NIONegotiatedHTTPVersion<EntryChannel.HTTP1, EntryChannel.HTTP2>>)
    }

    let channel: any Channel
    let kind: Kind
}

/// Plain HTTP from an address that is not the proxy's: the connection is closed.
private struct NotThroughProxy: Error {}
