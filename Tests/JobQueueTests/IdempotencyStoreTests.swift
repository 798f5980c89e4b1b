import HTTPKit
import Kit
import Storage
import TestKit
import Testing

@testable import JobQueue

@Suite struct IdempotencyStoreTests {
    private func store(_ world: JobWorld) -> IdempotencyStore {
        IdempotencyStore(database: world.database, sealer: world.keyring, clock: world.time.clock)
    }

    private func request(
        _ person: Principal, key: String = "key", operation: String = "POST /things", body: String = "{}"
    ) -> IdempotentRequest {
        IdempotentRequest(
            tenant: person.tenant, subject: person.subject, key: key, operation: operation, body: Array(body.utf8))
    }

    private let reply = KeptReply(status: 201, contentType: "application/json", body: Array("{\"id\":\"heron\"}".utf8))

    @Test func `a request is fresh once, then running, then answered as before`() async throws {
        try await JobWorld.each { world in
            let (ledger, request) = (store(world), request(world.person()))
            #expect(try await ledger.claim(request) == .fresh)
            #expect(try await ledger.claim(request) == .running)
            try await ledger.complete(request, with: reply)
            #expect(try await ledger.claim(request) == .done(reply))
            let bare = KeptReply(status: 204, contentType: nil, body: [])
            let other = self.request(world.person())
            _ = try await ledger.claim(other)
            try await ledger.complete(other, with: bare)
            #expect(try await ledger.claim(other) == .done(bare))
        }
    }

    @Test func `the same key for another body or operation is a mismatch, also while running`() async throws {
        try await JobWorld.each { world in
            let (ledger, anna) = (store(world), world.person())
            #expect(try await ledger.claim(request(anna)) == .fresh)
            for isDone in [false, true] {
                if isDone { try await ledger.complete(request(anna), with: reply) }
                #expect(try await ledger.claim(request(anna, body: "{ }")) == .mismatch)
                #expect(try await ledger.claim(request(anna, operation: "POST /things?x=1")) == .mismatch)
            }
        }
    }

    @Test func `keys of other people and tenants are other keys`() async throws {
        try await JobWorld.each { world in
            let (ledger, anna) = (store(world), world.person())
            _ = try await ledger.claim(request(anna))
            try await ledger.complete(request(anna), with: reply)
            for person in [world.person(), world.person(of: world.otherTenant)] {
                #expect(try await ledger.claim(request(person)) == .fresh)
            }
        }
    }

    @Test func `an abandoned claim is free at once, a dead one after its time, a kept reply after a day`() async throws
    {
        try await JobWorld.each { world in
            let (ledger, request) = (store(world), request(world.person()))
            #expect(try await ledger.claim(request) == .fresh)
            try await ledger.abandon(request)
            #expect(try await ledger.claim(request) == .fresh)
            world.time.advance(by: IdempotencyStore.runningMax)
            #expect(try await ledger.claim(request) == .fresh)
            try await ledger.complete(request, with: reply)
            try await ledger.abandon(request)
            world.time.advance(by: .seconds(86_399))
            #expect(try await ledger.claim(request) == .done(reply))
            world.time.advance(by: .seconds(1))
            #expect(try await ledger.claim(request) == .fresh)
        }
    }

    @Test func `of many equal requests at once one is fresh`() async throws {
        try await JobWorld.each { world in
            let (ledger, request) = (store(world), request(world.person()))
            let claims = try await withThrowingTaskGroup(of: IdempotencyClaim.self) { group in
                for _ in 0..<12 { group.addTask { try await ledger.claim(request) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(claims.filter { $0 == .fresh }.count == 1 && claims.filter { $0 == .running }.count == 11)
        }
    }

    @Test func `replies are sealed and go with their subject`() async throws {
        try await JobWorld.each { world in
            let (ledger, anna) = (store(world), world.person())
            _ = try await ledger.claim(request(anna))
            try await ledger.complete(request(anna), with: reply)
            let body = try await world.database.read { connection -> [UInt8]? in
                try connection.row("SELECT body FROM idempotency_keys")?["body"]
            }
            #expect(body.map { String(decoding: $0, as: UTF8.self).contains("heron") } == false)
            try await world.database.write(.tenant(world.tenant)) { try ledger.erase(anna.subject, in: $0) }
            #expect(try await ledger.claim(request(anna)) == .fresh)
        }
    }
}
