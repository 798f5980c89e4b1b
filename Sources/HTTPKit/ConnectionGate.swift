import NIOCore
import NIOHTTP1

/// Decides what happens to each part of a connection, one exchange at a time. No channel, no clock, no I/O: the
/// `GateHandler` tells it what happened and does what it says.
///
/// Two sides can answer an exchange: the slow one (Hummingbird, behind the gate) and the fast one (on the event
/// loop). While one exchange is open, parts of the next wait here and the socket is not read, so answers keep the
/// order of pipelined requests and a flood costs one read buffer.
struct ConnectionGate {
    enum Side: Equatable { case slow, fast, upgrade }

    /// What to do with a part.
    enum Inbound: Equatable {
        /// A request begins: classify it and call `open`.
        case classify(HTTPRequestHead)
        case pass(HTTPServerRequestPart, to: Side)
        /// Kept until its turn, or of no use any more.
        case nothing
        case close
    }

    /// What to do once an exchange may be over.
    enum Outcome: Equatable { case wait, next, close }

    /// What the connection waits for; each has its own deadline.
    enum Wait: Equatable { case nothing, idle, head, body, drain, farewell }

    private struct Exchange {
        let side: Side
        var keepsAlive: Bool
        var requestEnded = false
        var answerEnded = false
        /// The answer has begun and does not say how long it is: it may go on for ever.
        var answerIsOpenEnded = false
        var drained = 0
    }

    /// Body bytes read only to be dropped after an early answer; beyond it the connection closes. Closing at once
    /// would reset the connection and take the answer away from a client that is still sending.
    static let drainBytesMax = 8 << 20

    private var current: Exchange?
    private var queue: CircularBuffer<HTTPServerRequestPart> = []
    private var sawBytes = false
    private var isQuiescing = false
    private var isInputClosed = false
    private(set) var isClosed = false

    var isIdle: Bool { current == nil && queue.isEmpty }
    /// Do not read from the socket.
    var holdsReads: Bool { !queue.isEmpty }
    /// The answer must say `Connection: close`.
    var closesAfterAnswer: Bool { isQuiescing || current?.keepsAlive == false }

    var wait: Wait {
        guard !isClosed else { return .nothing }
        guard let current else { return sawBytes ? .head : .idle }
        if !current.requestEnded { return current.answerEnded ? .drain : .body }
        return isInputClosed ? .farewell : .nothing
    }

    /// Raw bytes came in: the head of the next request has begun.
    mutating func receivedBytes() {
        if current == nil { sawBytes = true }
    }

    mutating func received(_ part: HTTPServerRequestPart) -> Inbound {
        guard !isClosed else { return .nothing }
        guard var exchange = current else { return begin(part) }
        guard !exchange.requestEnded else {
            queue.append(part)
            return .nothing
        }
        switch part {
        case .head: return .close
        case .body(let bytes): if exchange.answerEnded { exchange.drained += bytes.readableBytes }
        case .end: exchange.requestEnded = true
        }
        current = exchange
        guard exchange.drained <= Self.drainBytesMax else { return .close }
        let isDropped = exchange.answerEnded && exchange.side != .slow
        return isDropped ? .nothing : .pass(part, to: exchange.side)
    }

    private mutating func begin(_ part: HTTPServerRequestPart) -> Inbound {
        guard case .head(let head) = part else { return .close }
        sawBytes = false
        return .classify(head)
    }

    /// The answer to `classify`.
    mutating func open(_ side: Side, keepsAlive: Bool) {
        current = Exchange(side: side, keepsAlive: keepsAlive)
    }

    mutating func answerBegan(isOpenEnded: Bool) {
        current?.answerIsOpenEnded = isOpenEnded
    }

    mutating func answerEnded() { current?.answerEnded = true }

    /// Whether the exchange is over and what follows. Call after every end of a request or an answer.
    mutating func settle() -> Outcome {
        guard let exchange = current, exchange.requestEnded, exchange.answerEnded, !isClosed else { return .wait }
        let isLast = isQuiescing || !exchange.keepsAlive || (isInputClosed && queue.isEmpty)
        current = nil
        return isLast ? close() : .next
    }

    /// The next kept part whose turn it is. Handle it like one just received.
    mutating func nextKept() -> HTTPServerRequestPart? {
        guard current?.requestEnded != true, !isClosed else { return nil }
        return queue.popFirst()
    }

    /// The server is asked to stop: finish the open exchange, start no other.
    mutating func quiesce() -> Outcome {
        isQuiescing = true
        queue.removeAll()
        return current == nil || current?.answerEnded == true ? close() : .wait
    }

    /// The client will send nothing more. It may still be reading: what it asked for is answered, but a stream
    /// without end, or a request without its end, is given up.
    mutating func inputClosed() -> Outcome {
        isInputClosed = true
        guard let current else { return queue.isEmpty ? close() : .wait }
        return !current.requestEnded || current.answerIsOpenEnded ? close() : .wait
    }

    private mutating func close() -> Outcome {
        isClosed = true
        queue.removeAll()
        return .close
    }

    /// The channel is gone, or about to go.
    mutating func closed() { _ = close() }
}
