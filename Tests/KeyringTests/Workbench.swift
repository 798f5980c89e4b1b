import Foundation
import Keyring
import Kit
import Storage
import TestKit
import TestStorage

/// A folder for keys and, for the shared variant, a database: what keyrings are opened on.
struct KeyPlace: Sendable {
    let engine: String
    let directory: String
    let postgres: Secret?

    func open(rootKey: [UInt8], cachedKeysMax: Int = Keyring.cachedKeysMax) throws -> Keyring {
        try Keyring.open(directory: directory, rootKey: rootKey, postgres: postgres, cachedKeysMax: cachedKeysMax)
    }

    /// Runs `body` with a file of keys, then with keys in PostgreSQL. An error names the one it came from.
    static func each(_ body: (KeyPlace) async throws -> Void) async throws {
        try await file { place in
            do { try await body(place) } catch { throw EngineError(engine: place.engine, error: error) }
        }
        try await shared { place in
            do { try await body(place) } catch { throw EngineError(engine: place.engine, error: error) }
        }
    }

    static func file(_ body: (KeyPlace) async throws -> Void) async throws {
        try await TestEnvironment.withTemporaryDirectory { path in
            try await body(KeyPlace(engine: "SQLite", directory: path + "/keys", postgres: nil))
        }
    }

    static func shared(_ body: (KeyPlace) async throws -> Void) async throws {
        try await TestEnvironment.withTemporaryDirectory { path in
            try await TestDatabases.postgresURL { url in
                try await migrate(url)
                try await body(KeyPlace(engine: "PostgreSQL", directory: path + "/keys", postgres: url))
            }
        }
    }

    static func migrate(_ url: Secret) async throws {
        let database = try await PostgresDatabase.open(url: url, connections: 1)
        try await Migrator([KeyringMigrations.sharedSchema]).migrate(database)
        await database.close()
    }
}

/// A keyring in a place of its own, and what one test needs around it.
struct Workbench {
    let place: KeyPlace
    let rootKey: [UInt8]
    let keyring: Keyring
    let tenant = Randomness.system.identifier(TenantID.self)
    let collection = Randomness.system.identifier(CollectionID.self)
    let document = Randomness.system.identifier(DocumentID.self)

    var directory: String { place.directory }
    var tenantScope: KeyScope { .tenant(tenant) }
    var collectionScope: KeyScope { .collection(tenant, collection) }
    var documentScope: KeyScope { .document(tenant, collection, document) }
    var hierarchy: [KeyScope] { [tenantScope, collectionScope, documentScope] }

    static let context = SealContext(table: "documents", column: "title", row: "doc", version: 3)

    /// Runs `body` with the keys of one tenant, one collection and one document made, on both variants.
    static func run(_ body: (Workbench) async throws -> Void) async throws {
        try await KeyPlace.each { try await run(in: $0, body) }
    }

    static func run(in place: KeyPlace, _ body: (Workbench) async throws -> Void) async throws {
        let rootKey = Randomness.system.bytes(RootKey.byteCount)
        let bench = Workbench(place: place, rootKey: rootKey, keyring: try place.open(rootKey: rootKey))
        try bench.keyring.createKeys(bench.hierarchy)
        try await body(bench)
    }
}

/// Every byte of every file in a folder.
func bytesOfFiles(in directory: String) throws -> [UInt8] {
    try FileManager.default.contentsOfDirectory(atPath: directory).sorted().flatMap { name in
        [UInt8](try Data(contentsOf: URL(filePath: directory + "/" + name)))
    }
}

extension [UInt8] {
    func contains(_ needle: [UInt8]) -> Bool { Data(self).range(of: Data(needle)) != nil }
}

/// A seed for one property test, printed so that a failure can be repeated.
func drawSeed(_ test: String = #function) -> UInt64 {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed \(seed) in \(test)")
    return seed
}
