import Crypto
import Foundation
import Kit
import TestKit
import TestStorage
import Testing

@testable import Storage

/// What `BlobStore` promises, on files and on PostgreSQL.
@Suite struct BlobStoreTests {
    private let unknown = BlobAddress(bytes: [UInt8](repeating: 9, count: 32))!  // 32 bytes, as it demands.

    /// Runs `body` on both; `corrupt` changes one byte of a stored blob behind the store's back.
    private func each(
        _ body: (String, any BlobStore, _ corrupt: (BlobAddress) async throws -> Void) async throws -> Void
    ) async throws {
        try await TestEnvironment.withTemporaryDirectory { directory in
            let store = try FileBlobStore(path: directory)
            try await body("files", store) { address in
                let path = "\(directory)/\(address.text.prefix(2))/\(address.text)"
                var bytes = try Data(contentsOf: URL(filePath: path))
                bytes[bytes.count / 2] ^= 1
                try bytes.write(to: URL(filePath: path))
            }
            await store.close()
        }
        try await TestDatabases.postgres { database in
            try await body("PostgreSQL", PostgresBlobStore(database: database, family: "originals")) { address in
                let row = try await database.read {
                    try $0.rows("SELECT body FROM blobs WHERE address = \(address)")[0]
                }
                var bytes: [UInt8] = try row["body"]
                bytes[bytes.count / 2] ^= 1
                let changed = bytes
                try await database.write(.platform) {
                    try $0.execute("UPDATE blobs SET body = \(changed) WHERE address = \(address)")
                }
            }
        }
    }

    @Test func `what is put is found under the hash of its bytes`() async throws {
        let blobs: [[UInt8]] = [[], [0], Array("text".utf8), [UInt8](repeating: 0, count: 3_000_000), Array(0...255)]
        try await each { engine, store, _ in
            for blob in blobs {
                let address = try await store.put(blob)
                #expect(address.bytes == Array(SHA256.hash(data: blob)), "\(engine)")
                let found = try await store.get(address)
                #expect(found == blob, "\(engine)")
            }
            let addresses = try await store.addresses()
            #expect(Set(addresses) == Set(blobs.map { BlobAddress(of: $0) }), "\(engine)")
            #expect(addresses.count == blobs.count, "\(engine)")
        }
    }

    @Test func `putting twice, at once or later, is putting once`() async throws {
        try await each { engine, store, _ in
            let blob = [UInt8](repeating: 3, count: 10_000)
            let addresses = try await withThrowingTaskGroup(of: BlobAddress.self, returning: Set<BlobAddress>.self) {
                group in
                for _ in 0..<12 { group.addTask { try await store.put(blob) } }
                return try await group.reduce(into: []) { $0.insert($1) }
            }
            let kept = try await store.addresses()
            #expect(addresses.count == 1 && kept == Array(addresses), "\(engine)")
        }
    }

    @Test func `what is deleted is gone, and deleting it again is fine`() async throws {
        try await each { engine, store, _ in
            let address = try await store.put([1, 2, 3])
            let other = try await store.put([4])
            try await store.delete(address)
            try await store.delete(address)
            try await store.delete(unknown)
            let missing = await failure { try await store.get(address) }
            #expect(missing == .blobMissing, "\(engine)")
            let kept = try await store.addresses()
            #expect(kept == [other], "\(engine)")
        }
    }

    @Test func `a young blob of a shared database is not settled, and families do not see each other`() async throws {
        try await TestDatabases.postgres { database in
            let clock = VirtualClock()
            let store = PostgresBlobStore(database: database, family: "originals", clock: clock.clock)
            let others = PostgresBlobStore(database: database, family: "segments", clock: clock.clock)
            let old = try await store.put([1])
            let foreign = try await others.put([2])
            clock.advance(by: PostgresBlobStore.settlingTime)
            let young = try await store.put([3])
            #expect(try await store.settledAddresses() == [])
            clock.advance(by: .seconds(1))
            #expect(try await store.settledAddresses() == [old])
            #expect(Set(try await store.addresses()) == [old, young])
            #expect(try await others.addresses() == [foreign])
        }
    }

