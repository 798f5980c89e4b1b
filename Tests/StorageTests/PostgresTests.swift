import Foundation
import Kit
import TestKit
import TestStorage
import Testing

@testable import Storage

/// What only PostgreSQL has: other nodes, deadlocks and connections that go away.
@Suite struct PostgresTests {
    private let schemas = [ContractFixture.schema]
    private let tenants = (0..<2).map { TenantID(high: 2, low: UInt64($0)) }

    /// Ends the connection that runs it, in the middle of its transaction.
    private static let hangUp: SQLStatement = "SELECT pg_terminate_backend(pg_backend_pid()) AS gone"

    @Test(.timeLimit(.minutes(10)))
    func `a deadlock is resolved by running its victim again`() async throws {
        try await TestDatabases.postgres(schemas: schemas) { database in
            try await database.write(.platform) { transaction in
                for name in ["a", "b"] {
                    try transaction.execute("INSERT INTO accounts (name, balance) VALUES (\(name), 0)")
                }
            }
            let attempts = AttemptCounter()
            let first = Rendezvous()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (tenant, order) in zip(tenants, [["a", "b"], ["b", "a"]]) {
                    group.addTask {
                        try await database.write(.tenant(tenant)) { transaction in
                            let attempt = attempts.next()
                            try transaction.execute(
                                "UPDATE accounts SET balance = balance + 1 WHERE name = \(order[0])")
                            // Both hold one row before either asks for the other's.
                            if attempt <= 2 { first.meet() }
                            try transaction.execute(
                                "UPDATE accounts SET balance = balance + 1 WHERE name = \(order[1])")
                            _ = try transaction.nextChange()
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(attempts.value == 3)
            let balances = try await database.read { connection in
                try connection.rows("SELECT balance FROM accounts").map { try $0["balance"] as Int }
            }
            #expect(balances == [2, 2])
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `a connection lost before the commit is replaced and the write run again`() async throws {
        try await TestDatabases.postgres(schemas: schemas) { database in
            let attempts = AttemptCounter()
            let change = try await database.write(.tenant(tenants[0])) { transaction in
                let change = try transaction.nextChange()
                try transaction.execute("INSERT INTO samples (id) VALUES ('once')")
                if attempts.next() <= 2 { _ = try transaction.rows(Self.hangUp) }
                return change
            }
            #expect(change == 1)
            #expect(attempts.value == 3)
            #expect(try await database.count("samples") == 1)
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `the neighbours of a write that loses its connection are written once`() async throws {
        try await TestDatabases.postgres(schemas: schemas) { database in
            let attempts = AttemptCounter()
            let tenant = tenants[0]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<30 {
                    group.addTask {
                        try await database.write(.tenant(tenant)) { transaction in
                            let change = try transaction.nextChange()
                            try transaction.execute(
                                """
                                INSERT INTO entries (tenant, change, label)
                                VALUES (\(tenant), \(change), \("\(index)"))
                                """)
                            guard index == 20, attempts.next() <= 2 else { return }
                            _ = try transaction.rows(Self.hangUp)
                        }
                    }
                }
                try await group.waitForAll()
            }
            let row = try await database.read { connection in
                try connection.rows(
                    "SELECT COUNT(*) AS amount, COUNT(DISTINCT label) AS labels, MAX(change) AS last FROM entries")[0]
            }
            #expect(try row["amount"] == 30)
            #expect(try row["labels"] == 30)
            #expect(try row["last"] == 30)
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `retries are bounded`() async throws {
        try await TestDatabases.postgres(schemas: schemas) { database in
            let attempts = AttemptCounter()
            let failure = await failure {
                try await database.write(.platform) { transaction in
                    _ = attempts.next()
                    _ = try transaction.rows(Self.hangUp)
                }
            }
            guard case .unavailable = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
            #expect(attempts.value == GroupCommit.attemptsMax)
            // The next write finds a healthy connection.
            let change = try await database.write(.platform) { try $0.nextChange() }
            #expect(change == 1)
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `a read and a blob whose connection went away while idle get a new one`() async throws {
        try await TestDatabases.postgresURL { url in
            let database = try await PostgresDatabase.open(url: url, connections: 1)
            let other = try await PostgresDatabase.open(url: url, connections: 1)
            let blobs = PostgresBlobStore(database: database, family: "originals")
            for round in 0..<2 {
                let process = try await database.read { try $0.rows("SELECT pg_backend_pid() AS id")[0]["id"] as Int }
                // By its number, so that other tests keep their connections.
                _ = try await other.read {
                    try $0.rows("SELECT pg_terminate_backend(CAST(\(process) AS INTEGER)) AS x")
                }
                if round == 0 {
                    #expect(try await database.count("blobs") == 0)
                } else {
                    let address = try await blobs.put([1, 2, 3])
                    #expect(try await blobs.get(address) == [1, 2, 3])
                }
            }
            await database.close()
            await other.close()
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `a connection lost in COMMIT is asked for, and what did not commit is run again`() async throws {
        let trap = Migration(
            "trap.001",
            [
                "CREATE SEQUENCE commits",
                // A sequence counts whatever becomes of the transaction: the first commit hangs up, the second passes.
                """
                CREATE FUNCTION hang_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    IF nextval('commits') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
                    RETURN NULL; END $$
                """,
                """
                CREATE CONSTRAINT TRIGGER trap AFTER INSERT ON samples DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION hang_up()
                """,
            ])
        let schema = Schema(owner: "trap", migrations: [trap], sealedTables: [], plainTables: [])
        try await TestDatabases.postgres(schemas: schemas + [schema]) { database in
            let change = try await database.write(.tenant(tenants[0])) { transaction in
                try transaction.execute("INSERT INTO samples (id) VALUES ('once')")
                return try transaction.nextChange()
            }
            #expect(change == 1)
            #expect(try await database.count("samples") == 1)
        }
    }

    @Test func `a transaction's fate can be asked for`() async throws {
        try await TestDatabases.postgresURL { url in
            let database = try await PostgresDatabase.open(url: url, connections: 1)
            await database.close()
            let session = PostgresSession(try PostgresAddress(url), node: "n")
            let connection = try session.connect()
            let kept = try session.unscoped {
                try $0.rows("SELECT CAST(pg_current_xact_id() AS TEXT) AS id")[0]["id"] as String
            }
            #expect(try connection.transactionStatus(kept) == "committed")
            try connection.command("BEGIN")
            let lost: String = try connection.rows("SELECT CAST(pg_current_xact_id() AS TEXT) AS id")[0]["id"]
            try connection.command("ROLLBACK")
            #expect(try connection.transactionStatus(lost) == "aborted")
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `every node hears every signal once, in order`() async throws {
        try await TestDatabases.postgresURL { url in
            let nodes = [
                try await PostgresDatabase.open(url: url, connections: 2),
                try await PostgresDatabase.open(url: url, connections: 2),
            ]
            let streams = nodes.map { $0.signals() }
            let revoked = Revocation(tenant: tenants[0], reach: .subject(SubjectID(high: 0, low: 1)))
            for index in 0..<20 {
                try await nodes[index % 2].write(.tenant(tenants[0])) { transaction in
                    transaction.publish(.changed(transaction.tenant, try transaction.nextChange()))
                    if index == 19 { transaction.publish(.revoked(revoked)) }
                }
            }
            for (stream, node) in zip(streams, nodes) {
                var heard: [Signal] = []
                for await signal in stream {
                    heard.append(signal)
                    if heard.count == 21 { break }
                }
                let expected: [Signal] = (1...20).map { .changed(tenants[0], $0) } + [.revoked(revoked)]
                // A node's own come at once, the others' with the server's delivery.
                #expect(Set(heard) == Set(expected))
                await node.close()
            }
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `a listener that lost its connection tells everybody to look`() async throws {
        try await TestDatabases.postgresURL { url in
            let node = try await PostgresDatabase.open(url: url, connections: 1)
            let tenant = tenants[0]
            try await node.write(.tenant(tenant)) { _ = try $0.nextChange() }
            let signals = node.signals()
            let channel = try PostgresAddress(url).channel
            _ = try await node.read { connection in
                try connection.rows(
                    """
                    SELECT pg_terminate_backend(pid) AS x FROM pg_stat_activity
                    WHERE pid <> pg_backend_pid() AND query LIKE \("LISTEN%" + channel + "%")
                    """)
            }
            var heard: [Signal] = []
            for await signal in signals {
                heard.append(signal)
                if heard.count == 3 { break }
            }
            #expect(
                Set(heard) == [
                    .revoked(Revocation(tenant: tenant, reach: .tenant)), .changed(tenant, 1), .jobs(tenant),
                ])
            #expect(node.silence < .seconds(300))
            await node.close()
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `many reads share few connections`() async throws {
        try await TestDatabases.postgresURL { url in
            let node = try await PostgresDatabase.open(url: url, connections: 2)
            let processes = try await withThrowingTaskGroup(of: Int.self, returning: Set<Int>.self) { group in
                for _ in 0..<60 {
                    group.addTask { try await node.read { try $0.rows("SELECT pg_backend_pid() AS id")[0]["id"] } }
                }
                return try await group.reduce(into: []) { $0.insert($1) }
            }
            #expect(processes.count <= 2)
            await node.close()
        }
    }

    @Test func `an address that cannot be used says why, without its password`() async throws {
        let password = "hunter2hunter2"
        let urls = [
            "mysql://u:\(password)@127.0.0.1/x", "postgres://u:\(password)@127.0.0.1:1/x",
            "postgres://u:\(password)@127.0.0.1/x?schema=a%20b",
            "postgres://u:\(password)@127.0.0.1/x?schema=a&schema=b",
            "postgres://u:\(password)@127.0.0.1/x?nonsense=1", "",
        ]
        for url in urls {
            let failure = await failure { try await PostgresDatabase.open(url: Secret(url)) }
            guard case .unavailable(let reason) = failure else {
                Issue.record("\(url): \(String(describing: failure))")
                continue
            }
            #expect(!reason.contains(password) && !reason.isEmpty)
        }
    }

    @Test func `numbers of any length are read`() throws {
        func value(_ words: [UInt16]) -> SQLValue? {
            let bytes = words.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
            return bytes.withUnsafeBytes { PostgresNumeric.value($0) }
        }
        #expect(value([0, 0, 0, 0]) == .integer(0))
        #expect(value([2, 1, 0x4000, 0, 1, 2]) == .integer(-10002))
        #expect(value([1, 2, 0, 0, 5]) == .integer(500_000_000))
        #expect(value([2, 0, 0, 2, 3, 2500]) == .real(3.25))
        #expect(value([5, 4, 0, 0, 922, 3372, 368, 5477, 5807]) == .integer(.max))
        #expect(value([5, 4, 0x4000, 0, 922, 3372, 368, 5477, 5808]) == .integer(.min))
        #expect(value([5, 4, 0, 0, 922, 3372, 368, 5477, 5808]) == .real(9_223_372_036_854_775_808))
        #expect(value([0, 0, 0xc000, 0]) == nil)
    }
}

/// Two threads wait for each other.
private final class Rendezvous: Sendable {
    private let arrivals = [DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)]
    private let count = AttemptCounter()

    func meet() {
        let mine = count.next() % 2
        arrivals[mine].signal()
        arrivals[1 - mine].wait()
    }
}

extension Transaction {
    fileprivate var tenant: TenantID {
        guard case .tenant(let tenant) = scope else { preconditionFailure("a tenant's transaction") }
        return tenant
    }
}
