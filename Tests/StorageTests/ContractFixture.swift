import Kit
import Storage
import Synchronization

/// A table with one column of every portable type, and one with constraints.
enum ContractFixture {
    static let schema = Schema(
        owner: "contract",
        migrations: [
            Migration(
                "contract.001-values",
                [
                    """
                    CREATE TABLE samples (
                        id TEXT PRIMARY KEY, whole INTEGER, fraction REAL, words TEXT, bytes BLOB,
                        note TEXT NOT NULL DEFAULT 'INTEGER and TEXT stay as they are in quotes')
                    """
                ]),
            Migration(
                "contract.002-accounts",
                [
                    "CREATE TABLE accounts (name TEXT PRIMARY KEY, balance INTEGER NOT NULL CHECK (balance >= 0))",
                    """
                    CREATE TABLE entries (
                        tenant TEXT NOT NULL, change INTEGER NOT NULL, label TEXT NOT NULL,
                        account TEXT REFERENCES accounts (name), PRIMARY KEY (tenant, change))
                    """,
                    "CREATE INDEX entries_label ON entries (label)",
                ]),
        ],
        sealedTables: [], plainTables: ["samples", "accounts", "entries"])
}

extension Database {
    func count(_ table: SQLIdentifier) async throws -> Int {
        try await read { try $0.rows("SELECT COUNT(*) AS amount FROM \(table)")[0]["amount"] }
    }
}

/// Counts how often a repeatable closure ran.
final class AttemptCounter: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .relaxed) }

    /// 1, 2, 3 ...
    func next() -> Int { count.add(1, ordering: .relaxed).newValue }
}
