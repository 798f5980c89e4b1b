import Kit
import Storage
import TestKit
import TestStorage
import Testing

/// Random transactions against each engine and a dictionary. A failure prints the seed that repeats it.
@Suite struct ModelTests {
    private struct Rejected: Error {}

    private enum Step {
        case put(String, Int)
        case add(String, Int)
        case remove(String)
        case removeBelow(Int)
    }

    @Test(.timeLimit(.minutes(10)), arguments: [UInt64.random(in: 0...UInt64.max), 7, 42])
    func `after any transactions the table holds what the dictionary holds`(seed: UInt64) async throws {
        try await TestDatabases.each(schemas: [ContractFixture.schema]) { engine, database in
            var generator = SeededGenerator(seed: seed)
            var model: [String: Int] = [:]
            for round in 0..<60 {
                let steps = (0..<Int.random(in: 1...6, using: &generator)).map { _ in Self.step(&generator) }
                let rejected = Int.random(in: 0..<4, using: &generator) == 0
                do {
                    try await database.write(.platform) { transaction in
                        for step in steps { try Self.run(step, transaction) }
                        if rejected { throw Rejected() }
                    }
                    for step in steps { Self.run(step, &model) }
                } catch is Rejected {
                    #expect(rejected)
                }
                let found = try await Self.contents(of: database)
                try #require(found == model, "\(engine), seed \(seed), round \(round)")
            }
        }
    }

    private static func step(_ generator: inout SeededGenerator) -> Step {
        let name = "n\(Int.random(in: 0..<12, using: &generator))"
        let amount = Int.random(in: 0..<100, using: &generator)
        return switch Int.random(in: 0..<4, using: &generator) {
        case 0: .put(name, amount)
        case 1: .add(name, amount)
        case 2: .remove(name)
        default: .removeBelow(amount / 4)
        }
    }

    private static func run(_ step: Step, _ transaction: any Transaction) throws {
        switch step {
        case .put(let name, let amount):
            try transaction.execute(
                """
                INSERT INTO accounts (name, balance) VALUES (\(name), \(amount))
                ON CONFLICT (name) DO UPDATE SET balance = excluded.balance
                """)
        case .add(let name, let amount):
            try transaction.execute("UPDATE accounts SET balance = balance + \(amount) WHERE name = \(name)")
        case .remove(let name): try transaction.execute("DELETE FROM accounts WHERE name = \(name)")
        case .removeBelow(let bound): try transaction.execute("DELETE FROM accounts WHERE balance < \(bound)")
        }
    }

    private static func run(_ step: Step, _ model: inout [String: Int]) {
        switch step {
        case .put(let name, let amount): model[name] = amount
        case .add(let name, let amount): model[name] = model[name].map { $0 + amount }
        case .remove(let name): model[name] = nil
        case .removeBelow(let bound): model = model.filter { $0.value >= bound }
        }
    }

    private static func contents(of database: any Database) async throws -> [String: Int] {
        try await database.read { connection in
            try connection.rows("SELECT name, balance FROM accounts").reduce(into: [:]) { contents, row in
                let name: String = try row["name"]
                contents[name] = try row["balance"] as Int
            }
        }
    }
}
