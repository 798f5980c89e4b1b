import Foundation
import Kit
import Storage
import Synchronization
import TestKit
import Testing

@testable import Keyring

/// What only nodes that share their keys can do to each other.
@Suite(.timeLimit(.minutes(10))) struct SharedKeysTests {
    @Test func `a key made on one node is used on the other`() async throws {
        try await SharedWorkbench.run { bench in
            let document = bench.documents(1)[0]
            try bench.second.createKey(document)
            let sealed = try bench.first.seal("\(document)", under: document, context: SharedWorkbench.context)
            #expect(try bench.second.opens(sealed, of: document))
        }
    }

    @Test func `of two nodes that make one key at once the second waits and takes the first one's`() async throws {
        try await SharedWorkbench.run { bench in
            let document = bench.documents(1)[0]
            let process = try bench.second.process()
            var other: Background?
            try bench.first.vault.withLock { vault in
                let root = vault.keys.root.keys
                try vault.keys.add { store in
                    try KeyWriter(store: store, root: root, randomness: .system)
                        .create(document, at: Timestamp(microseconds: 0))
                    other = Background { try bench.second.createKey(document) }
                    while try !bench.isWaiting(process) {}
                }
            }
            try other?.finish()
            let sealed = try bench.second.seal("\(document)", under: document, context: SharedWorkbench.context)
            #expect(try bench.first.opens(sealed, of: document))
            #expect(try bench.first.statistics().versions == 4)
        }
    }

    @Test func `nodes that make the same keys at once end up with one of each`() async throws {
        try await SharedWorkbench.run { bench in
            let documents = bench.documents(40)
            let seals = try await withThrowingTaskGroup(of: [KeyScope: [UInt8]].self) { group in
                // Neighbours are of different nodes: only as many tasks run at once as there are cores.
                for order in [documents, documents.reversed()] {
                    for keyring in [bench.first, bench.second] {
                        group.addTask {
                            try order.reduce(into: [:]) { seals, scope in
                                try keyring.createKey(scope)
                                seals[scope] = try keyring.seal(
                                    "\(scope)", under: scope, context: SharedWorkbench.context)
                            }
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let reader = try bench.node()
            for (scope, sealed) in seals.joined() { #expect(try reader.opens(sealed, of: scope)) }
            let statistics = try reader.statistics()
            #expect(statistics.documents == 40)
            #expect(statistics.versions == 43)
        }
    }

    @Test func `a destruction reaches the other node's memory after a second, not by luck`() async throws {
        try await SharedWorkbench.run { bench in
            let documents = bench.documents(2)
            try bench.first.createKeys(documents)
            let sealed = try bench.seal(documents)
            for (scope, bytes) in sealed { #expect(try bench.second.opens(bytes, of: scope)) }
            try bench.first.destroyKey(documents[0])
            let gone = try #require(sealed[documents[0]])
            #expect(try !bench.first.opens(gone, of: documents[0]))
            // The other node has not looked yet: this is the bound, and no more is promised.
            #expect(try bench.second.opens(gone, of: documents[0]))
            bench.time.advance(by: .seconds(1))
            #expect(try !bench.second.opens(gone, of: documents[0]))
            #expect(throws: SealFailure.noKey) {
                try bench.second.seal("x", under: documents[0], context: SharedWorkbench.context)
            }
            #expect(throws: KeyringFailure.destroyed(documents[0])) { try bench.second.createKey(documents[0]) }
            #expect(try bench.second.opens(#require(sealed[documents[1]]), of: documents[1]))
        }
    }

    @Test func `any look into the database shows a destruction at once`() async throws {
        try await SharedWorkbench.run { bench in
            let documents = bench.documents(2)
            try bench.first.createKeys(documents)
            let sealed = try #require(try bench.seal(documents)[documents[0]])
            #expect(try bench.second.opens(sealed, of: documents[0]))
            try bench.first.destroyKey(documents[0])
            #expect(try bench.second.hasKey(documents[1]))
            #expect(try !bench.second.opens(sealed, of: documents[0]))
        }
    }

    @Test func `destroyed keys' rows are gone at once`() async throws {
        try await SharedWorkbench.run { bench in
            let documents = bench.documents(3)
            try bench.first.createKeys(documents)
            try bench.first.destroyKeys([documents[0], documents[1]])
            let left = try bench.sql { try $0.rows("SELECT scope FROM keys").map { try $0["scope"] as String } }
            let expected: [KeyScope] = [.platform, bench.tenantScope, bench.collectionScope, documents[2]]
            #expect(Set(left) == Set(expected.map(\.path)))
            #expect(try bench.second.statistics().awaitingEpochRotation == 2)
        }
    }

    @Test func `a new version made on one node is used on the other after a second`() async throws {
        try await SharedWorkbench.run { bench in
            _ = try bench.second.seal("x", under: bench.tenantScope, context: SharedWorkbench.context)
            try bench.first.rotate(bench.tenantScope)
            bench.time.advance(by: .seconds(1))
            let sealed = try bench.second.seal("x", under: bench.tenantScope, context: SharedWorkbench.context)
            #expect(sealed[1..<5] == [0, 0, 0, 2])
        }
    }

    @Test func `keys are made and found inside transactions that hold their tenant's row`() async throws {
        try await SharedWorkbench.run { bench in
            let database = try await PostgresDatabase.open(url: bench.url, connections: 2)
            let documents = bench.documents(60)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, scope) in documents.enumerated() {
                    let (keyring, other) = index % 2 == 0 ? (bench.first, bench.second) : (bench.second, bench.first)
                    group.addTask {
                        try await database.write(index % 3 == 0 ? .platform : .tenant(bench.tenant)) { transaction in
                            try keyring.createKey(scope)
                            let sealed = try other.seal("\(scope)", under: scope, context: SharedWorkbench.context)
                            #expect(try keyring.opens(sealed, of: scope))
                            _ = try transaction.nextChange()
                        }
                    }
                }
                try await group.waitForAll()
            }
            await database.close()
            #expect(try bench.first.statistics().documents == 60)
        }
    }

    @Test func `a lost connection is opened again, idle or in the middle of a look`() async throws {
        try await SharedWorkbench.run { bench in
            let process = try bench.first.process()
            _ = try bench.sql { try $0.rows("SELECT pg_terminate_backend(CAST(\(process) AS INTEGER)) AS gone") }
            let documents = bench.documents(1)
            try bench.first.createKeys(documents)
            var attempts = 0
            try bench.first.vault.withLock { vault in
                try vault.keys.add { store in
                    attempts += 1
                    guard attempts <= 2 else { return }
                    _ = try store.connection.rows("SELECT pg_terminate_backend(pg_backend_pid()) AS gone")
                }
            }
            #expect(attempts == 3)
            #expect(try bench.second.opens(#require(bench.seal(documents)[documents[0]]), of: documents[0]))
        }
    }

    @Test func `while the tables are away nothing is opened from memory for more than a second`() async throws {
        try await SharedWorkbench.run { bench in
            let sealed = try bench.seal([bench.collectionScope])
            let bytes = try #require(sealed[bench.collectionScope])
            let role = try bench.sql { try $0.rows("SELECT current_schema() AS name")[0]["name"] as String }
            let (live, away) = (SQLIdentifier(role)!, SQLIdentifier(role + "_away")!)
            _ = try bench.sql { try $0.execute("ALTER SCHEMA \(live) RENAME TO \(away)") }
            #expect(try bench.first.opens(bytes, of: bench.collectionScope))
            bench.time.advance(by: .seconds(1))
            #expect(throws: StorageFailure.self) { try bench.first.opens(bytes, of: bench.collectionScope) }
            _ = try bench.sql { try $0.execute("ALTER SCHEMA \(away) RENAME TO \(live)") }
            #expect(try bench.first.opens(bytes, of: bench.collectionScope))
        }
    }

    @Test func `callers that waited for one that no database answered fail with it`() async throws {
        try await SharedWorkbench.run { bench in
            let before = ContinuousClock.now
            let lost = StorageFailure.unavailable(reason: "gone")
            #expect(throws: lost) { try bench.first.locked { _ in throw lost } }
            #expect(throws: lost) {
                try bench.first.locked(asked: before) { _ in Issue.record("it was asked for again") }
            }
            // Who asks after that is answered.
            let isAnswered = try bench.first.hasKey(bench.tenantScope)
            #expect(isAnswered)
        }
    }

    @Test func `a replaced root key is asked for on every node, and epochs open under it alone`() async throws {
        try await SharedWorkbench.run { bench in
            let sealed = try bench.seal([bench.collectionScope])
            let bytes = try #require(sealed[bench.collectionScope])
            #expect(try bench.second.opens(bytes, of: bench.collectionScope))
            let new = Randomness.system.bytes(RootKey.byteCount)
            try bench.first.replaceRootKey(with: new)
            #expect(try bench.first.opens(bytes, of: bench.collectionScope))
            bench.time.advance(by: .seconds(1))
            #expect(throws: KeyringFailure.wrongRootKey) { try bench.second.opens(bytes, of: bench.collectionScope) }
            #expect(throws: KeyringFailure.wrongRootKey) { try bench.second.createKeys(bench.documents(1)) }
            #expect(throws: KeyringFailure.wrongRootKey) { try bench.node() }
            #expect(try bench.epochFiles().count == 1)
            let node = try bench.place.open(rootKey: new)
            #expect(try node.opens(bytes, of: bench.collectionScope))
            try node.rotateEpoch()
            #expect(try bench.first.opens(bytes, of: bench.collectionScope))
        }
    }

    @Test func `a scope is read back from the name of its rows`() {
        let (tenant, collection) = (TenantID(high: 1, low: 2), CollectionID(high: 3, low: 4))
        let scopes: [KeyScope] = [
            .platform, .tenant(tenant), .collection(tenant, collection),
            .document(tenant, collection, DocumentID(high: 5, low: 6)),
        ]
        for scope in scopes { #expect(KeyScope(path: scope.path) == scope) }
        let segment = KeyScope.segment(tenant, SegmentID(high: 7, low: 8)).path
        for path in ["", "/", "platform/", "\(tenant)/", "\(collection)", "\(tenant)/\(tenant)", segment] {
            #expect(KeyScope(path: path) == nil, "\(path)")
        }
    }
}
