import Access
import Foundation
import Keyring
import Kit
import Storage
import TestKit
import Testing

@testable import Search

/// Segments are derived: losing, damaging or half-writing one changes no result.
@Suite struct SegmentTests {
    private static func filled(_ bench: IndexBench) async throws -> [DocumentID] {
        let first = try await bench.publish((0..<10).map { bench.document("sealed number \($0)") })
        try await bench.index.seal(bench.tenant)
        let second = try await bench.publish((10..<20).map { bench.document("sealed number \($0)") })
        try await bench.index.seal(bench.tenant)
        return first + second + (try await bench.publish([bench.document("number in the tail")]))
    }

    @Test func `a node that starts from segments answers the same bytes`() async throws {
        try await IndexBench.each { bench in
            let ids = try await Self.filled(bench)
            #expect(try await bench.segments() == 2)
            try await bench.write { try bench.index.remove([ids[0], ids[11]], in: $0) }
            try await bench.publish([bench.document("sealed number again", id: ids[1])])
            try await bench.write { try bench.index.assign(IndexBench.closed.id, to: [ids[2]], in: $0) }
            let expected = try await bench.search("number again")
            #expect(expected.hits.count == 18)
            #expect(try await bench.search("number again", on: bench.anotherNode()) == expected)
        }
    }

    @Test func `a lost segment is rebuilt from the entries`() async throws {
        try await IndexBench.each { bench in
            _ = try await Self.filled(bench)
            let expected = try await bench.search("number")
            for address in try await bench.blobs.addresses() { try await bench.blobs.delete(address) }
            let node = bench.anotherNode()
            #expect(try await bench.search("number", on: node) == expected)
            #expect(try await bench.segments() == 0)
            try await node.seal(bench.tenant)
            #expect(try await bench.segments() == 1)
            #expect(try await bench.search("number", on: bench.anotherNode()) == expected)
        }
    }

    @Test func `a segment with a changed byte is not served`() async throws {
        try await IndexBench.files { bench in
            _ = try await Self.filled(bench)
            let expected = try await bench.search("number")
            let files = try FileManager.default.subpathsOfDirectory(atPath: bench.directory + "/blobs")
                .map { bench.directory + "/blobs/" + $0 }.filter { URL(filePath: $0).hasDirectoryPath == false }
            for file in files {
                guard var bytes = FileManager.default.contents(atPath: file), bytes.count > 100 else { continue }
                bytes[bytes.count / 2] ^= 1
                try bytes.write(to: URL(filePath: file))
            }
            #expect(try await bench.search("number", on: bench.anotherNode()) == expected)
            #expect(try await bench.segments() == 0)
        }
    }

    @Test(arguments: [FaultyBlobs.Fault.beforePut, .afterPut, .tornPut])
    func `a writer that dies leaves nothing but a row that is swept`(fault: FaultyBlobs.Fault) async throws {
        try await IndexBench.files { bench in
            try await bench.publish((0..<10).map { bench.document("number \($0)") })
            let expected = try await bench.search("number")
            let dying = bench.anotherNode(blobs: FaultyBlobs(base: bench.blobs, fault: fault))
            await #expect(throws: FaultyBlobs.Crash.self) { try await dying.seal(bench.tenant) }
            #expect(try await bench.segments() == 1)
            let node = bench.anotherNode()
            #expect(try await bench.search("number", on: node) == expected)
            try await node.maintain(bench.tenant)
            #expect(try await bench.segments() == 1)
            bench.clock.advance(by: .seconds(700))
            try await node.maintain(bench.tenant)
            #expect(try await bench.segments() == 0)
            #expect(try await bench.blobs.addresses().isEmpty == (fault != .tornPut))
            #expect(try await bench.search("number", on: node) == expected)
        }
    }