    @Test func `a changed byte is noticed, and putting the blob again heals it`() async throws {
        try await each { engine, store, corrupt in
            let blob = [UInt8](repeating: 5, count: 1000)
            let address = try await store.put(blob)
            try await corrupt(address)
            let corrupted = await failure { try await store.get(address) }
            #expect(corrupted == .blobCorrupt, "\(engine)")
            _ = try await store.put(blob)
            let healed = try await store.get(address)
            #expect(healed == blob, "\(engine)")
        }
    }

    @Test func `ATT-28: an address is 64 lower-case digits and nothing else`() {
        let good = String(repeating: "0a", count: 32)
        #expect(BlobAddress(text: good)?.text == good)
        var hostile = [
            "", "../../etc/passwd", "..", "/", good + "0", String(good.dropLast()), good.uppercased(), good + "\0",
            "\(good.dropLast(3))/..", String(repeating: "../", count: 21) + "a", "sha256:" + good,
            " " + good.dropFirst(),
        ]
        let pieces = ["../", "..\\", "%2e%2e%2f", "/etc/passwd", "\0", "。。/", "..;/", "....//", "~", "\u{202e}"]
        for count in 0..<200 {
            let length = count % 64
            let text = (0..<length).map { pieces[($0 + count) % pieces.count] }.joined()
            hostile.append(String(text.prefix(64)))
            hostile.append(String(good.prefix(length)) + pieces[count % pieces.count])
        }
        for text in hostile { #expect(BlobAddress(text: text) == nil, "\(text)") }
        for count in [0, 31, 33] { #expect(BlobAddress(bytes: [UInt8](repeating: 0, count: count)) == nil) }
    }

    /// Everything the names could reach lies in the test's own folder: on a weakened build they do reach it, and the
    /// test may run as root.
    @Test func `ATT-24: the one function that opens files takes no name that leads outside`() async throws {
        try await TestEnvironment.withTemporaryDirectory { directory in
            let outside = directory + "/outside"
            try Data([7]).write(to: URL(filePath: outside))
            let hostile = [
                "", ".", "..", "../outside", "inner/../../outside", outside, "a/b", "a\0b", "~root", "a\\b", "%2e%2e",
                ".hidden", "ä", " ", "A", String(repeating: "a", count: 129),
            ]
            let folder = try DirectoryHandle.open(path: try made(directory + "/inside"))
            for name in hostile {
                #expect(throws: StorageFailure.self, "\(name)") { try folder.contents(name) }
                #expect(throws: StorageFailure.self, "\(name)") { try folder.create(name, [1]) }
                #expect(throws: StorageFailure.self, "\(name)") { try folder.folder(name) }
                #expect(throws: StorageFailure.self, "\(name)") { try folder.remove(name) }
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory + "/inside") == [])
            #expect(FileManager.default.contents(atPath: outside) == Data([7]))
        }
    }

    @Test func `a symbolic link in the place of a blob or its folder is not followed`() async throws {
        try await TestEnvironment.withTemporaryDirectory { directory in
            let outside = directory + "/outside"
            let store = try FileBlobStore(path: try made(directory + "/blobs"))
            let blob: [UInt8] = [1, 2, 3]
            let address = BlobAddress(of: blob)
            try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: true)
            try Data(blob).write(to: URL(filePath: outside + "/" + address.text))
            let folder = directory + "/blobs/" + address.text.prefix(2)
            try FileManager.default.createSymbolicLink(atPath: folder, withDestinationPath: outside)
            #expect(
                await failure { try await store.get(address) }
                    == .io(path: String(address.text.prefix(2)), code: ENOTDIR))
            #expect(await failure { try await store.put(blob) } != nil)
            try FileManager.default.removeItem(atPath: folder)
            _ = try made(folder)
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/" + address.text, withDestinationPath: outside + "/" + address.text)
            #expect(await failure { try await store.get(address) } == .io(path: address.text, code: ELOOP))
        }
    }

    private func made(_ path: String) throws -> String {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }
}
