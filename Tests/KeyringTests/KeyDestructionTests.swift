import Foundation
import Kit
import Storage
import TestKit
import Testing

@testable import Keyring

@Suite struct KeyDestructionTests {
    @Test(arguments: 0...2)
    func `a destroyed scope and everything inside it never opens again`(level: Int) async throws {
        try await KeyPlace.each { place in
            let house = House()
            let rootKey = Randomness.system.bytes(RootKey.byteCount)
            var sealed: [KeyScope: [UInt8]] = [:]
            let gone = [KeyScope.tenant(house.tenants[0]), house.collections[0], house.documents[0]][level]
            do {
                let keyring = try place.open(rootKey: rootKey)
                try keyring.createKeys(house.all)
                for scope in house.sealable { sealed[scope] = try keyring.seal("x", under: scope, context: context) }
                try keyring.destroyKey(gone)
                try expect(keyring, opensAllBut: gone, sealed)
                try keyring.destroyKey(gone)
                #expect(throws: KeyringFailure.self) { try keyring.createKeys(house.documents + [gone]) }
            }
            try expect(place.open(rootKey: rootKey), opensAllBut: gone, sealed)
        }
    }

    @Test func `the platform's key and segment keys are not destroyed by themselves`() async throws {
        try await Workbench.run { bench in
            for scope in [KeyScope.platform, .segment(bench.tenant, Randomness.system.identifier())] {
                #expect(throws: KeyringFailure.notOwned(scope)) { try bench.keyring.destroyKey(scope) }
            }
        }
    }

    @Test func `no file of the folder holds a wrapped key after its destruction, whatever the order`() async throws {
        try await TestEnvironment.withTemporaryDirectory { path in
            var random = SeededGenerator(seed: drawSeed())
            let rootKey = Randomness.system.bytes(RootKey.byteCount)
            let tenant = Randomness.system.identifier(TenantID.self)
            let collection = Randomness.system.identifier(CollectionID.self)
            let scopes = (0..<600).map { _ in KeyScope.document(tenant, collection, Randomness.system.identifier()) }
            let keyring = try Keyring.open(directory: path + "/keys", rootKey: rootKey)
            try keyring.createKeys([.tenant(tenant), .collection(tenant, collection)])
            for batch in stride(from: 0, to: scopes.count, by: 50) {
                try keyring.createKeys(Array(scopes[batch..<batch + 50]))
            }
            let wrapped = try wrappedKeys(in: path + "/keys")
            let doomed = scopes.shuffled(using: &random).prefix(400)
            try keyring.destroyKeys(Array(doomed.prefix(380)))
            for scope in doomed.suffix(20) { try keyring.destroyKey(scope) }
            let bytes = try bytesOfFiles(in: path + "/keys")
            for scope in scopes {
                let name = try #require(wrapped[rowName(of: scope)])
                #expect(bytes.contains(name) == !doomed.contains(scope))
            }
            try keyring.createKeys((0..<500).map { _ in .document(tenant, collection, Randomness.system.identifier()) })
            #expect(try keyring.statistics().documents == 700)
        }
    }

    @Test func `a replaced root key leaves no key wrapped under the old one in the file`() async throws {
        try await runOnFile { bench in
            let before = try wrappedKeys(in: bench.directory)
            try bench.keyring.replaceRootKey(with: Randomness.system.bytes(RootKey.byteCount))
            let bytes = try bytesOfFiles(in: bench.directory)
            let tenant = try #require(before["\(bench.tenant)"])
            let platform = try #require(before["platform"])
            #expect(!bytes.contains(tenant))
            #expect(!bytes.contains(platform))
            #expect(bytes.contains(try #require(before[rowName(of: bench.documentScope)])))
        }
    }

    @Test func `neither plain text nor a key in the clear is in the folder`() async throws {
        try await runOnFile { bench in
            let canary = "the heron of the northern harbour"
            let sealed = try bench.keyring.seal(canary, under: bench.documentScope, context: Workbench.context)
            try bench.keyring.rotate(bench.tenantScope)
            let bytes = try bytesOfFiles(in: bench.directory)
            #expect(!bytes.contains(Array(canary.utf8)))
            #expect(!bytes.contains(bench.rootKey))
            #expect(!sealed.contains(Array(canary.utf8)))
        }
    }

    private let context = Workbench.context

    private func runOnFile(_ body: (Workbench) async throws -> Void) async throws {
        try await KeyPlace.file { try await Workbench.run(in: $0, body) }
    }

    private func expect(_ keyring: Keyring, opensAllBut gone: KeyScope, _ sealed: [KeyScope: [UInt8]]) throws {
        for (scope, bytes) in sealed {
            if rowName(of: scope).hasPrefix(rowName(of: gone)) {
                #expect(throws: SealFailure.noKey) { try keyring.open(bytes, under: scope, context: context) }
                #expect(throws: SealFailure.noKey) { try keyring.seal("y", under: scope, context: context) }
            } else {
                #expect(try keyring.openText(bytes, under: scope, context: context) == "x")
            }
        }
    }
}

/// Two tenants of two collections of two documents.
private struct House {
    let tenants = (0..<2).map { _ in Randomness.system.identifier(TenantID.self) }
    let collections: [KeyScope]
    let documents: [KeyScope]
    let segments: [KeyScope]

    init() {
        var (collections, documents): ([KeyScope], [KeyScope]) = ([], [])
        for tenant in tenants {
            for _ in 0..<2 {
                let collection = Randomness.system.identifier(CollectionID.self)
                collections.append(.collection(tenant, collection))
                documents += (0..<2).map { _ in .document(tenant, collection, Randomness.system.identifier()) }
            }
        }
        (self.collections, self.documents) = (collections, documents)
        segments = tenants.map { .segment($0, Randomness.system.identifier()) }
    }

    var all: [KeyScope] { tenants.map { .tenant($0) } + collections + documents }
    var sealable: [KeyScope] { all + segments + [.platform] }
}

/// The name of the scope's rows, built here from the identifiers.
private func rowName(of scope: KeyScope) -> String {
    switch scope {
    case .platform: "platform"
    case .tenant(let tenant): "\(tenant)"
    case .collection(let tenant, let collection): "\(tenant)/\(collection)"
    case .document(let tenant, let collection, let document): "\(tenant)/\(collection)/\(document)"
    case .segment(let tenant, let segment): "\(tenant)/\(segment)"
    }
}

/// The newest wrapped key of each scope, read from a copy of the file.
private func wrappedKeys(in directory: String) throws -> [String: [UInt8]] {
    let copy = directory + "/../copy-" + Hex.encode(Randomness.system.bytes(4)) + ".sqlite"
    try FileManager.default.copyItem(atPath: directory + "/keys.sqlite", toPath: copy)
    let file = try SQLiteFile.open(path: copy, schemas: [KeyringMigrations.fileSchema])
    defer { try? file.close() }
    return try file.read { connection in
        try connection.rows("SELECT scope, wrapped FROM keys JOIN key_slots USING (slot) ORDER BY version")
            .reduce(into: [:]) { keys, row in
                let scope: String = try row["scope"]
                keys[scope] = try row["wrapped"] as [UInt8]
            }
    }
}
