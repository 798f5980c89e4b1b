import HTTPTypes
import Kit
import Logging

extension RouteTable {
    /// Runs the handler of an admitted exchange. Never throws: every failure is a reply.
    package func perform(_ exchange: AdmittedExchange, body: [UInt8]) async -> Reply {
        do {
            guard body.count <= exchange.route.bodyBytesMax else { throw Problem.tooLarge(exchange.route) }
            return finished(try await answer(exchange, body: body), exchange)
        } catch {
            return finished(reply(to: error, exchange.opening), exchange)
        }
    }

    /// The body could not be read: too large, too slow or broken off. Gives the exchange's place back.
    package func abandon(_ exchange: AdmittedExchange, because problem: Problem) -> Reply {
        finished(reply(to: problem, exchange.opening), exchange)
    }

    private func answer(_ exchange: AdmittedExchange, body: [UInt8]) async throws -> Reply {
        guard let repeatable = try idempotent(exchange, body: body), let ledger = services.ledger else {
            return try await exchange.route.handler(handed(exchange, body: body))
        }
        switch try await ledger.claim(repeatable) {
        case .running: throw Problem.stillRunning
        case .mismatch: throw Problem.keyReused
        case .done where exchange.route.repetition == .refused: throw Problem.alreadyDone
        case .done(let kept): return Reply(kept)
        case .fresh:
            return try await once(repeatable, ledger, exchange.route.repetition) { [self] in
                try await exchange.route.handler(handed(exchange, body: body))
            }
        }
    }

    /// Keeps the reply of a first run. What failed on our side, or streams, is not kept: the key is free again.
    private func once(
        _ request: IdempotentRequest, _ ledger: any IdempotencyLedger, _ repetition: Repetition,
        _ handler: () async throws -> Reply
    ) async throws -> Reply {
        let reply: Reply
        do {
            reply = try await handler()
        } catch {
            try await ledger.abandon(request)
            throw error
        }
        if let kept = repetition == .refused ? KeptReply.done : KeptReply(reply) {
            try await ledger.complete(request, with: kept)
        } else {
            try await ledger.abandon(request)
        }
        return reply
    }

    private func idempotent(_ exchange: AdmittedExchange, body: [UInt8]) throws -> IdempotentRequest? {
        guard let caller = exchange.caller, exchange.request.method != .get, exchange.request.method != .head,
            let key = exchange.request.headerFields[.idempotencyKey]
        else { return nil }
        guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Problem.invalid("Idempotency-Key", "It must be 1 to 255 visible ASCII characters.")
        }
        guard exchange.route.repetition != .runsAgain else { return nil }
        return IdempotentRequest(
            tenant: caller.tenant, subject: caller.subject, key: key,
            operation: "\(exchange.request.method.rawValue) \(exchange.request.path ?? "")", body: body)
    }

    private func handed(_ exchange: AdmittedExchange, body: [UInt8]) -> Exchange {
        Exchange(
            id: exchange.id, request: exchange.request, parameters: exchange.match.parameters, query: exchange.query,
            caller: exchange.caller, body: body, receivedAt: exchange.opening.receivedAt,
            peer: exchange.opening.entry.peer, revoked: revocation(of: exchange))
    }

    func revocation(of exchange: AdmittedExchange) -> @Sendable () async -> Void {
        guard let caller = exchange.caller else { return { await untilCancelled() } }
        return { [revoked = services.revoked] in await revoked(caller) }
    }
}

extension KeptReply {
    /// That it was done, and nothing of the reply.
    fileprivate static let done = KeptReply(status: HTTPResponse.Status.ok.code, contentType: nil, body: [])

    /// Nil for streams and for failures on our side.
    init?(_ reply: Reply) {
        guard reply.status.code < 500 else { return nil }
        let type = reply.headers[.contentType]
        switch reply.body {
        case .empty: self.init(status: reply.status.code, contentType: type, body: [])
        case .bytes(let bytes): self.init(status: reply.status.code, contentType: type, body: bytes)
        case .stream: return nil
        }
    }
}

extension Reply {
    /// A repeated answer says that it is one.
    init(_ kept: KeptReply) {
        self.init(HTTPResponse.Status(code: kept.status), body: kept.body.isEmpty ? .empty : .bytes(kept.body))
        headers[.contentType] = kept.contentType
        headers[.idempotentReplayed] = "true"
    }
}

extension Problem {
    static func tooLarge(_ route: Route) -> Problem {
        Problem(
            .contentTooLarge, "request.too_large", "The body is too large.",
            detail: "This address takes at most \(route.bodyBytesMax) bytes.")
    }

    static let stillRunning = Problem(
        .conflict, "request.in_progress", "A request with this Idempotency-Key is still being worked on.",
        detail: "Try again later with the same key.", retryAfterSeconds: 1)

    static let alreadyDone = Problem(
        .conflict, "request.already_done", "The request with this Idempotency-Key has been done.",
        detail: "Its reply held a secret and was not kept. Look at what it made, or use a new key.")

    static let keyReused = Problem(
        .unprocessableContent, "request.idempotency_mismatch",
        "This Idempotency-Key was used for a different request.", detail: "Use a new key for a new request.")
}
