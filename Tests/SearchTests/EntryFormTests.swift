import Access
import Encoder
import Foundation
import Kit
import TestKit
import Testing

@testable import Search

@Suite struct EntryFormTests {
    @Test func `a segment gives its entries back`() throws {
        var world = RandomWorld(seed: 3)
        let entries = try (0..<20).map { _ in try world.entry(world.randomDocument()) }
        let decoded = try SegmentForm.decode(SegmentForm.encode(entries))
        #expect(decoded.map(\.document) == entries.map(\.document))
        #expect(decoded.map(\.bytes) == entries.map(\.bytes))
        #expect(decoded.map(\.sequence) == entries.map(\.sequence))
    }

    @Test func `damaged forms are refused or read, never trusted`() throws {
        var world = RandomWorld(seed: 4)
        let identity = IndexIdentity(world.settings)
        for seed in 0..<2_000 {
            let entry = try world.entry(world.randomDocument())
            var bytes = entry.bytes
            for _ in 0...(seed % 3) {
                let place = Int.random(in: 0..<bytes.count, using: &world.generator)
                bytes[place] = UInt8.random(in: 0...255, using: &world.generator)
            }
            if seed % 4 == 0 { bytes.removeLast(Int.random(in: 1...bytes.count, using: &world.generator)) }
            let damaged = StoredEntry(
                document: entry.document, version: entry.version, collection: entry.collection, sequence: 1,
                bytes: bytes
            )
            var builder = PartBuilder(identity: identity)
            _ = try? builder.add(damaged)
            _ = try? SegmentForm.decode(bytes)
        }
    }

    @Test func `another analyser is another index, another encoder sees words only`() throws {
        var world = RandomWorld(seed: 5)
        let entry = try world.entry(world.randomDocument())
        #expect(throws: SearchFailure.foreignIndex(found: Int(Analyser.version), expected: 200)) {
            try IndexPart(entries: [entry], identity: IndexIdentity(analyser: 200, dimensions: 16, encoder: "test"))
        }
        let own = try IndexPart(entries: [entry], identity: IndexIdentity(world.settings))
        for (dimensions, encoder) in [(16, "other"), (8, "test")] {
            let other = try IndexPart(
                entries: [entry], identity: IndexIdentity(dimensions: dimensions, encoder: encoder))
            #expect(other.chunkCount == own.chunkCount && other.terms.count == own.terms.count)
            #expect(other.windows(of: 0..<other.chunkCount).isEmpty)
        }
    }

    @Test func `an entry of the first format keeps its vectors, under the fingerprint of the model of then`() throws {
        var world = RandomWorld(seed: 7)
        for _ in 0..<50 {
            let entry = try world.entry(world.randomDocument())
            let form = try EntryForm(entry.bytes)
            #expect(form.bytes == entry.bytes)
            #expect(try EntryForm(EntryForm.current(FirstFormat.bytes(of: form))) == form)
            let shipped = "all-MiniLM-L6-v2; fp32; wordpiece-uncased/tokenizers-0.23/1"
            let named = try EntryForm(EntryForm.current(FirstFormat.bytes(of: form, encoder: shipped)))
            #expect(named.sets.map(\.encoder) == [Encoder.firstFingerprint])
            #expect(named.chunks == form.chunks && named.sets.map(\.windows) == form.sets.map(\.windows))
        }
    }

    @Test func `documents over a bound are refused with the reason`() {
        let world = RandomWorld(seed: 6)
        let writer = EntryWriter(analyser: world.analyser, settings: world.settings)
        func document(_ chunks: [IndexedChunk]) -> IndexedDocument {
            IndexedDocument(
                document: DocumentID(high: 1, low: 1), version: VersionID(high: 1, low: 1),
                collection: world.collections[0], acl: world.acls[0].id, chunks: chunks)
        }
        func chunk(_ ordinal: Int, end: Int = 5, vectors: [[Float]] = []) -> IndexedChunk {
            IndexedChunk(ordinal: ordinal, start: 0, end: end, text: [], vectors: vectors)
        }
        let bad = [
            [chunk(0), chunk(0)], [chunk(-1)], [chunk(0, end: -1)], [chunk(0, vectors: [[1, 2]])],
            [chunk(0, vectors: [[Float](repeating: .nan, count: 16)])],
            [chunk(0, vectors: Array(repeating: [Float](repeating: 0, count: 16), count: 65))],
        ]
        for chunks in bad { #expect(throws: SearchFailure.self) { try writer.bytes(of: document(chunks)) } }
    }
}
