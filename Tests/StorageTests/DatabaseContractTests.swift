import Foundation
import Kit
import Storage
import TestKit
import TestStorage
import Testing

/// What `Database` promises, on both engines: values, atomicity, isolation, errors.
@Suite struct DatabaseContractTests {
    private struct Rejected: Error {}

    private let schemas = [ContractFixture.schema]

    @Test func `every type comes back as it went in`() async throws {
        let texts = ["", "plain", "Grüße, 日本語, e\u{301} 👩‍👩‍👧", "it's; DROP TABLE samples", "?1 $1 :name"]
        let wholes = [0, 1, -1, Int64.max, Int64.min, 4_294_967_296]
        let fractions = [0.0, -0.0, 1.5, .pi, .greatestFiniteMagnitude, .leastNonzeroMagnitude, .infinity]
        let blobs: [[UInt8]] = [[], [0], [0, 0, 255, 0], Array(0...255), [UInt8](repeating: 7, count: 300_000)]
        try await TestDatabases.each(schemas: schemas) { engine, database in
            for index in 0..<8 {
                let text = texts[index % texts.count]
                let whole = wholes[index % wholes.count]
                let fraction = fractions[index % fractions.count]
                let blob = blobs[index % blobs.count]
                try await database.write(.platform) { transaction in
                    try transaction.execute(
                        """
                        INSERT INTO samples (id, whole, fraction, words, bytes)
                        VALUES (\("row\(index)"), \(whole), \(fraction), \(text), \(blob))
                        """)
                }
                let row = try await database.read { connection in
                    try connection.row("SELECT * FROM samples WHERE id = \("row\(index)") AND words = \(text)")
                }
                let found = try #require(row, "\(engine) row \(index)")
                #expect(try found["whole"] == whole)
                #expect(try found["fraction"] == fraction)
                #expect(try found["words"] == text)
                #expect(try found["bytes"] == blob)
                #expect(try found["note"] == "INTEGER and TEXT stay as they are in quotes")
            }
        }
    }

    @Test func `NULL is nil, sums of integers are integers, comparisons are 0 and 1`() async throws {
        try await TestDatabases.each(schemas: schemas) { _, database in
            try await database.write(.platform) { transaction in
                for (id, whole) in [("a", 7), ("b", Int?.none), ("c", -1_000_000_000_007)] {
                    try transaction.execute("INSERT INTO samples (id, whole) VALUES (\(id), \(whole))")
                }
            }
            let row = try await database.read { connection in
                try connection.rows(
                    """
                    SELECT SUM(whole) AS total, COUNT(*) AS amount, MAX(whole) > 6 AS large, MAX(fraction) AS none,
                        AVG(whole + 0.5) AS mean, CAST(\(12) AS INTEGER) AS cast_number FROM samples
                    """)[0]
            }
            #expect(try row["total"] == -1_000_000_000_000)
            #expect(try row["amount"] == 3)
            #expect(try row["large"] == true)
            #expect(try row["none"] == Double?.none)
            #expect(abs(try row["mean"] - -499_999_999_999.5) < 0.01)
            #expect(try row["cast_number"] == 12)
            #expect(throws: StorageFailure.unknownColumn("absent")) { let _: Int = try row["absent"] }
            #expect(throws: StorageFailure.unexpectedValue(column: "total")) { let _: String = try row["total"] }
        }
    }

    @Test func `text sorts and compares by its bytes`() async throws {
        let texts = ["a", "B", "ä", "_", "Z", "a b", "ab", "0", "日"]
        try await TestDatabases.each(schemas: schemas) { engine, database in
            try await database.write(.platform) { transaction in
                for text in texts { try transaction.execute("INSERT INTO samples (id) VALUES (\(text))") }
            }
            let sorted = try await database.read { connection -> [String] in
                try connection.rows("SELECT id FROM samples ORDER BY id").map { try $0["id"] }
            }
            #expect(sorted == texts.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }, "\(engine)")
        }
    }

