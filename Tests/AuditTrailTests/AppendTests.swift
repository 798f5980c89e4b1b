import AuditTrail
import Foundation
import Keyring
import Kit
import Storage
import TestKit
import TestStorage
import Testing

@Suite struct AppendTests {
    @Test func `numbers are contiguous, each tenant's its own, however many write at once`() async throws {
        try await AuditBench.each { bench in
            let tenants = try (0..<3).map { _ in try bench.makeTenant() }
            let receipts = try await withThrowingTaskGroup(of: AuditReceipt.self) { group in
                for number in 0..<90 {
                    let tenant = tenants[number % 3]
                    group.addTask { try await bench.trail.record(bench.entry(number), for: .tenant(tenant)) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for tenant in tenants {
                let numbers = receipts.filter { $0.log.scope == .tenant(tenant) }.map(\.sequence).sorted()
                #expect(numbers == Array(1...30))
                let found = try await bench.trail.verify(.tenant(tenant))
                #expect(found.isSound)
                #expect(found.size == 30)
                #expect(found.logs.map(\.opened) == [30])
            }
        }
    }

    @Test func `an act whose entry cannot be written is undone`() async throws {
        try await AuditBench.each { bench in
            let tenant = try await bench.makeLog(2)
            let stranger = Randomness.system.identifier(TenantID.self)
            await #expect(throws: (any Error).self) { try await act(1, .tenant(stranger), bench) }
            let huge = AuditEntry(action: "notes.write", resource: String(repeating: "x", count: 300))
            await #expect(throws: (any Error).self) { try await act(2, .tenant(tenant), bench, huge) }
            try await bench.tamper(["ALTER TABLE audit_leaves RENAME TO hidden"])
            await #expect(throws: (any Error).self) { try await act(3, .tenant(tenant), bench) }
            try await bench.tamper(["ALTER TABLE hidden RENAME TO audit_leaves"])
            let (_, notes) = (try await act(4, .tenant(tenant), bench), try await bench.notes())
            #expect(notes == [4])
            #expect(try await bench.trail.verify(.tenant(tenant)).size == 3)
        }
    }

    @Test func `an act that fails after its entry leaves neither entry nor hole`() async throws {
        try await AuditBench.each { bench in
            struct Regret: Error {}
            let tenant = try await bench.makeLog(3)
            await #expect(throws: Regret.self) {
                try await bench.database.write(.tenant(tenant)) { transaction in
                    try bench.trail.append(bench.entry(4), in: transaction)
                    throw Regret()
                }
            }
            let receipt = try await bench.trail.record(bench.entry(4), for: .tenant(tenant))
            #expect(receipt.sequence == 4)
            #expect(try await bench.fault(in: tenant) == nil)
        }
    }

    @Test func `a new year starts a new log that hangs on the old one`() async throws {
        try await AuditBench.each { bench in
            let tenant = try await bench.makeLog(3)
            bench.clock.advance(by: .seconds(365 * 86_400))
            let receipt = try await bench.trail.record(bench.entry(4), for: .tenant(tenant))
            #expect(receipt.log.description == "\(tenant)/2027")
            #expect(receipt.sequence == 1)
            let found = try await bench.trail.verify(.tenant(tenant))
            #expect(found.isSound)
            #expect(found.logs.map(\.checkpoint.log) == ["\(tenant)/2026", "\(tenant)/2027"])
            #expect(found.logs.map(\.checkpoint.size) == [3, 1])
            try await bench.tamper([
                "DELETE FROM audit_leaves WHERE owner = \(tenant) AND year = 2026",
                "DELETE FROM audit_logs WHERE owner = \(tenant) AND year = 2026",
            ])
            #expect(try await bench.fault(in: tenant)?.description.hasPrefix("Record 1 of \(tenant)/2027:") == true)
        }
    }

    @Test func `a clock that goes back neither turns time back in the log nor opens an old year`() async throws {
        try await AuditBench.each { bench in
            let tenant = try await bench.makeLog(1)
            bench.clock.advance(by: .seconds(-40 * 86_400))
            let receipt = try await bench.trail.record(bench.entry(2), for: .tenant(tenant))
            #expect(receipt.log.year == 2026)
            #expect(try await bench.fault(in: tenant) == nil)
            let page = try await bench.trail.entries(for: .reader(of: tenant), page: PageRequest())
            #expect(Set(page.items.map(\.record.time.text)) == ["2026-01-01T00:00:00.000Z"])
        }
    }

    @Test func `a key that is not in memory yet is found within the act's transaction`() async throws {
        try await TestDatabases.each(schemas: [AuditMigrations.schema]) { engine, database in
            try await TestEnvironment.withTemporaryDirectory { path in
                let rootKey = Randomness.system.bytes(RootKey.byteCount)
                let tenant = Randomness.system.identifier(TenantID.self)
                try Keyring.open(directory: path + "/keys", rootKey: rootKey).createKey(.tenant(tenant))
                let keyring = try Keyring.open(directory: path + "/keys", rootKey: rootKey)
                let trail = AuditTrail(database: database, sealer: keyring, clock: .system, randomness: .system)
                let entry = AuditEntry(action: "notes.write", resource: "note 1")
                let receipt = try await trail.record(entry, for: .tenant(tenant))
                #expect(receipt.sequence == 1, "\(engine)")
            }
        }
    }

    @Test func `the platform has a log of its own, under its own key`() async throws {
        try await AuditBench.each { bench in
            let receipt = try await bench.trail.record(bench.entry(1, action: "tenants.create"), for: .platform)
            #expect(receipt.log.description == "platform/2026")
            #expect(try await bench.trail.verify(.platform).logs.map(\.opened) == [1])
        }
    }

    @Test func `an entry of unbounded size is refused`() async throws {
        try await AuditBench.each { bench in
            let tenant = try bench.makeTenant()
            let many = Dictionary(uniqueKeysWithValues: (0..<17).map { ("\($0)", "") })
            for facts in [many, ["a": String(repeating: "b", count: 257)], [String(repeating: "a", count: 257): ""]] {
                let entry = AuditEntry(action: "notes.write", resource: "", facts: facts)
                await #expect(throws: AuditFailure.entryTooLarge(action: "notes.write")) {
                    try await bench.trail.record(entry, for: .tenant(tenant))
                }
            }
        }
    }

    @discardableResult
    private func act(
        _ number: Int, _ scope: WriteScope, _ bench: AuditBench, _ entry: AuditEntry? = nil
    ) async throws -> AuditReceipt {
        try await bench.database.write(scope) { transaction in
            try transaction.execute("INSERT INTO notes (number) VALUES (\(number))")
            return try bench.trail.append(entry ?? bench.entry(number), in: transaction)
        }
    }
}

extension AuditBench {
    fileprivate func notes() async throws -> [Int] {
        try await database.read { try $0.rows("SELECT number FROM notes ORDER BY number").map { try $0["number"] } }
    }
}
