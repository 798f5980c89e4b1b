import HTTPTypes
import Kit
import NIOCore
import NIOHTTP1
import NIOWebSocket

/// One upgrade under way: waits for both the admission, which may have to ask a store, and the end of the request,
/// then exchanges the HTTP handlers for WebSocket ones. Confined to the event loop.
final class WebSocketUpgrade {
    private weak var gate: GateHandler?
    private let route: WebSocketRoute
    private let head: HTTPRequestHead
    private var hasEnded = false
    private var isAbandoned = false
    private var outcome: AdmissionOutcome?
    private let table: RouteTable

    init(gate: GateHandler, route: WebSocketRoute, request: HTTPRequest, head: HTTPRequestHead) {
        self.gate = gate
        self.route = route
        self.head = head
        table = gate.routes.table
        guard let context = gate.context else { return }
        let entry = gate.routes.entry(request.headerFields, context.channel.remoteAddress)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        Task { [table, loop = context.eventLoop] in
            let outcome = await table.admit(request, entry: entry)
            loop.execute { bound.value.decided(outcome) }
        }
    }

    func requestEnded() {
        hasEnded = true
        proceed()
    }

    func abandon() {
        isAbandoned = true
        proceed()
    }

    private func decided(_ outcome: AdmissionOutcome) {
        self.outcome = outcome
        proceed()
    }

    private func proceed() {
        guard let outcome else { return }
        switch outcome {
        case .admitted(let exchange) where isAbandoned:
            _ = table.abandon(exchange, because: .clientLeft)
            self.outcome = nil
        case .admitted(let exchange) where hasEnded:
            self.outcome = nil
            respond(to: exchange)
        case .refused(let reply) where !isAbandoned:
            self.outcome = nil
            gate?.upgradeRefused(reply)
        case .admitted, .refused: break
        }
    }

    private func respond(to exchange: AdmittedExchange) {
        guard let gate, let context = gate.context else { return }
        let upgrader = NIOWebSocketServerUpgrader(
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() })
        upgrader.buildUpgradeResponse(
            channel: context.channel, upgradeRequest: head, initialResponseHeaders: [:]
        ).assumeIsolated().whenComplete { result in
            switch result {
            case .success(let headers): self.exchangeHandlers(context, headers, exchange)
            case .failure:
                let problem = Problem.invalid("Sec-WebSocket-Version", "It must be 13, with a Sec-WebSocket-Key.")
                self.gate?.upgradeRefused(self.table.abandon(exchange, because: problem))
            }
        }
    }

    /// The order is what makes it safe: new handlers right behind the gate, then encoder, gate and decoder leave,
    /// so that bytes which the decoder has already read reach the frame decoder.
    private func exchangeHandlers(
        _ context: ChannelHandlerContext, _ headers: HTTPHeaders, _ exchange: AdmittedExchange
    ) {
        guard let gate else { return }
        let head = HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: headers)
        context.write(gate.wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(gate.wrapOutboundOut(.end(nil)), promise: nil)
        let pipeline = context.pipeline.syncOperations
        do {
            try pipeline.addHandlers(
                [
                    WebSocketFrameEncoder(),
                    ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: WebSocketSession.messageBytesMax)),
                    MaskedFramesOnly(),
                    NIOWebSocketFrameAggregator(
                        minNonFinalFragmentSize: 1, maxAccumulatedFrameCount: 1024,
                        maxAccumulatedFrameSize: WebSocketSession.messageBytesMax),
                    WebSocketHandler(table: table, exchange: exchange, route: route),
                ], position: .after(gate))
            gate.upgradeTaken()
            _ = pipeline.removeHandler(try pipeline.handler(type: ByteWatch.self))
            _ = pipeline.removeHandler(try pipeline.handler(type: HTTPResponseEncoder.self))
            _ = pipeline.removeHandler(gate)
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            _ = pipeline.removeHandler(decoder)
        } catch {
            _ = table.abandon(exchange, because: .clientLeft)
            context.close(promise: nil)
        }
    }
}
