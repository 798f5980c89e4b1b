import NIOCore
import NIOHTTP2
import NIOTLS

/// Closes a connection whose TLS handshake takes too long. Stands behind the TLS handler.
final class HandshakeDeadline: ChannelInboundHandler {
    typealias InboundIn = Any

    private let limit: TimeAmount
    private var timer: Scheduled<Void>?

    init(limit: TimeAmount) { self.limit = limit }

    func handlerAdded(context: ChannelHandlerContext) { timer = context.scheduleClose(in: limit) }

    func handlerRemoved(context _: ChannelHandlerContext) { timer?.cancel() }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event { timer?.cancel() }
        context.fireUserInboundEventTriggered(event)
    }
}

/// The end of an HTTP/2 connection in two cases that NIO's connection manager leaves open: the client has closed its
/// half (Hummingbird's listener allows that, and it has no meaning in HTTP/2), and a connection that never opened
/// a stream.
final class HTTP2Farewell: ChannelInboundHandler {
    typealias InboundIn = Any

    private let limit: TimeAmount
    private var timer: Scheduled<Void>?

    init(limit: TimeAmount) { self.limit = limit }

    func handlerAdded(context: ChannelHandlerContext) { timer = context.scheduleClose(in: limit) }

    func handlerRemoved(context _: ChannelHandlerContext) { timer?.cancel() }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is NIOHTTP2StreamCreatedEvent: timer?.cancel()
        case ChannelEvent.inputClosed: context.close(promise: nil)
        default: break
        }
        context.fireUserInboundEventTriggered(event)
    }
}

extension ChannelHandlerContext {
    fileprivate func scheduleClose(in limit: TimeAmount) -> Scheduled<Void> {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        return eventLoop.scheduleTask(in: limit) { bound.value.close(promise: nil) }
    }
}