    @Test func `an erased document is in no segment, no blob and no memory, and its neighbours stay`() async throws {
        try await IndexBench.each { bench in
            let ids = try await Self.filled(bench)
            let other = bench.anotherNode()
            #expect(try await bench.found("number", on: other).count == 21)
            let old = Set(try await bench.blobs.addresses())
            await #expect(throws: SearchFailure.notErased(ids[3], remains: "entry")) {
                try await bench.index.erase(ids[3], tenant: bench.tenant)
            }
            try await bench.write { try bench.index.remove([ids[3], ids[20]], in: $0) }
            try await bench.index.erase([ids[3], ids[20]], tenant: bench.tenant)
            try await bench.index.erase(ids[3], tenant: bench.tenant)
            let new = Set(try await bench.blobs.addresses())
            #expect(new.count == 2 && new.intersection(old).count == 1)
            for node in [bench.index, other, bench.anotherNode()] {
                #expect(Set(try await bench.found("number", on: node)) == Set(ids).subtracting([ids[3], ids[20]]))
            }
            try await other.maintain(bench.tenant)
            #expect(try await bench.found("number", on: other).count == 19)
        }
    }

    @Test func `no planted text is in the database, its log or a segment`() async throws {
        try await IndexBench.files { bench in
            let vector = (0..<16).map { Float($0) / 40 }
            try await bench.publish([bench.document("the zyzzyvas were planted", vector: vector)])
            try await bench.index.seal(bench.tenant)
            #expect(try await bench.found("zyzzyva").count == 1)
            let floats = vector[3..<9].flatMap { value in withUnsafeBytes(of: value) { Array($0) } }
            let needles = [Array("zyzzyva".utf8), floats]
            for name in try FileManager.default.subpathsOfDirectory(atPath: bench.directory) {
                guard let data = FileManager.default.contents(atPath: bench.directory + "/" + name) else { continue }
                for needle in needles { #expect(data.range(of: Data(needle)) == nil, "\(name)") }
            }
        }
    }

    @Test func `a document whose key is gone or whose entry is changed is not found, others are`() async throws {
        try await IndexBench.files { bench in
            let ids = try await bench.publish((0..<4).map { bench.document("number \($0)") })
            try bench.keyring.destroyKey(.document(bench.tenant, bench.collection, ids[0]))
            try await bench.write { tx in
                let row = try tx.row("SELECT entry FROM search_entries WHERE document = \(ids[1])")
                var entry: [UInt8] = try row?["entry"] ?? []
                entry[entry.count / 2] ^= 1
                try tx.execute("UPDATE search_entries SET entry = \(entry) WHERE document = \(ids[1])")
            }
            let node = bench.anotherNode()
            #expect(Set(try await bench.found("number", on: node)) == Set(ids.dropFirst(2)))
            #expect(try await node.damagedDocuments(bench.tenant) == [ids[1]])
            try await bench.publish([bench.document("number again", id: ids[1])])
            #expect(Set(try await bench.found("number", on: node)) == Set(ids.dropFirst(1)))
            #expect(try await node.damagedDocuments(bench.tenant) == [])
        }
    }

    @Test func `the service follows and seals a long tail`() async throws {
        try await IndexBench.each { bench in
            let node = bench.anotherNode { $0.segmentDocuments = 8 }
            let service = Task { try await node.run() }
            defer { service.cancel() }
            // The service subscribes at some moment of its own: publish until it has acted, with a generous bound.
            for step in 0..<500 where try await bench.segments() == 0 {
                try await bench.publish([bench.document("number \(step)")])
            }
            #expect(try await bench.segments() >= 1)
        }
    }
}

/// A blob store that dies at a chosen point.
struct FaultyBlobs: BlobStore {
    struct Crash: Error {}

    enum Fault: Sendable {
        case beforePut, afterPut
        /// Half of the bytes reach the store.
        case tornPut
    }

    let base: any BlobStore
    let fault: Fault

    func put(_ ciphertext: [UInt8]) async throws -> BlobAddress {
        if fault == .afterPut { _ = try await base.put(ciphertext) }
        if fault == .tornPut { _ = try await base.put(Array(ciphertext.prefix(ciphertext.count / 2))) }
        throw Crash()
    }

    func get(_ address: BlobAddress) async throws -> [UInt8] { try await base.get(address) }
    func delete(_ address: BlobAddress) async throws { try await base.delete(address) }
    func addresses() async throws -> [BlobAddress] { try await base.addresses() }
}
