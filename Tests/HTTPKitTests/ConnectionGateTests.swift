import NIOCore
import NIOHTTP1
import Testing

@testable import HTTPKit

@Suite("The connection gate")
struct ConnectionGateTests {
    private let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/")
    private let body = HTTPServerRequestPart.body(ByteBuffer(string: "abc"))

    private func opened(_ side: ConnectionGate.Side, keepsAlive: Bool = true) -> ConnectionGate {
        var gate = ConnectionGate()
        #expect(gate.received(.head(head)) == .classify(head))
        gate.open(side, keepsAlive: keepsAlive)
        return gate
    }

    @Test("passes the parts of a request to the side that took its head")
    func passes() {
        for side in [ConnectionGate.Side.slow, .fast, .upgrade] {
            var gate = opened(side)
            #expect(gate.received(body) == .pass(body, to: side))
            #expect(gate.received(.end(nil)) == .pass(.end(nil), to: side))
            #expect(gate.settle() == .wait)
            gate.answerEnded()
            #expect(gate.settle() == .next)
            #expect(gate.isIdle)
        }
    }

    @Test("keeps the next requests until the answer before has ended, in order, and reads no more meanwhile")
    func pipelines() {
        var gate = opened(.slow)
        _ = gate.received(.end(nil))
        #expect(!gate.holdsReads)
        #expect(gate.received(.head(head)) == .nothing)
        #expect(gate.received(.end(nil)) == .nothing)
        #expect(gate.received(.head(head)) == .nothing)
        #expect(gate.holdsReads && gate.nextKept() == nil)
        gate.answerEnded()
        #expect(gate.settle() == .next)
        #expect(gate.nextKept() == .head(head))
        #expect(gate.received(.head(head)) == .classify(head))
        gate.open(.fast, keepsAlive: true)
        #expect(gate.nextKept() == .end(nil))
        #expect(gate.received(.end(nil)) == .pass(.end(nil), to: .fast))
        #expect(gate.nextKept() == nil && gate.holdsReads)
    }

    @Test("waits for the end of the request even when the answer is early, and gives up on long ones")
    func earlyAnswer() {
        var gate = opened(.fast)
        gate.answerEnded()
        #expect(gate.settle() == .wait && gate.wait == .drain)
        #expect(gate.received(body) == .nothing)
        #expect(gate.received(.end(nil)) == .nothing)
        #expect(gate.settle() == .next)

        var flooded = opened(.slow)
        flooded.answerEnded()
        let piece = HTTPServerRequestPart.body(ByteBuffer(repeating: 0, count: 3 << 20))
        #expect(flooded.received(piece) == .pass(piece, to: .slow))
        #expect(flooded.received(piece) == .pass(piece, to: .slow))
        #expect(flooded.received(piece) == .close)
    }

    @Test("closes after the answer when the client or the drain says so")
    func lastAnswer() {
        var gate = opened(.slow, keepsAlive: false)
        #expect(gate.closesAfterAnswer)
        _ = gate.received(.end(nil))
        gate.answerEnded()
        #expect(gate.settle() == .close && gate.isClosed)

        var drained = opened(.slow)
        _ = drained.received(.end(nil))
        _ = drained.received(.head(head))
        #expect(drained.quiesce() == .wait)
        #expect(drained.closesAfterAnswer && !drained.holdsReads)
        drained.answerEnded()
        #expect(drained.settle() == .close)
        #expect(drained.received(.head(head)) == .nothing)

        var idle = ConnectionGate()
        #expect(idle.quiesce() == .close)
    }

    @Test("answers a half-closed client, but not without end")
    func halfClose() {
        var idle = ConnectionGate()
        #expect(idle.inputClosed() == .close)

        var asked = opened(.slow)
        _ = asked.received(.end(nil))
        _ = asked.received(.head(head))
        _ = asked.received(.end(nil))
        #expect(asked.inputClosed() == .wait && asked.wait == .farewell)
        asked.answerEnded()
        #expect(asked.settle() == .next)
        #expect(asked.received(asked.nextKept()!) == .classify(head))
        asked.open(.slow, keepsAlive: true)
        _ = asked.received(asked.nextKept()!)
        asked.answerEnded()
        #expect(asked.settle() == .close)

        var streaming = opened(.slow)
        _ = streaming.received(.end(nil))
        streaming.answerBegan(isOpenEnded: true)
        #expect(streaming.inputClosed() == .close)

        var incomplete = opened(.slow)
        #expect(incomplete.inputClosed() == .close)
    }

    @Test("names what it waits for, so that each has its deadline")
    func waits() {
        var gate = ConnectionGate()
        #expect(gate.wait == .idle)
        gate.receivedBytes()
        #expect(gate.wait == .head)
        _ = gate.received(.head(head))
        gate.open(.slow, keepsAlive: true)
        #expect(gate.wait == .body)
        _ = gate.received(.end(nil))
        #expect(gate.wait == .nothing)
        gate.receivedBytes()
        gate.answerEnded()
        _ = gate.settle()
        #expect(gate.wait == .idle)
        gate.closed()
        #expect(gate.wait == .nothing)
    }

    @Test("closes on parts that no request can begin with")
    func stray() {
        var gate = ConnectionGate()
        #expect(gate.received(body) == .close)
        var open = opened(.slow)
        #expect(open.received(.head(head)) == .close)
    }
}