    @Test func `a list of any length can be asked for`() async throws {
        try await TestDatabases.each(schemas: schemas) { engine, database in
            try await database.write(.platform) { transaction in
                for index in 0..<300 { try transaction.execute("INSERT INTO samples (id) VALUES (\("\(index)"))") }
            }
            // More different statements than an engine keeps prepared, and longer ones than it prepares at all.
            for length in 0..<260 {
                let ids = (0..<length).map(String.init)
                let found = try await database.read { connection -> Int in
                    try connection.rows("SELECT COUNT(*) AS amount FROM samples WHERE id IN (\(list: ids))")[0][
                        "amount"]
                }
                #expect(found == length, "\(engine)")
            }
        }
    }

    @Test func `a closure that throws leaves nothing behind`() async throws {
        try await TestDatabases.each(schemas: schemas) { engine, database in
            await #expect(throws: Rejected.self) {
                try await database.write(.platform) { transaction in
                    try transaction.execute("INSERT INTO samples (id) VALUES ('lost')")
                    throw Rejected()
                }
            }
            let left = try await database.count("samples")
            #expect(left == 0, "\(engine)")
        }
    }

    @Test func `a closure that swallows a refused statement commits nothing`() async throws {
        try await TestDatabases.each(schemas: schemas) { engine, database in
            await #expect(throws: StorageFailure.self) {
                try await database.write(.platform) { transaction in
                    try transaction.execute("INSERT INTO samples (id) VALUES ('one')")
                    _ = try? transaction.execute("INSERT INTO samples (id) VALUES ('one')")
                    _ = try? transaction.execute("INSERT INTO samples (id) VALUES ('two')")
                }
            }
            let left = try await database.count("samples")
            #expect(left == 0, "\(engine)")
        }
    }

    @Test func `one failing write takes none of its neighbours along`() async throws {
        try await TestDatabases.each(schemas: schemas) { engine, database in
            let outcomes = await withTaskGroup(of: Bool.self, returning: [Bool].self) { group in
                for index in 0..<90 {
                    group.addTask {
                        let written: Void? = try? await database.write(.platform) { transaction in
                            try transaction.execute("INSERT INTO samples (id) VALUES (\("\(index)"))")
                            if index % 3 == 0 { throw Rejected() }
                            if index % 3 == 1 { try transaction.execute("INSERT INTO samples (id) VALUES (NULL)") }
                        }
                        return written != nil
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count { $0 } == 30, "\(engine)")
            let left = try await database.count("samples")
            #expect(left == 30, "\(engine)")
        }
    }

    @Test func `a read sees one snapshot however long it takes`() async throws {
        try await TestDatabases.each(schemas: schemas) { engine, database in
            let (started, startedContinuation) = AsyncStream.makeStream(of: Void.self)
            let written = DispatchSemaphore(value: 0)
            async let counts = database.read { connection -> [Int] in
                let first: Int = try connection.rows("SELECT COUNT(*) AS amount FROM samples")[0]["amount"]
                startedContinuation.finish()
                written.wait()
                return [first, try connection.rows("SELECT COUNT(*) AS amount FROM samples")[0]["amount"]]
            }
            for await _ in started {}
            try await database.write(.platform) { try $0.execute("INSERT INTO samples (id) VALUES ('new')") }
            written.signal()
            #expect(try await counts == [0, 0], "\(engine)")
            let left = try await database.count("samples")
            #expect(left == 1, "\(engine)")
        }
    }

    @Test func `constraints refuse and say so`() async throws {
        let refused: [SQLStatement] = [
            "INSERT INTO accounts (name, balance) VALUES ('full', 2)",
            "INSERT INTO accounts (name, balance) VALUES ('debt', -1)",
            "INSERT INTO accounts (name) VALUES ('nothing')",
            "INSERT INTO entries (tenant, change, label, account) VALUES ('t', 1, 'x', 'nobody')",
            "DELETE FROM accounts WHERE name = 'full'",
        ]
        try await TestDatabases.each(schemas: schemas) { engine, database in
            try await database.write(.platform) { transaction in
                try transaction.execute("INSERT INTO accounts (name, balance) VALUES ('full', 1)")
                try transaction.execute(
                    "INSERT INTO entries (tenant, change, label, account) VALUES ('t', 9, 'x', 'full')")
            }
            for statement in refused {
                let failure = await failure { try await database.write(.platform) { try $0.execute(statement) } }
                guard case .constraint = failure else {
                    Issue.record("\(engine): \(String(describing: failure)) for \(statement.fragments[0])")
                    continue
                }
            }
            #expect(try await database.count("accounts") == 1)
        }
    }

    @Test func `a defective statement is told without its parameters`() async throws {
        let secret = "Erika Mustermann"
        let defects: [SQLStatement] = [
            "SELECT \(secret) AS x FROM no_such_table", "SELEKT \(secret)",
            "INSERT INTO samples (id, whole) VALUES ('x', \(secret))",
            "INSERT INTO samples (id, bytes) VALUES ('x', \(1))",
        ]
        try await TestDatabases.each(schemas: schemas) { engine, database in
            for statement in defects {
                let failure = await failure { try await database.write(.platform) { try $0.execute(statement) } }
                guard case .badStatement = failure else {
                    Issue.record("\(engine): \(String(describing: failure)) for \(statement.fragments[0])")
                    continue
                }
                #expect(!"\(String(reflecting: failure))".contains(secret), "\(engine)")
            }
        }
    }

    @Test func `values that one engine cannot hold are refused by both`() async throws {
        try await TestDatabases.each(schemas: schemas) { engine, database in
            let text = await failure { _ = try await database.read { try $0.rows("SELECT \("a\0b") AS x") } }
            #expect(text == .unstorableValue, "\(engine)")
            let number = await failure { _ = try await database.read { try $0.rows("SELECT \(Double.nan) AS x") } }
            #expect(number == .unstorableValue, "\(engine)")
        }
    }

    @Test func `a read cannot write`() async throws {
        try await TestDatabases.each(schemas: schemas) { engine, database in
            let failure = await failure {
                _ = try await database.read { try $0.execute("INSERT INTO samples (id) VALUES ('x')") }
            }
            guard case .badStatement = failure else {
                Issue.record("\(engine): \(String(describing: failure))")
                return
            }
            let left = try await database.count("samples")
            #expect(left == 0, "\(engine)")
        }
    }

    @Test func `statements tell how many rows they changed and give back what they wrote`() async throws {
        try await TestDatabases.each(schemas: schemas) { engine, database in
            let changed = try await database.write(.platform) { transaction -> [Int] in
                for id in ["a", "b", "c"] {
                    try transaction.execute("INSERT INTO samples (id, whole) VALUES (\(id), 1)")
                }
                let upsert: SQLStatement = """
                    INSERT INTO samples (id, whole) VALUES ('a', 1)
                    ON CONFLICT (id) DO UPDATE SET whole = samples.whole + 10 RETURNING whole
                    """
                return [
                    try transaction.execute("UPDATE samples SET whole = 2 WHERE id <> 'a'"),
                    try transaction.rows(upsert)[0]["whole"],
                    try transaction.execute("DELETE FROM samples WHERE id = 'none'"),
                ]
            }
            #expect(changed == [2, 11, 0], "\(engine)")
        }
    }

    @Test func `a closed database refuses and ends its signals`() async throws {
        try await TestDatabases.each(schemas: schemas) { engine, database in
            let signals = database.signals()
            await database.close()
            for await _ in signals {}
            for await _ in database.signals() {}
            let write = await failure { try await database.write(.platform) { _ in } }
            let read = await failure { try await database.read { _ in } }
            for case .unavailable in [write, read] { continue }
            #expect(write != nil && read != nil, "\(engine)")
        }
    }
}

/// The storage failure that `body` throws; nil when it throws none.
func failure<Value>(of body: () async throws -> Value) async -> StorageFailure? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? StorageFailure
    }
}
