import AuditTrail
import Foundation
import Keyring
import Kit
import Storage
import Synchronization
import TestKit
import Testing

@Suite struct IntentTests {
    @Test func `an intent that was completed is not done again`() async throws {
        try await AuditBench.each { bench in
            let tenant = try bench.makeTenant()
            let id = try await bench.begin("blobs.delete", [1, 2], tenant)
            let receipt = try await bench.database.write(.tenant(tenant)) {
                try bench.trail.completeIntent(id, entry: bench.entry(2), in: $0)
            }
            #expect(receipt?.sequence == 2)
            let again = try await bench.database.write(.tenant(tenant)) {
                try bench.trail.completeIntent(id, entry: bench.entry(2), in: $0)
            }
            #expect(again == nil)
            try await bench.trail.replayOpenIntents(handlers: ["blobs.delete": { _, _ in Issue.record("done twice") }])
            #expect(try await bench.trail.verify(.tenant(tenant)).size == 2)
        }
    }

    @Test func `intents that a crash left open are done once at start-up, in their order, and recorded`() async throws {
        try await AuditBench.each { bench in
            let tenants = try (0..<2).map { _ in try bench.makeTenant() }
            var expected: [Done] = []
            for number: UInt8 in 0..<6 {
                let tenant = tenants[Int(number) % 2]
                bench.clock.advance(by: .seconds(1))
                _ = try await bench.begin("blobs.delete", [number], tenant)
                expected.append(Done(tenant: tenant, payload: [number]))
            }
            let restarted = AuditTrail(
                database: bench.database, sealer: bench.keyring, clock: bench.clock.clock, randomness: .system)
            let done = Mutex<[Done]>([])
            let handlers: [String: AuditTrail.IntentHandler] = [
                "blobs.delete": { tenant, payload in
                    done.withLock { $0.append(Done(tenant: tenant, payload: payload)) }
                }
            ]
            try await restarted.replayOpenIntents(handlers: handlers)
            try await restarted.replayOpenIntents(handlers: handlers)
            #expect(done.withLock { $0 } == expected)
            for tenant in tenants {
                let page = try await restarted.entries(for: .reader(of: tenant), page: PageRequest())
                let replayed = page.items.map(\.record.entry).filter { $0.facts["replayed"] == "true" }
                #expect(replayed.count == 3)
                #expect(replayed.allSatisfy { $0.action == "notes.write" && $0.facts["intent"] != nil })
                #expect(try await bench.fault(in: tenant) == nil)
            }
        }
    }

    @Test func `an intent without a working handler stays open and is named, the others are done`() async throws {
        try await AuditBench.each { bench in
            struct Trouble: Error {}
            let tenant = try bench.makeTenant()
            let failing = try await bench.begin("fails", [], tenant)
            let unknown = try await bench.begin("unknown", [], tenant)
            _ = try await bench.begin("works", [], tenant)
            let handlers: [String: AuditTrail.IntentHandler] = [
                "fails": { _, _ in throw Trouble() }, "works": { _, _ in },
            ]
            await #expect(throws: AuditFailure.openIntents([failing, unknown])) {
                try await bench.trail.replayOpenIntents(handlers: handlers)
            }
            let all: [String: AuditTrail.IntentHandler] = ["fails": { _, _ in }, "unknown": { _, _ in }]
            try await bench.trail.replayOpenIntents(handlers: all)
        }
    }

    @Test func `the destruction of a tenant's key is the platform's intent and survives its own effect`() async throws {
        try await AuditBench.each { bench in
            let tenant = try bench.makeTenant()
            _ = try await bench.database.write(.platform) {
                try bench.trail.beginIntent(
                    kind: "keys.destroy", payload: Array("\(tenant)".utf8), entry: bench.entry(1), in: $0)
            }
            try bench.keyring.destroyKey(.tenant(tenant))
            try await bench.trail.replayOpenIntents(handlers: [
                "keys.destroy": { _, payload in
                    let tenant = try #require(TenantID(String(decoding: payload, as: UTF8.self)))
                    try bench.keyring.destroyKey(.tenant(tenant))
                }
            ])
            #expect(try await bench.trail.verify(.platform).logs.map(\.opened) == [2])
        }
    }
}

private struct Done: Equatable, Sendable {
    let tenant: TenantID?
    let payload: [UInt8]
}

extension AuditBench {
    fileprivate func begin(_ kind: String, _ payload: [UInt8], _ tenant: TenantID) async throws -> IntentID {
        try await database.write(.tenant(tenant)) {
            try trail.beginIntent(kind: kind, payload: payload, entry: entry(1), in: $0)
        }
    }
}
