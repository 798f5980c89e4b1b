import TestKit
import Testing

@testable import Encoder

@Suite struct LaneQueueTests {
    private func windows(_ count: Int) -> [[Int32]] { (0..<count).map { [Int32($0)] } }

    @Test func `batches take turns window by window`() throws {
        var queue = LaneQueue(waitingMax: 100)
        try queue.submit(windows(3), as: 1)
        try queue.submit(windows(1), as: 2)
        try queue.submit(windows(2), as: 3)
        var order: [[Int]] = []
        while let ticket = queue.take() { order.append([Int(ticket.batch), ticket.index]) }
        #expect(order == [[1, 0], [2, 0], [3, 0], [1, 1], [3, 1], [1, 2]])
        #expect(queue.waiting == 0)
    }

    @Test func `a batch that would not fit is refused whole`() throws {
        var queue = LaneQueue(waitingMax: 3)
        try queue.submit(windows(2), as: 1)
        #expect(throws: EncoderFailure.overloaded(waiting: 2, limit: 3)) { try queue.submit(windows(2), as: 2) }
        #expect(queue.waiting == 2)
        try queue.submit(windows(1), as: 3)
    }

    @Test func `vectors come back in the order of the windows`() throws {
        var queue = LaneQueue(waitingMax: 3)
        try queue.submit(windows(2), as: 1)
        let tickets = [queue.take(), queue.take()].compactMap { $0 }
        try #require(tickets.count == 2)
        let (early, late) = (queue.finish(tickets[1], with: [2]), queue.finish(tickets[0], with: [1]))
        #expect(early == nil)
        #expect(late == [[1], [2]])
    }

    @Test func `a dropped batch leaves no work and takes no vectors`() throws {
        var queue = LaneQueue(waitingMax: 10)
        try queue.submit(windows(3), as: 1)
        try queue.submit(windows(1), as: 2)
        let taken = queue.take()
        let ticket = try #require(taken)
        queue.drop(1)
        #expect(queue.waiting == 1)
        let (vectors, next, last) = (queue.finish(ticket, with: [1]), queue.take(), queue.take())
        #expect(vectors == nil)
        #expect(next?.batch == 2)
        #expect(last == nil)
        queue.drop(1)
    }

    @Test(arguments: 1...100)
    func `random work is done once each and counted right`(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        var queue = LaneQueue(waitingMax: 1_000)
        var expected: [UInt64: Int] = [:]
        var open: [LaneQueue.Ticket] = []
        var next: UInt64 = 0
        for _ in 0..<200 {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<2:
                next += 1
                let count = Int.random(in: 1...5, using: &generator)
                try queue.submit((0..<count).map { [Int32($0)] }, as: next)
                expected[next] = count
            case 2 where !expected.isEmpty:
                let dropped = expected.keys.sorted().randomElement(using: &generator) ?? 0
                queue.drop(dropped)
                expected[dropped] = nil
            case 3..<7:
                if let ticket = queue.take() { open.append(ticket) }
            default:
                guard let ticket = open.popLast() else { continue }
                guard let vectors = queue.finish(ticket, with: [Float(ticket.index)]) else { continue }
                let count = try #require(expected[ticket.batch], "seed \(seed)")
                expected[ticket.batch] = nil
                #expect(vectors == (0..<count).map { [Float($0)] }, "seed \(seed)")
            }
        }
        while let ticket = queue.take() { open.append(ticket) }
        #expect(queue.waiting == 0, "seed \(seed)")
        for ticket in open where queue.finish(ticket, with: [1]) != nil { expected[ticket.batch] = nil }
        #expect(expected.isEmpty, "seed \(seed)")
    }
}
