import HTTPTypes
import Kit
import Logging

extension RouteTable {
    /// A refused request as its reply, counted and logged.
    func refusal(_ error: any Error, _ opening: Opening) -> Reply {
        var reply = reply(to: error, opening)
        dress(&reply, opening)
        record(reply.status, opening, caller: nil)
        return reply
    }

    /// Headers, the cut of streams when rights end, and the record, at the end of the answer.
    func finished(_ reply: Reply, _ exchange: AdmittedExchange) -> Reply {
        var reply = reply
        dress(&reply, exchange.opening)
        guard case .stream(let stream) = reply.body, exchange.request.method != .head else {
            if case .bytes(let bytes) = reply.body, exchange.request.method == .head {
                reply.headers[.contentLength] = String(bytes.count)
            }
            if exchange.request.method == .head { reply.body = .empty }
            leave(exchange, reply.status)
            return reply
        }
        reply.body = .stream(guarded(stream, exchange, status: reply.status))
        return reply
    }

    private func guarded(
        _ stream: AsyncThrowingStream<[UInt8], any Error>, _ exchange: AdmittedExchange, status: HTTPResponse.Status
    ) -> AsyncThrowingStream<[UInt8], any Error> {
        let revoked = revocation(of: exchange)
        let grace = admission.settings.revocationGrace
        return StreamPump.stream { [self] relay in
            defer { leave(exchange, status) }
            try await StreamPump.race {
                for try await piece in stream {
                    guard await relay.send(piece) else { return }
                }
            } _: { [clock = services.clock] in
                await revoked()
                try Task.checkCancellation()
                try await clock.sleep(grace)
                throw StreamCut.rightsRevoked
            }
        }
    }

    func leave(_ exchange: AdmittedExchange, _ status: HTTPResponse.Status) {
        admission.inFlight.leave(exchange.flightKey)
        record(status, exchange.opening, caller: exchange.caller)
    }

    private func dress(_ reply: inout Reply, _ opening: Opening) {
        SecurityHeaders.apply(
            to: &reply, id: opening.id, isTLS: admission.settings.tls != nil && opening.entry != .local)
    }

    private func record(_ status: HTTPResponse.Status, _ opening: Opening, caller: Principal?) {
        let record = ExchangeRecord(
            id: opening.id, method: opening.request.method.rawValue, route: opening.route, status: status.code,
            duration: services.clock.now() - opening.receivedAt, tenant: caller?.tenant, subject: caller?.subject)
        services.recorder.finished(record)
        services.logger.info("exchange", metadata: record.metadata)
    }

    func reply(to error: any Error, _ opening: Opening) -> Reply {
        ProblemReply.reply(problem(of: error, opening), id: opening.id, path: opening.request.path ?? "")
    }

    /// What nobody has given a public sentence is a 500 that says nothing; its detail goes to the log only.
    private func problem(of error: any Error, _ opening: Opening) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case let failure as any ProblemConvertible: return failure.problem
        case let failure as AuthenticationFailure: return failure.asProblem
        case is CancellationError: return Problem(.serviceUnavailable, "request.cancelled", "The request was given up.")
        default:
            services.logger.error(
                "exchange failed",
                metadata: [
                    "request": "\(opening.id)", "route": "\(opening.route)",
                    "error": "\(String(describing: error).prefix(500))",
                ])
            return Problem(
                .internalServerError, "internal", "Something went wrong on the server.",
                detail: "Give the operator the request id \(opening.id).")
        }
    }
}

extension ExchangeRecord {
    /// What is logged: no path, no query, no body, no token.
    var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = [
            "request": "\(id)", "method": "\(method)", "route": "\(route)", "status": "\(status)",
            "microseconds": "\(duration.wholeMicroseconds)",
        ]
        if let tenant { metadata["tenant"] = "\(tenant)" }
        if let subject { metadata["subject"] = "\(subject)" }
        return metadata
    }
}

extension AuthenticationFailure {
    var asProblem: Problem {
        switch self {
        case .missing: .missingCredentials
        case .invalid: .badCredentials
        case .csrf: .csrf
        case .throttled(let seconds): .tooMany(seconds)
        }
    }
}

extension RouteTable {
    /// A WebSocket is over: its place is free again.
    func ended(_ exchange: AdmittedExchange) { leave(exchange, .switchingProtocols) }

    /// Bytes that are no request, or one that two servers would read differently.
    func refusalOfSyntax() -> Reply {
        refusal(Problem(.badRequest, "request.malformed", "This is not a well-formed HTTP request."), anonymous())
    }

    func refusalOfSlowness() -> Reply {
        refusal(Problem(.requestTimeout, "request.too_slow", "The head of the request took too long."), anonymous())
    }

    private func anonymous() -> Opening {
        services.recorder.started()
        return Opening(
            id: services.randomness.identifier(),
            request: HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/"),
            entry: .network(peer: "unknown"), receivedAt: services.clock.now())
    }
}
