import Kit
import NIOCore
import NIOHTTP1
import NIOWebSocket
import ServiceLifecycle

/// Frames to messages and back, for one socket. Confined to the event loop. What stays behind it in the pipeline
/// (the HTTP codec and the slow side) hears nothing more but the end of the channel.
final class WebSocketHandler: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundIn = Never
    typealias OutboundOut = WebSocketFrame

    private static let closeGrace = TimeAmount.seconds(5)

    private let table: RouteTable
    private let exchange: AdmittedExchange
    private let route: WebSocketRoute
    private var context: ChannelHandlerContext?
    private var session: WebSocketSession?
    private var task: Task<Void, Never>?
    private var closeSent = false
    private var heldRead = false

    init(table: RouteTable, exchange: AdmittedExchange, route: WebSocketRoute) {
        self.table = table
        self.exchange = exchange
        self.route = route
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let loop = context.eventLoop
        let session = WebSocketSession(exchange) { message in
            let sent = loop.makePromise(of: Void.self)
            loop.execute { bound.value.write(message, sent) }
            try await sent.futureResult.get()
        } roomAgain: {
            loop.execute { bound.value.readAgain() }
        }
        self.session = session
        task = Self.start(session, route, until: table.revocation(of: exchange)) { code in
            loop.execute { bound.value.close(code) }
        }
    }

    private static func start(
        _ session: WebSocketSession, _ route: WebSocketRoute, until revoked: @escaping @Sendable () async -> Void,
        ended: @escaping @Sendable (WebSocketErrorCode) -> Void
    ) -> Task<Void, Never> {
        Task { ended(await run(session, route, until: revoked)) }
    }

    /// The close code that the end of the session calls for.
    private static func run(
        _ session: WebSocketSession, _ route: WebSocketRoute, until revoked: @escaping @Sendable () async -> Void
    ) async -> WebSocketErrorCode {
        do {
            try await StreamPump.race {
                try await route.session(session)
            } _: {
                await revoked()
                try Task.checkCancellation()
                throw StreamCut.rightsRevoked
            }
            return .normalClosure
        } catch is StreamCut {
            return .policyViolation
        } catch is CancellationError {
            return .goingAway
        } catch {
            return .unexpectedServerError
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func handlerRemoved(context _: ChannelHandlerContext) {
        end()
        context = nil
    }

    private func end() {
        guard let task else { return }
        self.task = nil
        task.cancel()
        session?.inbox.finish()
        table.ended(exchange)
    }

    // MARK: Inbound

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch frame.opcode {
        case .text:
            guard let text = String(validating: frame.unmaskedData.readableBytesView, as: UTF8.self) else {
                return close(.dataInconsistentWithMessage)
            }
            session?.received(.text(text))
        case .binary: session?.received(.binary(Array(frame.unmaskedData.readableBytesView)))
        case .ping: send(WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData))
        case .connectionClose: peerClosed(frame)
        case .pong: break
        default: close(.protocolError)
        }
    }

    func channelReadComplete(context _: ChannelHandlerContext) {}

    func read(context: ChannelHandlerContext) {
        if session?.isFull == true { heldRead = true } else { context.read() }
    }

    private func readAgain() {
        guard heldRead else { return }
        heldRead = false
        context?.read()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent: close(.goingAway)
        case ChannelEvent.inputClosed: context.close(promise: nil)
        default: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        close(error as? NIOWebSocketError == .invalidFrameLength ? .messageTooLarge : .protocolError)
    }

    // MARK: Outbound

    private func write(_ message: WebSocketMessage, _ sent: EventLoopPromise<Void>) {
        guard let context, !closeSent else { return sent.fail(ChannelError.ioOnClosedChannel) }
        let frame =
            switch message {
            case .text(let text): WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(string: text))
            case .binary(let bytes): WebSocketFrame(fin: true, opcode: .binary, data: ByteBuffer(bytes: bytes))
            }
        context.writeAndFlush(wrapOutboundOut(frame), promise: sent)
    }

    private func send(_ frame: WebSocketFrame) {
        context?.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }

    private func peerClosed(_ frame: WebSocketFrame) {
        guard let context else { return }
        guard !closeSent else { return context.close(promise: nil) }
        closeSent = true
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let echo = WebSocketFrame(fin: true, opcode: .connectionClose, data: frame.unmaskedData)
        context.writeAndFlush(wrapOutboundOut(echo)).assumeIsolated().whenComplete { _ in
            bound.value.close(promise: nil)
        }
    }

    /// Sends the close frame once, and closes the channel when the peer has answered or `closeGrace` has passed.
    private func close(_ code: WebSocketErrorCode) {
        guard let context, !closeSent else { return }
        closeSent = true
        var data = ByteBuffer()
        data.write(webSocketErrorCode: code)
        send(WebSocketFrame(fin: true, opcode: .connectionClose, data: data))
        session?.inbox.finish()
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: Self.closeGrace) { bound.value.close(promise: nil) }
    }
}

/// A client must mask every frame (RFC 6455, section 5.1).
final class MaskedFramesOnly: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias InboundOut = WebSocketFrame

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if unwrapInboundIn(data).maskKey != nil {
            context.fireChannelRead(data)
        } else {
            context.fireErrorCaught(NIOWebSocketError.multiByteControlFrameLength)
        }
    }
}
