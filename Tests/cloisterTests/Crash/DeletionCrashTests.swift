import Foundation
import HTTPTypes
import Keyring
import Kit
import Library
import Search
import Storage
import TestKit
import Testing

@testable import cloister

/// A deletion has two halves: gone for readers at the commit, then keys, blobs and index segments. A crash between
/// them must leave nothing that the next start does not finish.
@Suite(.serialized) struct DeletionCrashTests {
    /// Where the process dies, by the store whose work it cannot do any more.
    enum Cut: String, CaseIterable, Sendable {
        case originals, segments
    }

    @Test(arguments: Cut.allCases)
    func `a deletion that dies between its halves is finished by the next start`(cut: Cut) async throws {
        try await TestEnvironment.withTemporaryDirectory { root in
            let home = try await filledHome(root, files: 12)
            let victim = home.corpus.files[0]
            let scope = try await home.open { try await $0.keyScope(of: victim) }

            try await dieWhileDeleting(victim, at: cut, on: home)
            try await home.open { open in
                #expect(try await open.documents()[victim.name] == nil)
                try await open.checkInvisible(victim, nil)
                #expect(try !open.platform.ground.keyring.hasKey(scope), "The key outlived the document.")
                try await open.checkNothingIsLeftOver(documents: 11)
                #expect(try await open.checkNothingIsHalf().count == 11)
                for word in victim.sentenceWords { #expect(try await open.hits(word).isEmpty) }
            }
            #expect(try await home.program.run("audit", "verify").code == 0)
        }
    }

    @Test func `kill -9 of a server that deletes leaves every document whole or gone`() async throws {
        try await TestEnvironment.withTemporaryDirectory { root in
            let seed = UInt64.random(in: 0 ..< .max)
            print("Deletion kills: seed \(seed)")
            var generator = SeededGenerator(seed: seed)
            let home = try await filledHome(root, files: 60)
            var gone: Set<String> = []
            for _ in 0..<4 {
                let delay = Duration.milliseconds(Int.random(in: 5..<250, using: &generator))
                gone.formUnion(try await killWhileDeleting(on: home, after: delay))
                try await home.open { [gone] open in
                    let left = try await open.documents()
                    #expect(gone.isDisjoint(with: left.keys), "seed \(seed): a deletion that was confirmed is undone.")
                    #expect(try await open.checkNothingIsHalf().count == left.count, "seed \(seed)")
                    try await open.checkNothingIsLeftOver(documents: left.count)
                }
            }
            #expect(try await home.program.run("audit", "verify").code == 0, "seed \(seed)")
            print("Deletion kills: \(gone.count) deletions were confirmed before the kills")
        }
    }

    private func filledHome(_ root: String, files: Int) async throws -> CrashHome {
        let home = CrashHome(folder: root + "/home", corpus: LampCorpus(count: files))
        try home.corpus.write(to: root + "/in")
        let outcome = try await home.ingest(root + "/in")
        try #require(outcome.code == 0, "\(outcome.errors)")
        return home
    }

    /// The same wiring on stores of which one stops working: to the data it is as if the process had died there.
    private func dieWhileDeleting(_ file: LampCorpus.File, at cut: Cut, on home: CrashHome) async throws {
        let settings = try home.settings()
        let whole = try await Ground.open(settings, clock: .system, randomness: .system)
        let broken = Ground(
            place: whole.place, keyring: whole.keyring, database: whole.database,
            originals: DyingStore(base: whole.originals, isDead: cut == .originals),
            segments: DyingStore(base: whole.segments, isDead: cut == .segments), isExclusive: true,
            clock: .system, randomness: .system)
        try await home.opened(try Platform(settings, role: .command, on: broken)) { open in
            let reader = try #require(open.reader)
            let document = try #require(try await open.documents()[file.name])
            try await open.platform.index.seal(reader.tenant)
            await #expect(throws: DyingStore.Dead.self) {
                try await open.platform.library.delete(document.id, by: reader, request: nil)
            }
            // The first half has happened: nobody sees it any more, finished or not.
            #expect(try await open.documents()[file.name] == nil)
            #expect(try await open.hits(file.word).isEmpty)
            #expect(try await open.count("SELECT COUNT(*) AS count FROM audit_intents") == 1)
        }
    }

    /// Paths of the documents whose deletion the server confirmed before it was killed.
    private func killWhileDeleting(on home: CrashHome, after delay: Duration) async throws -> Set<String> {
        let targets = try await home.open { try await $0.documents() }
        return try await ServedProgram.run(home.program) { served in
            let client = NetworkClient(socket: home.folder + "/data/socket", tenant: "")
            let killer = Task {
                try await Task.sleep(for: delay)
                served.running.send(SIGKILL)
            }
            let requests = targets.map { (path: $0, request: Self.deletion(of: $1)) }
            let confirmed = await withTaskGroup(of: String?.self) { group in
                for (path, request) in requests {
                    // A killed server answers nothing: then the deletion is not confirmed, and may have happened.
                    group.addTask { (try? await client.bytes(request)).map { _ in path } }
                }
                return await group.reduce(into: Set<String>()) { if let path = $1 { $0.insert(path) } }
            }
            try await killer.value
            let outcome = await served.running.ended()
            #expect(outcome.isKilled)
            await client.close()
            return confirmed
        }
    }

    private static func deletion(of document: DocumentRecord) -> PlatformRequest {
        PlatformRequest(method: .delete, path: "/api/v1/documents/\(document.id)")
    }
}

extension OpenHome {
    func keyScope(of file: LampCorpus.File) async throws -> KeyScope {
        let reader = try #require(reader)
        let document = try #require(try await documents()[file.name])
        let scope = KeyScope.document(reader.tenant, document.collection, document.id)
        #expect(try platform.ground.keyring.hasKey(scope))
        return scope
    }
}

/// A store that fails at the first removal, as if the process had died just before it.
private struct DyingStore: BlobStore {
    struct Dead: Error {}

    let base: any BlobStore
    let isDead: Bool

    func put(_ ciphertext: [UInt8]) async throws -> BlobAddress { try await base.put(ciphertext) }
    func get(_ address: BlobAddress) async throws -> [UInt8] { try await base.get(address) }
    func addresses() async throws -> [BlobAddress] { try await base.addresses() }
    func delete(_ address: BlobAddress) async throws {
        if isDead { throw Dead() }
        try await base.delete(address)
    }
}
