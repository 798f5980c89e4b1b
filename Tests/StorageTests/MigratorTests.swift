import Kit
import Storage
import TestKit
import TestStorage
import Testing

/// Migrations on both engines.
@Suite struct MigratorTests {
    private static let first = Migration("demo.001", ["CREATE TABLE demo (id TEXT PRIMARY KEY, body BLOB)"])
    private static let second = Migration("demo.002", ["ALTER TABLE demo ADD COLUMN size INTEGER NOT NULL DEFAULT 0"])

    private static func migrator(_ migrations: Migration...) -> Migrator {
        Migrator([Schema(owner: "demo", migrations: migrations, sealedTables: [], plainTables: ["demo"])])
    }

    @Test func `missing steps are applied once, in order, and later ones on top`() async throws {
        try await TestDatabases.each { engine, database in
            #expect(try await Self.migrator(Self.first).migrate(database) == ["demo.001"], "\(engine)")
            #expect(try await Self.migrator(Self.first, Self.second).migrate(database) == ["demo.002"], "\(engine)")
            #expect(try await Self.migrator(Self.first, Self.second).migrate(database) == [], "\(engine)")
            try await database.write(.platform) { try $0.execute("INSERT INTO demo (id, size) VALUES ('x', 1)") }
        }
    }

    @Test func `a changed, an unknown, a skipped and a doubled step are refused`() async throws {
        let changed = Migration("demo.001", ["CREATE TABLE demo (id TEXT PRIMARY KEY, body TEXT)"])
        let skipped = Migration("demo.000", ["CREATE TABLE earlier (id TEXT PRIMARY KEY)"])
        let cases: [(Migrator, String)] = [
            (Self.migrator(changed, Self.second), "demo.001"), (Self.migrator(Self.first), "demo.002"),
            (Self.migrator(skipped, Self.first, Self.second), "demo.000"),
            (Self.migrator(Self.first, Self.second, Self.second), "demo.002"),
        ]
        try await TestDatabases.each { engine, database in
            try await Self.migrator(Self.first, Self.second).migrate(database)
            for (migrator, id) in cases {
                let failure = await failure { try await migrator.migrate(database) }
                #expect(failure == .migrationMismatch(id: id), "\(engine)")
            }
        }
    }

    @Test func `a step that fails leaves the steps before it undone as well`() async throws {
        let broken = Migration(
            "demo.002", ["CREATE TABLE other (id TEXT PRIMARY KEY)", "ALTER TABLE nowhere ADD x TEXT"])
        try await TestDatabases.each { engine, database in
            await #expect(throws: StorageFailure.self) { try await Self.migrator(Self.first, broken).migrate(database) }
            let applied = try await Self.migrator(Self.first).migrate(database)
            #expect(applied == ["demo.001"], "\(engine)")
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `of several nodes that start together one migrates`() async throws {
        let migrator = Self.migrator(Self.first, Self.second)
        try await TestDatabases.postgresURL { url in
            let applied = try await withThrowingTaskGroup(of: [String].self, returning: [String].self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        let node = try await PostgresDatabase.open(url: url, connections: 1)
                        let applied = try await migrator.migrate(node)
                        await node.close()
                        return applied
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(applied == ["demo.001", "demo.002"])
        }
        try await TestEnvironment.withTemporaryDirectory { directory in
            let nodes = try (0..<3).map { _ in try SQLiteDatabase.open(path: directory + "/data.sqlite") }
            var applied: [String] = []
            for node in nodes { applied += try await migrator.migrate(node) }
            #expect(applied == ["demo.001", "demo.002"])
            for node in nodes { await node.close() }
        }
    }

    @Test func `on SQLite too a column holds its own type only`() async throws {
        try await TestDatabases.sqlite { database in
            try await Self.migrator(Self.first).migrate(database)
            let failure = await failure {
                try await database.write(.platform) {
                    try $0.execute("INSERT INTO demo (id, body) VALUES ('x', 'text')")
                }
            }
            guard case .badStatement = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
        }
    }
}
