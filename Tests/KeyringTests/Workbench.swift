import Foundation
import Keyring
import Kit
import TestKit

/// A keyring in a folder of its own, and what one test needs around it.
struct Workbench {
    let directory: String
    let rootKey: [UInt8]
    let keyring: Keyring
    let tenant = Randomness.system.identifier(TenantID.self)
    let collection = Randomness.system.identifier(CollectionID.self)
    let document = Randomness.system.identifier(DocumentID.self)

    var tenantScope: KeyScope { .tenant(tenant) }
    var collectionScope: KeyScope { .collection(tenant, collection) }
    var documentScope: KeyScope { .document(tenant, collection, document) }
    var hierarchy: [KeyScope] { [tenantScope, collectionScope, documentScope] }

    static let context = SealContext(table: "documents", column: "title", row: "doc", version: 3)

    /// Runs `body` with the keys of one tenant, one collection and one document made.
    static func run(_ body: (Workbench) async throws -> Void) async throws {
        try await TestEnvironment.withTemporaryDirectory { path in
            let rootKey = Randomness.system.bytes(RootKey.byteCount)
            let keyring = try Keyring.open(directory: path + "/keys", rootKey: rootKey)
            let bench = Workbench(directory: path + "/keys", rootKey: rootKey, keyring: keyring)
            try keyring.createKeys(bench.hierarchy)
            try await body(bench)
        }
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
