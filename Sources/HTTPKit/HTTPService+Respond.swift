import HTTPTypes
import HummingbirdCore
import Kit
import NIOCore
import ServiceLifecycle

extension HTTPService {
    /// The slow side: Hummingbird hands over a request, the table makes the reply.
    func responder(_ routes: EntryRoutes) -> HTTPChannelHandler.Responder {
        { [table] request, writer, channel in
            let entry = routes.entry(request.headers, channel.remoteAddress ?? channel.parent?.remoteAddress)
            let reply: Reply
            switch await table.admit(request.head, entry: entry) {
            case .refused(let refusal): reply = refusal
            case .admitted(let exchange):
                if request.headers[.expect]?.lowercased() == "100-continue", exchange.fits(request.head) {
                    try await writer.writeInformationalHead(HTTPResponse(status: .continue))
                }
                switch await Self.body(of: request, for: exchange) {
                case .success(let body): reply = await table.perform(exchange, body: body)
                case .failure(let problem): reply = table.abandon(exchange, because: problem)
                }
            }
            try await Self.write(reply, to: writer, at: table.services.clock.now())
        }
    }

    /// At most `bodyBytesMax` bytes; a declared length over it is refused before a byte is read.
    private static func body(of request: Request, for exchange: AdmittedExchange) async -> Result<[UInt8], Problem> {
        guard exchange.fits(request.head) else { return .failure(.tooLarge(exchange.route)) }
        var body: [UInt8] = []
        do {
            for try await piece in request.body {
                guard body.count + piece.readableBytes <= exchange.route.bodyBytesMax else {
                    return .failure(.tooLarge(exchange.route))
                }
                body.append(contentsOf: piece.readableBytesView)
            }
        } catch {
            return .failure(.clientLeft)
        }
        return .success(body)
    }

    private static func write(
        _ reply: Reply, to writer: consuming ResponseWriter, at now: Timestamp
    ) async throws {
        var head = reply.head(at: now)
        switch reply.body {
        case .empty:
            if reply.status.mayHaveBody, head.headerFields[.contentLength] == nil {
                head.headerFields[.contentLength] = "0"
            }
            try await writer.writeResponse(head)
        case .bytes(let bytes):
            head.headerFields[.contentLength] = String(bytes.count)
            try await writer.write(response: head, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        case .stream(let stream):
            var body = try await writer.writeHead(head)
            let pieces = reply.endsOnDrain ? untilDrain(stream) : stream
            for try await piece in pieces { try await body.write(ByteBuffer(bytes: piece)) }
            try Task.checkCancellation()
            try await body.finish(nil)
        }
    }
}

/// Ends cleanly when the server is told to stop.
private func untilDrain(_ stream: AsyncThrowingStream<[UInt8], any Error>) -> AsyncThrowingStream<[UInt8], any Error> {
    StreamPump.stream { relay in
        try await StreamPump.race {
            for try await piece in stream {
                guard await relay.send(piece) else { return }
            }
        } _: {
            try await gracefulShutdown()
        }
    }
}

extension AdmittedExchange {
    /// Whether the declared length, if any, is within the route's bound.
    fileprivate func fits(_ head: HTTPRequest) -> Bool {
        guard let length = head.headerFields[.contentLength].flatMap(Int.init) else { return true }
        return length <= route.bodyBytesMax
    }
}

extension HTTPResponse.Status {
    fileprivate var mayHaveBody: Bool { code >= 200 && code != 204 && code != 304 }
}
