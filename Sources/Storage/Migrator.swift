import Crypto
import Kit

/// Brings a database to the schema of this release.
///
/// All missing steps run in one transaction that holds the platform's counter row, so of several nodes starting
/// together one migrates and the others find the work done. Throws `migrationMismatch` for a step whose text changed
/// after release, for one this release does not know, and for a new step ordered before an applied one.
package struct Migrator: Sendable {
    private struct Step {
        let owner: String
        let position: Int
        let migration: Migration
    }

    private let steps: [Step]

    package init(_ schemas: [Schema]) {
        steps = schemas.flatMap { schema in
            schema.migrations.enumerated().map { Step(owner: schema.owner, position: $0, migration: $1) }
        }
    }

    /// Returns the steps applied now, in order.
    @discardableResult
    package func migrate(_ database: any Database) async throws -> [String] {
        try await database.write(.platform) { try apply(on: $0) }
    }

    func apply(on connection: any SQLConnection) throws -> [String] {
        let recorded = try connection.recordedMigrations()
        try check(recorded)
        let missing = steps.filter { recorded[$0.migration.id] == nil }
        for step in missing {
            for statement in step.migration.statements {
                try connection.execute(PortableSchema.translate(statement, for: connection.dialect))
            }
            try connection.record(
                step.migration.id, owner: step.owner, position: step.position, checksum: step.migration.checksum)
        }
        return missing.map(\.migration.id)
    }

    private func check(_ recorded: [String: String]) throws(StorageFailure) {
        var known: [String: String] = [:]
        for step in steps {
            guard known.updateValue(step.migration.checksum, forKey: step.migration.id) == nil else {
                throw .migrationMismatch(id: step.migration.id)
            }
        }
        for (id, checksum) in recorded.sorted(by: { $0.key < $1.key }) where known[id] != checksum {
            throw .migrationMismatch(id: id)
        }
        var openStep: [String: String] = [:]
        for step in steps {
            if recorded[step.migration.id] == nil {
                openStep[step.owner] = openStep[step.owner] ?? step.migration.id
            } else if let skipped = openStep[step.owner] {
                throw .migrationMismatch(id: skipped)
            }
        }
    }
}

extension Migration {
    /// SHA-256 of the portable text, in hexadecimal.
    var checksum: String {
        let text = statements.map { $0.text { "?\($0)" } }.joined(separator: ";\n")
        return Hex.encode(SHA256.hash(data: Array(text.utf8)))
    }
}
