import Foundation
import Kit
import Storage
import TestKit

/// Fresh databases of both engines, migrated and thrown away afterwards.
///
///     try await TestDatabases.each(schemas: [AccessMigrations.schema]) { engine, database in
///         ...
///     }
package enum TestDatabases {
    /// PostgreSQL's connections are shared by all tests that run at once, also those of other checkouts.
    private static let slots = Slots(count: 8)
    private static let connections = 4

    /// Runs `body` on SQLite, then on PostgreSQL. An error names the engine it came from.
    package static func each(
        schemas: [Schema] = [], isolation: isolated (any Actor)? = #isolation,
        _ body: (String, any Database) async throws -> Void
    ) async throws {
        try await sqlite(schemas: schemas) { try await body("SQLite", $0) }
        try await postgres(schemas: schemas) { try await body("PostgreSQL", $0) }
    }

    package static func sqlite(
        schemas: [Schema] = [], isolation: isolated (any Actor)? = #isolation,
        _ body: (SQLiteDatabase) async throws -> Void
    ) async throws {
        try await TestEnvironment.withTemporaryDirectory { directory in
            let database = try SQLiteDatabase.open(path: directory + "/data.sqlite")
            try await named("SQLite") {
                try await Migrator(schemas).migrate(database)
                try await body(database)
            }
            await database.close()
        }
    }

    /// In a schema of its own, which is dropped afterwards.
    package static func postgres(
        schemas: [Schema] = [], isolation: isolated (any Actor)? = #isolation,
        _ body: (PostgresDatabase) async throws -> Void
    ) async throws {
        try await postgresURL { url in
            let database = try await PostgresDatabase.open(url: url, connections: connections)
            let outcome: (any Error)?
            do {
                try await Migrator(schemas).migrate(database)
                try await body(database)
                outcome = nil
            } catch {
                outcome = error
            }
            await database.close()
            if let outcome { throw EngineError(engine: "PostgreSQL", error: outcome) }
        }
    }

    /// The URL of a schema that nobody else uses, for tests of several nodes. It is dropped afterwards.
    package static func postgresURL(
        isolation: isolated (any Actor)? = #isolation, _ body: (Secret) async throws -> Void
    ) async throws {
        guard let server = TestEnvironment.postgresURL else { throw MissingServer() }
        let schema = "test_" + Hex.encode(Randomness.system.bytes(8))
        // A plain lower-case name by construction.
        let name = SQLIdentifier(schema)!
        let url = Secret(server + (server.contains("?") ? "&" : "?") + "schema=" + schema)
        await slots.take()
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body(url)) } catch { outcome = .failure(error) }
        do {
            let cleaner = try await PostgresDatabase.open(url: url, connections: 1)
            try await cleaner.write(.platform) { try $0.execute("DROP SCHEMA \(name) CASCADE") }
            await cleaner.close()
        } catch {
            await slots.give()
            throw error
        }
        await slots.give()
        try outcome.get()
    }

    private static func named(
        _ engine: String, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Void
    ) async throws {
        do { try await body() } catch { throw EngineError(engine: engine, error: error) }
    }
}

/// A failure and the engine it happened on.
package struct EngineError: Error, CustomStringConvertible {
    package let engine: String
    package let error: any Error

    package init(engine: String, error: any Error) {
        self.engine = engine
        self.error = error
    }

    package var description: String { "on \(engine): \(error)" }
}

/// The tests of PostgreSQL fail without a server; they are not skipped.
package struct MissingServer: Error, CustomStringConvertible {
    package var description: String {
        "CLOISTER_TEST_POSTGRES is not set. Start the servers with `scripts/test-servers start`, then run "
            + "`eval \"$(scripts/test-servers env)\"`."
    }
}

/// At most `count` at a time; the others wait.
private actor Slots {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(count: Int) { free = count }

    func take() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func give() {
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}
