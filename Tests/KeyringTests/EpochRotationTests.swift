import Foundation
import Kit
import Storage
import TestKit
import Testing

@testable import Keyring

@Suite(.timeLimit(.minutes(10))) struct EpochRotationTests {
    private struct CutOff: Error {}

    @Test func `with a file of keys a rotation does nothing`() async throws {
        try await KeyPlace.file { place in
            try await Workbench.run(in: place) { bench in
                try bench.keyring.destroyKey(bench.documentScope)
                let before = try bytesOfFiles(in: bench.directory)
                try bench.keyring.rotateEpoch()
                #expect(try bytesOfFiles(in: bench.directory) == before)
                #expect(try bench.keyring.statistics().awaitingEpochRotation == 0)
            }
        }
    }

    @Test func `after a rotation everything opens on every node, and one epoch is left`() async throws {
        try await SharedWorkbench.run { bench in
            let documents = bench.documents(SharedVault.rewrapRowsMax * 2 + 7)
            try bench.first.createKeys(documents)
            let sealed = try bench.seal(documents)
            try bench.first.destroyKey(documents[0])
            let before = try bench.epochFiles()
            var steps: [EpochStep] = []
            try bench.first.rotateEpoch { steps.append($0) }
            #expect(steps == [.begun, .rewrapped, .rewrapped, .rewrapped, .keyDestroyed, .recorded])
            #expect(try bench.epochFiles().count == 1 && bench.epochFiles() != before)
            #expect(try bench.second.statistics().awaitingEpochRotation == 0)
            for node in [bench.second, try bench.node()] {
                for (scope, bytes) in sealed { #expect(try node.opens(bytes, of: scope) == (scope != documents[0])) }
            }
            // Destroying it again does not make it wait again.
            try bench.second.destroyKey(documents[0])
            #expect(try bench.second.statistics().awaitingEpochRotation == 0)
        }
    }

    /// A dump is a copy of the rows in a schema of its own. The test says both halves, because the first is a limit.
    @Test func `a dump opens a destroyed key until the epoch is rotated, and with the new epoch's key nothing`()
        async throws
    {
        try await SharedWorkbench.run { bench in
            let documents = bench.documents(2)
            try bench.first.createKeys(documents)
            let sealed = try bench.seal(documents)
            try await Dump.take(of: bench.url) { dump in
                let restored = KeyPlace(engine: "dump", directory: bench.place.directory, postgres: dump.url)
                try bench.first.destroyKey(documents[0])
                do {
                    let keyring = try restored.open(rootKey: bench.rootKey)
                    for (scope, bytes) in sealed { #expect(try keyring.opens(bytes, of: scope)) }
                }
                try bench.second.rotateEpoch()
                #expect(try bench.first.opens(#require(sealed[documents[1]]), of: documents[1]))
                #expect(throws: KeyringFailure.self) { try restored.open(rootKey: bench.rootKey) }
                // Whoever has the dump, the root key and today's folder renames the epoch in vain.
                try dump.pretend(try #require(EpochID(String(bench.epochFiles()[0].prefix(30)))))
                let keyring = try restored.open(rootKey: bench.rootKey)
                for scope in documents { #expect(throws: KeyringFailure.self) { try keyring.hasKey(scope) } }
            }
        }
    }

    @Test(arguments: 0..<5)
    func `a rotation that is cut off anywhere is finished by another node`(step: Int) async throws {
        try await SharedWorkbench.run { bench in
            let documents = bench.documents(SharedVault.rewrapRowsMax + 7)
            try bench.first.createKeys(documents)
            let sealed = try bench.seal(documents)
            try bench.first.destroyKey(documents[0])
            var passed = 0
            #expect(throws: CutOff.self) {
                try bench.first.rotateEpoch { _ in
                    if passed == step { throw CutOff() }
                    passed += 1
                }
            }
            // In between everybody works, and destroys.
            let late = bench.documents(1)
            try bench.second.createKeys(late)
            for (scope, bytes) in sealed {
                #expect(try bench.second.opens(bytes, of: scope) == (scope != documents[0]))
            }
            if step.isMultiple(of: 2) { try bench.second.destroyKey(documents[1]) }
            let node = try bench.node()
            try node.rotateEpoch()
            #expect(try node.statistics().awaitingEpochRotation == 0)
            #expect(try bench.epochFiles().count == 1)
            let gone = Set(step.isMultiple(of: 2) ? documents.prefix(2) : documents.prefix(1))
            for (scope, bytes) in sealed { #expect(try node.opens(bytes, of: scope) == !gone.contains(scope)) }
            #expect(try node.hasKey(late[0]))
        }
    }

    @Test func `a rotation that was cut off is finished without another epoch when nothing was destroyed since`()
        async throws
    {
        try await SharedWorkbench.run { bench in
            try bench.first.destroyKey(bench.collectionScope)
            #expect(throws: CutOff.self) { try bench.first.rotateEpoch { _ in throw CutOff() } }
            let begun = try bench.epochFiles()
            #expect(begun.count == 2)
            try bench.second.rotateEpoch()
            #expect(try begun.contains(bench.epochFiles()[0]))
            #expect(try bench.epochFiles().count == 1)
        }
    }

    @Test func `nodes rotate epochs, make and destroy keys at once`() async throws {
        try await SharedWorkbench.run { bench in
            let kept = bench.documents(30)
            try bench.first.createKeys(kept)
            let sealed = try bench.seal(kept)
            try await withThrowingTaskGroup(of: Void.self) { group in
                // Neighbours are of different nodes: only as many tasks run at once as there are cores.
                for (rotating, churning) in [(bench.first, bench.second), (bench.second, bench.first)] {
                    group.addTask { for _ in 0..<5 { try rotating.rotateEpoch() } }
                    group.addTask {
                        for scope in bench.documents(30) {
                            try churning.createKey(scope)
                            try churning.destroyKey(scope)
                        }
                    }
                }
                group.addTask {
                    for _ in 0..<5 {
                        // A node that has just started knows no epoch and reads them all.
                        let node = try bench.node()
                        for (scope, bytes) in sealed { #expect(try node.opens(bytes, of: scope)) }
                    }
                }
                try await group.waitForAll()
            }
            try bench.first.rotateEpoch()
            let statistics = try bench.second.statistics()
            #expect(statistics.documents == 30 && statistics.destroyedScopes == 60)
            #expect(statistics.awaitingEpochRotation == 0)
            #expect(try bench.epochFiles().count == 1)
        }
    }
}

/// A copy of all rows of keys, as a database backup has them.
private struct Dump {
    static let tables: [SQLIdentifier] = ["keyring", "key_epochs", "keys", "destroyed_scopes"]
    let url: Secret

    static func take(of url: Secret, _ body: (Dump) async throws -> Void) async throws {
        let parts = url.reveal().components(separatedBy: "schema=")
        let dump = Dump(url: Secret(parts[0] + "schema=" + parts[1] + "_dump"))
        try await KeyPlace.migrate(dump.url)
        let live = SQLIdentifier(parts[1])!
        try BlockingPostgres.open(url: dump.url).write { connection in
            for table in tables { try connection.execute("INSERT INTO \(table) SELECT * FROM \(live).\(table)") }
        }
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body(dump)) } catch { outcome = .failure(error) }
        let name = SQLIdentifier(parts[1] + "_dump")!
        try BlockingPostgres.open(url: url).write { try $0.execute("DROP SCHEMA \(name) CASCADE") }
        try outcome.get()
    }

    /// Claims that the rows are of another epoch.
    func pretend(_ epoch: EpochID) throws {
        try BlockingPostgres.open(url: url).write { connection in
            try connection.execute("UPDATE key_epochs SET epoch = \(epoch)")
            try connection.execute("UPDATE keyring SET epoch = \(epoch)")
            try connection.execute("UPDATE keys SET epoch = \(epoch)")
        }
    }
}
