import HTTPTypes
import Kit
import Synchronization
import Testing

@testable import HTTPKit

/// Keeps claims in memory; the durable one is tested where it lives.
private final class MemoryLedger: IdempotencyLedger {
    private let claims = Mutex<[String: (request: IdempotentRequest, reply: KeptReply?)]>([:])

    func claim(_ request: IdempotentRequest) -> IdempotencyClaim {
        claims.withLock { claims in
            guard let known = claims[request.key] else {
                claims[request.key] = (request, nil)
                return .fresh
            }
            guard known.request == request else { return .mismatch }
            return known.reply.map { .done($0) } ?? .running
        }
    }

    func complete(_ request: IdempotentRequest, with reply: KeptReply) {
        claims.withLock { $0[request.key]?.reply = reply }
    }

    func abandon(_ request: IdempotentRequest) { claims.withLock { $0[request.key] = nil } }
}

@Suite("An Idempotency-Key")
struct IdempotencyTests {
    private func post(_ table: RouteTable, _ key: String, _ path: String = "/things", body: String = "a") async -> Reply
    {
        var headers = HTTPFields()
        headers[.idempotencyKey] = key
        return await table.respond(to: .test(.post, path, headers: headers), body: Array(body.utf8), entry: .test)
    }

    private func table(
        _ repetition: Repetition = .repliesAgain, _ handler: @escaping @Sendable (Exchange) async throws -> Reply
    ) throws -> RouteTable {
        let route = Route(.post, "/things", .authenticated, "", repetition: repetition, handler: handler)
        return try RouteTable.testing([route]) {
            $0.ledger = MemoryLedger()
        }
    }

    @Test("runs again what only reads: the reply of the first may no longer be for this caller")
    func runsAgain() async throws {
        let runs = Mutex(0)
        let table = try table(.runsAgain) { _ in
            let run = runs.withLock {
                $0 += 1; return $0
            }
            return try .json(["run": run])
        }
        #expect(try await post(table, "k1").text == #"{"run":1}"#)
        #expect(try await post(table, "k1").text == #"{"run":2}"#)
    }

    @Test("refuses to repeat a secret, and keeps none")
    func refusesSecrets() async throws {
        let runs = Mutex(0)
        let table = try table(.refused) { _ in
            runs.withLock { $0 += 1 }
            return try .json(["secret": "s3cret"])
        }
        #expect(try await post(table, "k1").text.contains("s3cret"))
        let second = await post(table, "k1")
        #expect(second.status == .conflict)
        #expect(try await second.code == "request.already_done")
        #expect(try await !second.text.contains("s3cret"))
        #expect(runs.withLock { $0 } == 1)
    }

    @Test("runs the work once and repeats its answer")
    func repeats() async throws {
        let runs = Mutex(0)
        let table = try table { _ in
            let run = runs.withLock {
                $0 += 1; return $0
            }
            return try .json(["run": run], status: .created)
        }
        let first = await post(table, "k1")
        let second = await post(table, "k1")
        #expect(first.status == .created && second.status == .created)
        #expect(try await first.text == second.text)
        #expect(second.headers[.idempotentReplayed] == "true" && first.headers[.idempotentReplayed] == nil)
        #expect(try await post(table, "k2").text == #"{"run":2}"#)
    }

    @Test("used for something else is 422, unusable is 400")
    func refuses() async throws {
        let table = try table { _ in Reply() }
        _ = await post(table, "k1")
        #expect(await post(table, "k1", body: "b").status == .unprocessableContent)
        #expect(await post(table, "k1", "/things?x=1").status == .unprocessableContent)
        for key in ["", "a b", "é", String(repeating: "k", count: 256)] {
            #expect(await post(table, key).status == .badRequest, "\(key)")
        }
    }

    @Test("of a request that still runs is 409, and a failure of ours frees the key")
    func concurrentAndFailed() async throws {
        let gate = TestRevocation()
        let entered = TestRevocation()
        let table = try table { _ in
            entered.cut()
            await gate.wait()
            throw CancellationError()
        }
        async let first = post(table, "k1")
        await entered.wait()
        let second = await post(table, "k1")
        #expect(second.status == .conflict && second.headers[.retryAfter] == "1")
        gate.cut()
        #expect(await first.status == .serviceUnavailable)
        #expect(await post(table, "k1").status == .serviceUnavailable)
    }
}
