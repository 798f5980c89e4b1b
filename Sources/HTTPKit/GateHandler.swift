import HTTPTypes
import Kit
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// Does what `ConnectionGate` decides: sits between the HTTP/1 codec (or an HTTP/2 stream's) and the slow side,
/// answers fast routes itself and hands WebSocket upgrades over. Confined to the channel's event loop.
final class GateHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    let routes: EntryRoutes
    /// One HTTP/2 stream: framing and idleness are the connection's business.
    let isStream: Bool
    var gate = ConnectionGate()
    var context: ChannelHandlerContext?
    var deadlines = GateDeadlines()
    /// Runs while the client does not read what it asked for.
    var stall: Scheduled<Void>?
    private var fast: (exchange: any FastExchange, answer: FastAnswer)?
    private var upgrade: WebSocketUpgrade?
    /// The end of the last answer, on its way to the kernel.
    private var lastWrite: EventLoopFuture<Void>?
    private var heldRead = false
    private var fedSlow = false

    init(routes: EntryRoutes, isStream: Bool) {
        self.routes = routes
        self.isStream = isStream
    }

    var settings: HTTPSettings { routes.table.admission.settings }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        armDeadline()
    }

    func handlerRemoved(context _: ChannelHandlerContext) {
        deadlines.cancel()
        stall?.cancel()
        context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        gate.closed()
        giveUp()
        deadlines.cancel()
        stall?.cancel()
        context.fireChannelInactive()
    }

    private func giveUp() {
        fast?.exchange.cancel()
        fast?.answer.abandon()
        fast = nil
        upgrade?.abandon()
        upgrade = nil
    }

    // MARK: Inbound

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        take(unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
        armDeadline()
        fedSlow = false
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        if gate.holdsReads { heldRead = true } else { context.read() }
    }

    private func take(_ part: HTTPServerRequestPart) {
        switch gate.received(part) {
        case .classify(let head): classify(head)
        case .pass(let part, let side):
            pass(part, to: side)
            if case .end = part { settle() }
        case .nothing:
            if case .end = part { settle() }
        case .close: close()
        }
    }

    private func classify(_ head: HTTPRequestHead) {
        let keepsAlive = head.isKeepAlive && !head.asksForUpgrade
        guard !head.isAmbiguous else {
            gate.open(.fast, keepsAlive: false)
            return answer(routes.table.refusalOfSyntax())
        }
        switch routes.decide(head, address: context?.channel.remoteAddress) {
        case .slow:
            gate.open(.slow, keepsAlive: keepsAlive)
            pass(.head(head), to: .slow)
        case .fast(let route, let exchange):
            gate.open(.fast, keepsAlive: keepsAlive)
            let answer = FastAnswer(gate: self, table: routes.table, exchange: exchange)
            fast = (route.begin(exchange, answer), answer)
        case .refused(let reply):
            gate.open(.fast, keepsAlive: keepsAlive)
            answer(reply)
        case .socket(let route, let request):
            gate.open(.upgrade, keepsAlive: false)
            upgrade = WebSocketUpgrade(gate: self, route: route, request: request, head: head)
        }
    }

    private func pass(_ part: HTTPServerRequestPart, to side: ConnectionGate.Side) {
        switch (side, part) {
        case (.slow, _):
            fedSlow = true
            context?.fireChannelRead(wrapInboundOut(part))
        case (.fast, .body(let bytes)): fast?.exchange.body(bytes)
        case (.fast, .end): fast?.exchange.end()
        case (.upgrade, .end): upgrade?.requestEnded()
        case (.fast, .head), (.upgrade, _): break
        }
    }

    // MARK: Outbound

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        put(unwrapOutboundIn(data), promise: promise)
    }

    /// A whole answer of the fast side.
    func answer(_ reply: Reply) {
        var head = reply.head(at: routes.table.services.clock.now())
        var bytes: [UInt8] = []
        if case .bytes(let body) = reply.body { bytes = body }
        head.headerFields[.contentLength] = String(bytes.count)
        guard let context else { return }
        put(.head(HTTPResponseHead(head)), promise: nil)
        if !bytes.isEmpty { put(.body(.byteBuffer(context.channel.allocator.buffer(bytes: bytes))), promise: nil) }
        put(.end(nil), promise: nil)
        context.flush()
    }

    private func put(_ part: HTTPServerResponsePart, promise: EventLoopPromise<Void>?) {
        guard let context else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch part {
        case .head(let head) where head.status.code >= 200:
            context.write(wrapOutboundOut(.head(began(head))), promise: promise)
        case .end:
            let written = promise ?? context.eventLoop.makePromise()
            context.write(wrapOutboundOut(part), promise: written)
            ended(context, written.futureResult)
        default:
            context.write(wrapOutboundOut(part), promise: promise)
        }
    }

    private func began(_ head: HTTPResponseHead) -> HTTPResponseHead {
        gate.answerBegan(isOpenEnded: !head.headers.contains(name: "content-length"))
        guard !isStream, gate.closesAfterAnswer else { return head }
        var head = head
        head.headers.replaceOrAdd(name: "connection", value: "close")
        return head
    }

    private func ended(_ context: ChannelHandlerContext, _ written: EventLoopFuture<Void>) {
        fast = nil
        lastWrite = written
        gate.answerEnded()
        // In the next tick: the caller is still inside its write.
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.execute { bound.value.settle() }
    }

    // MARK: Turns

    private func settle() {
        switch gate.settle() {
        case .wait: break
        case .close: flushAndClose()
        case .next: nextTurn()
        }
        armDeadline()
    }

    private func nextTurn() {
        while let part = gate.nextKept() { take(part) }
        // `NIOAsyncChannel` hands parts over only on read-complete.
        if fedSlow {
            fedSlow = false
            context?.fireChannelReadComplete()
        }
        if heldRead, !gate.holdsReads {
            heldRead = false
            context?.read()
        }
    }

    /// Closes once the last answer has left. An HTTP/2 stream ends by itself.
    func flushAndClose() {
        gate.closed()
        guard !isStream, let context else { return }
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.flush()
        guard let lastWrite else { return context.close(promise: nil) }
        lastWrite.assumeIsolated().whenComplete { _ in bound.value.close(promise: nil) }
    }

    func close() {
        gate.closed()
        context?.close(promise: nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        watchWritability(context)
        context.fireChannelWritabilityChanged()
    }

    // MARK: Events

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent:
            if gate.quiesce() == .close { flushAndClose() }
        case ChannelEvent.inputClosed:
            if gate.inputClosed() == .close { close() }
        default:
            context.fireUserInboundEventTriggered(event)
        }
        armDeadline()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError, gate.isIdle, !isStream else {
            context.fireErrorCaught(error)
            return close()
        }
        gate.open(.fast, keepsAlive: false)
        answer(routes.table.refusalOfSyntax())
        flushAndClose()
    }

    /// The upgrade is decided: refused (an ordinary answer), or taken over.
    func upgradeRefused(_ reply: Reply) {
        upgrade = nil
        answer(reply)
    }

    func upgradeTaken() {
        upgrade = nil
        gate.closed()
    }
}
