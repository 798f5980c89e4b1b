import Kit
import TestKit
import TestStorage
import Testing

@testable import Storage

@Suite struct BlockingPostgresTests {
    private struct Rejected: Error {}

    private static func open(
        _ body: (BlockingPostgres, PostgresDatabase) async throws -> Void
    ) async throws {
        try await TestDatabases.postgresURL { url in
            let database = try await PostgresDatabase.open(url: url, connections: 2)
            try await Migrator([ContractFixture.schema]).migrate(database)
            try await body(try BlockingPostgres.open(url: url), database)
            await database.close()
        }
    }

    @Test func `it commits, rolls back and reads a snapshot`() async throws {
        try await Self.open { session, database in
            try session.write { try $0.execute("INSERT INTO samples (id) VALUES ('kept')") }
            #expect(throws: Rejected.self) {
                try session.write { connection in
                    try connection.execute("INSERT INTO samples (id) VALUES ('lost')")
                    throw Rejected()
                }
            }
            #expect(throws: StorageFailure.self) {
                try session.write { connection in
                    try connection.execute("INSERT INTO samples (id) VALUES ('half')")
                    _ = try? connection.execute("INSERT INTO samples (id) VALUES ('kept')")
                }
            }
            let ids = try session.read { try $0.rows("SELECT id FROM samples").map { try $0["id"] as String } }
            #expect(ids == ["kept"])
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `it does not wait for a transaction that calls it`() async throws {
        try await Self.open { session, database in
            let tenant = Randomness.system.identifier(TenantID.self)
            try await database.write(.tenant(tenant)) { transaction in
                try transaction.execute("INSERT INTO samples (id) VALUES ('outer')")
                try session.write { try $0.execute("INSERT INTO samples (id) VALUES ('inner')") }
                // Its own transaction: the caller's is not seen, and its own is there already.
                let seen = try session.read { try $0.rows("SELECT id FROM samples").map { try $0["id"] as String } }
                #expect(seen == ["inner"])
            }
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `a lost connection is opened again, a bounded number of times`() async throws {
        try await Self.open { session, database in
            let process = try session.read { try $0.rows("SELECT pg_backend_pid() AS id")[0]["id"] as Int }
            _ = try await database.read {
                try $0.rows("SELECT pg_terminate_backend(CAST(\(process) AS INTEGER)) AS gone")
            }
            try session.write { try $0.execute("INSERT INTO samples (id) VALUES ('once')") }
            var attempts = 0
            try session.write { connection in
                attempts += 1
                try connection.execute("INSERT INTO samples (id) VALUES ('twice')")
                if attempts <= 2 { _ = try connection.rows("SELECT pg_terminate_backend(pg_backend_pid()) AS gone") }
            }
            #expect(attempts == 3)
            attempts = 0
            #expect(throws: StorageFailure.self) {
                try session.read { connection in
                    attempts += 1
                    _ = try connection.rows("SELECT pg_terminate_backend(pg_backend_pid()) AS gone")
                }
            }
            #expect(attempts == GroupCommit.attemptsMax)
            #expect(try session.read { try $0.rows("SELECT id FROM samples").count } == 2)
        }
    }
}
