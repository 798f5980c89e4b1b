import Kit
import Storage
import TestKit
import TestStorage
import Testing

/// Change numbers, signals and shared commits, on both engines.
@Suite struct ChangeSequenceTests {
    private struct Rejected: Error {}

    private let schemas = [ContractFixture.schema]
    private let tenants = (0..<3).map { TenantID(high: 1, low: UInt64($0)) }

    /// Takes a number and writes a row of it. A rejected one writes its row first, to be sure that it goes.
    private static func append(
        to tenant: TenantID, _ label: String, rejected: Bool = false, on database: any Database
    ) async throws {
        try await database.write(.tenant(tenant)) { transaction in
            let change = try transaction.nextChange()
            try transaction.execute(
                "INSERT INTO entries (tenant, change, label) VALUES (\(tenant), \(change), \(label))")
            transaction.publish(.changed(tenant, change))
            if rejected { throw Rejected() }
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `fifty writers in three tenants, some of them failing, leave no hole and no double`() async throws {
        try await TestDatabases.each(schemas: schemas) { engine, database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<50 {
                    let tenant = tenants[writer % 3]
                    group.addTask {
                        for round in 0..<6 {
                            let rejected = (writer + round) % 4 == 0
                            do {
                                try await Self.append(to: tenant, "w\(writer)", rejected: rejected, on: database)
                                #expect(!rejected)
                            } catch is Rejected {
                                #expect(rejected)
                            }
                        }
                    }
                }
                // Meanwhile a follower sees every number up to the counter, at any moment.
                for _ in 0..<20 {
                    for tenant in tenants { try await expectComplete(tenant, in: database, engine) }
                }
                try await group.waitForAll()
            }
            var total = 0
            for tenant in tenants { total += try await expectComplete(tenant, in: database, engine) }
            #expect(total == 225, "\(engine)")
        }
    }

    @discardableResult
    private func expectComplete(_ tenant: TenantID, in database: any Database, _ engine: String) async throws -> Int {
        let (last, changes) = try await database.read { connection -> (ChangeSequence, [ChangeSequence]) in
            let last = try connection.changeSequence(of: .tenant(tenant))
            let rows = try connection.rows("SELECT change FROM entries WHERE tenant = \(tenant) ORDER BY change")
            return (last, try rows.map { try $0["change"] })
        }
        #expect(changes == Array(0..<last).map { $0 + 1 }, "\(engine)")
        return changes.count
    }

    @Test func `several numbers in one transaction follow each other, the platform has its own`() async throws {
        try await TestDatabases.each(schemas: schemas) { engine, database in
            let tenant = tenants[0]
            let first = try await database.write(.tenant(tenant)) { try [$0.nextChange(), $0.nextChange()] }
            let platform = try await database.write(.platform) { try $0.nextChange() }
            let next = try await database.write(.tenant(tenant)) { try $0.nextChange() }
            #expect(first == [1, 2] && platform == 1 && next == 3, "\(engine)")
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `a signal comes after its commit, and none comes of a write that failed`() async throws {
        try await TestDatabases.each(schemas: schemas) { engine, database in
            let tenant = tenants[0]
            let signals = database.signals()
            await #expect(throws: Rejected.self) {
                try await Self.append(to: tenant, "rejected", rejected: true, on: database)
            }
            try await Self.append(to: tenant, "kept", on: database)
            try await database.write(.tenant(tenant)) { $0.publish(.jobs(tenant)) }
            var heard: [Signal] = []
            for await signal in signals {
                heard.append(signal)
                #expect(try await database.count("entries") == 1, "\(engine)")
                if heard.count == 2 { break }
            }
            #expect(heard == [.changed(tenant, 1), .jobs(tenant)], "\(engine)")
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `writers that wait share a full sync`() async throws {
        try await TestDatabases.each(schemas: schemas) { engine, database in
            let before = statistics(of: database)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<200 {
                    group.addTask { try await Self.append(to: TenantID(high: 1, low: 0), "w\(writer)", on: database) }
                }
                try await group.waitForAll()
            }
            let after = statistics(of: database)
            #expect(after.writes - before.writes == 200, "\(engine)")
            #expect(after.commits - before.commits < 100, "\(engine): \(after)")
        }
    }

    private func statistics(of database: any Database) -> CommitStatistics {
        (database as? SQLiteDatabase)?.statistics ?? (database as? PostgresDatabase)?.statistics ?? CommitStatistics()
    }
}
