import HTTPTypes
import Kit
import NIOCore

/// A route that is answered on the event loop, without Hummingbird and without a task: for relays of model
/// servers, where the ordinary way costs several times as much (HTTP-ENTRY, "Measured").
///
/// Contract: everything runs on the connection's event loop and never blocks it. `route` stands in the route table
/// like any other; its handler is the slow twin that answers when the caller is not cached, and in-process.
/// `begin` is called once per admitted request; then `body` any number of times and `end` once, or `cancel` at any
/// moment after which the answer is deaf. Exactly one complete answer must be given.
package protocol FastRoute: Sendable {
    var route: Route { get }
    func begin(_ exchange: AdmittedExchange, _ answer: FastAnswer) -> any FastExchange
}

/// One request being answered by a fast route. Confined to its event loop.
package protocol FastExchange: AnyObject {
    func body(_ bytes: ByteBuffer)
    func end()
    /// The client has gone.
    func cancel()
}

/// Where a fast route writes. Confined to its event loop; one flush per read burst is the gate's business.
package final class FastAnswer {
    private weak var gate: GateHandler?
    private let table: RouteTable
    private let exchange: AdmittedExchange
    private var isGiven = false

    init(gate: GateHandler, table: RouteTable, exchange: AdmittedExchange) {
        self.gate = gate
        self.table = table
        self.exchange = exchange
    }

    /// A whole answer at once.
    package func give(_ reply: Reply) {
        guard !isGiven else { return }
        isGiven = true
        gate?.answer(table.finished(reply, exchange))
    }

    /// Gives the exchange's place back when its client left before the answer.
    func abandon() {
        guard !isGiven else { return }
        isGiven = true
        _ = table.abandon(exchange, because: .clientLeft)
    }
}

extension Problem {
    static let clientLeft = Problem(.badRequest, "request.broken_off", "The request ended before it was complete.")
}

/// `GET /v1/ping`: proves the fast path, and tells a client that its key works at the cost of no task.
package struct PingRoute: FastRoute {
    package let route: Route
    private static let bytes = Array(#"{"pong":true}"#.utf8)

    package init() {
        route = Route(
            .get, "/v1/ping", .authenticated, "Answers at once when the key is valid.",
            gives: .object([.init(name: "pong", node: .boolean, required: true)])
        ) { _ in Self.reply }
    }

    private static var reply: Reply { Reply(headers: [.contentType: "application/json"], body: .bytes(bytes)) }

    package func begin(_ exchange: AdmittedExchange, _ answer: FastAnswer) -> any FastExchange {
        Ping(answer: answer)
    }

    private final class Ping: FastExchange {
        private let answer: FastAnswer

        init(answer: FastAnswer) { self.answer = answer }

        func body(_: ByteBuffer) {}
        func end() { answer.give(PingRoute.reply) }
        func cancel() {}
    }
}
