import Foundation
import Kit
import Storage
import TestKit
import TestStorage
import Testing

/// What only SQLite has: its settings, a full disk and the blocking file of `Keyring`.
@Suite struct SQLiteTests {
    private func settings(of connection: any SQLConnection) throws -> [SQLValue] {
        let row = try connection.rows(
            """
            SELECT journal_mode, synchronous, foreign_keys, secure_delete
            FROM pragma_journal_mode, pragma_synchronous, pragma_foreign_keys, pragma_secure_delete
            """)[0]
        return [try row["journal_mode"], try row["synchronous"], try row["foreign_keys"], try row["secure_delete"]]
    }

    @Test func `every connection overwrites what is deleted and the writer syncs fully`() async throws {
        try await TestDatabases.sqlite { database in
            let writer = try await database.write(.platform) { try settings(of: $0) }
            #expect(writer == [.text("wal"), .integer(2), .integer(1), .integer(1)])
        }
    }

    @Test func `a full disk is told, and spares the writes that fit`() async throws {
        try await TestDatabases.sqlite(schemas: [ContractFixture.schema]) { database in
            try await database.write(.platform) { _ = try $0.rows("PRAGMA max_page_count = 60") }
            let outcomes = await withTaskGroup(of: StorageFailure?.self, returning: [StorageFailure?].self) { group in
                for index in 0..<20 {
                    group.addTask {
                        await failure {
                            // Every fifth is larger than what the file may grow to.
                            let bytes = [UInt8](repeating: 1, count: index % 5 == 0 ? 400_000 : 10)
                            try await database.write(.platform) { transaction in
                                try transaction.execute(
                                    "INSERT INTO samples (id, bytes) VALUES (\("\(index)"), \(bytes))")
                            }
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count { $0 == nil } == 16)
            #expect(outcomes.count { $0 == .diskFull } == 4)
            #expect(try await database.count("samples") == 16)
        }
    }

    @Test func `a file that is no database is refused`() async throws {
        try await TestEnvironment.withTemporaryDirectory { directory in
            let path = directory + "/data.sqlite"
            try Data(repeating: 65, count: 5000).write(to: URL(filePath: path))
            #expect(throws: StorageFailure.self) { try SQLiteDatabase.open(path: path) }
        }
    }

    @Test func `a database is found again as it was left`() async throws {
        try await TestEnvironment.withTemporaryDirectory { directory in
            for round in 1...3 {
                let database = try SQLiteDatabase.open(path: directory + "/data.sqlite")
                #expect(try await database.write(.platform) { try $0.nextChange() } == Int64(round))
                await database.close()
            }
            #expect(!FileManager.default.fileExists(atPath: directory + "/data.sqlite-wal"))
        }
    }

    @Test func `the blocking file commits, rolls back and leaves no journal`() async throws {
        struct Rejected: Error {}
        try await TestEnvironment.withTemporaryDirectory { directory in
            let path = directory + "/keys.sqlite"
            let file = try SQLiteFile.open(path: path, schemas: [ContractFixture.schema])
            try file.write { try $0.execute("INSERT INTO samples (id) VALUES ('kept')") }
            #expect(throws: Rejected.self) {
                try file.write { connection in
                    try connection.execute("INSERT INTO samples (id) VALUES ('lost')")
                    throw Rejected()
                }
            }
            #expect(throws: StorageFailure.self) {
                try file.write { connection in
                    try connection.execute("INSERT INTO samples (id) VALUES ('half')")
                    _ = try? connection.execute("INSERT INTO samples (id) VALUES ('kept')")
                }
            }
            let ids = try file.read { try $0.rows("SELECT id FROM samples").map { try $0["id"] as String } }
            #expect(ids == ["kept"])
            let found = try file.read { try settings(of: $0) }
            #expect(found == [.text("delete"), .integer(3), .integer(1), .integer(1)])
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["keys.sqlite"])
            try file.close()
            let again = try SQLiteFile.open(path: path, schemas: [ContractFixture.schema])
            #expect(try again.read { try $0.rows("SELECT id FROM samples").count } == 1)
        }
    }

    @Test func `what is deleted from the blocking file is gone from its bytes`() async throws {
        let secret = Array("a-wrapped-key-that-must-go-7f3a".utf8)
        try await TestEnvironment.withTemporaryDirectory { directory in
            let path = directory + "/keys.sqlite"
            let file = try SQLiteFile.open(path: path, schemas: [ContractFixture.schema])
            try file.write { try $0.execute("INSERT INTO samples (id, bytes) VALUES ('key', \(secret))") }
            #expect(try Data(contentsOf: URL(filePath: path)).range(of: Data(secret)) != nil)
            try file.write { try $0.execute("DELETE FROM samples WHERE id = 'key'") }
            #expect(try Data(contentsOf: URL(filePath: path)).range(of: Data(secret)) == nil)
        }
    }
}

extension SQLValue: SQLDecodable {
    package init?(sqlValue: SQLValue) { self = sqlValue }
}
