import Encoder
import Foundation
import Keyring
import Kit
import Storage
import TestKit
import Testing

@testable import Search

/// The index alone; `ReembeddingTests` has the whole chain with two real encoders.
@Suite struct EncoderChangeTests {
    private static let up = [1] + [Float](repeating: 0, count: 15)
    private static let down = [Float](repeating: 0, count: 15) + [1]

    @Test func `a tenant is searched by the encoder that all of its documents have been read by`() async throws {
        try await IndexBench.each { bench in
            let ids = try await bench.publish([bench.document("one", vector: Self.up), bench.document("two")])
            try await bench.index.seal(bench.tenant)
            let node = bench.anotherNode { ($0.encoder, $0.earlierEncoder) = ("new", "test") }
            let old = ServingEncoder(encoder: "test", generation: 1)
            #expect(try await node.serving(of: bench.tenant) == old)
            #expect(try await bench.dense(Self.up, old, on: node).embedded == 2)

            try await bench.read(ids[0], again: "one", on: node)
            #expect(try await bench.progress(on: node) == .init(documents: 2, behind: 1, surplus: 2, stuck: 0))
            // The old vectors are those that are searched, all of them.
            #expect(try await bench.dense(Self.up, old, on: node).embedded == 2)
            #expect(try await bench.write { try node.switchEncoder(in: $0) } == false)

            try await bench.read(ids[1], again: "two", on: node)
            #expect(try await bench.write { try node.switchEncoder(in: $0) })
            let new = ServingEncoder(encoder: "new", generation: 2)
            #expect(try await node.serving(of: bench.tenant) == new)
            await #expect(throws: SearchFailure.encoderChanged) { try await bench.dense(Self.up, old, on: node) }
            let found = try await bench.dense(Self.down, new, on: node)
            #expect(found.embedded == 2 && found.hits.allSatisfy { $0.score == 1 })

            for id in ids { #expect(try await bench.write { try node.strip(id, in: $0) }) }
            try await node.settle(bench.tenant)
            #expect(try await bench.progress(on: node) == .init(documents: 2, behind: 0, surplus: 0, stuck: 0))
            #expect(try await bench.encodersKept() == ["new"])
            #expect(try await bench.dense(Self.down, new, on: node).embedded == 2)
        }
    }

    @Test func `an upgrade keeps the vectors of the model that was shipped before`() async throws {
        let shipped = "all-MiniLM-L6-v2; fp32; wordpiece-uncased/tokenizers-0.23/1"
        try await IndexBench.each { bench in
            let ids = try await bench.publish([bench.document("one", vector: Self.up), bench.document("two")])
            try await bench.asBeforeFingerprints(ids, shipped)
            for sealed in [false, true] {
                let node = bench.anotherNode { $0.encoder = Encoder.firstFingerprint }
                if sealed { try await node.seal(bench.tenant) }
                let first = ServingEncoder(encoder: Encoder.firstFingerprint, generation: 1)
                #expect(try await node.serving(of: bench.tenant) == first)
                #expect(try await bench.dense(Self.up, first, on: node).embedded == 2)
                #expect(try await bench.progress(on: node) == .init(documents: 2, behind: 0, surplus: 0, stuck: 0))
            }
            // Another model at the same moment as the upgrade sees none of them.
            let other = bench.anotherNode { $0.encoder = "new" }
            let serving = try await other.serving(of: bench.tenant)
            #expect(try await bench.dense(Self.up, serving, on: other).embedded == 0)
            #expect(try await bench.progress(on: other) == .init(documents: 2, behind: 2, surplus: 2, stuck: 0))
        }
    }

    @Test func `without the old encoder words find everything and vectors what was read anew`() async throws {
        try await IndexBench.each { bench in
            let ids = try await bench.publish([bench.document("number one"), bench.document("number two")])
            let node = bench.anotherNode { $0.encoder = "new" }
            let serving = try await node.serving(of: bench.tenant)
            #expect(serving == ServingEncoder(encoder: "new", generation: 1))
            #expect(try await Set(bench.found("number", on: node)) == Set(ids))
            #expect(try await bench.dense(Self.down, serving, on: node).embedded == 0)
            try await bench.read(ids[0], again: "number one", on: node)
            let found = try await bench.dense(Self.down, serving, on: node)
            #expect(found.searched == 2 && found.embedded == 1 && found.hits.map(\.document) == [ids[0]])
        }
    }

    @Test func `what was deleted or replaced meanwhile is not written again`() async throws {
        try await IndexBench.each { bench in
            let ids = try await bench.publish([bench.document("one"), bench.document("two")])
            let node = bench.anotherNode { ($0.encoder, $0.earlierEncoder) = ("new", "test") }
            let states = try await bench.states(of: ids, on: node)
            try await bench.write { try node.remove(ids[0], in: $0) }
            try await node.erase(ids[0], tenant: bench.tenant)
            try await bench.publish([bench.document("other", id: ids[1])])
            for (id, state) in zip(ids, states) {
                let again = try node.prepare(bench.document("one", id: id, vector: Self.down), carrying: state)
                #expect(try await bench.write { try node.replace(state.sequence, by: again, in: $0) } == false)
            }
            #expect(try await bench.found("other", on: node) == [ids[1]])
            #expect(try await bench.found("one", on: node) == [])
        }
    }

    @Test func `a document that cannot be read anew holds nobody up and keeps no old vector`() async throws {
        try await IndexBench.each { bench in
            let ids = try await bench.publish([bench.document("one")])
            let node = bench.anotherNode { ($0.encoder, $0.earlierEncoder) = ("new", "test") }
            try await bench.write { try node.markStuck(ids[0], "unreadable", in: $0) }
            #expect(try await bench.write { try node.switchEncoder(in: $0) })
            #expect(try await bench.write { try node.strip(ids[0], in: $0) })
            try await node.settle(bench.tenant)
            #expect(try await bench.progress(on: node) == .init(documents: 1, behind: 0, surplus: 0, stuck: 1))
            #expect(try await bench.found("one", on: node) == ids)
            #expect(try await bench.encodersKept() == [])
        }
    }
}

extension IndexBench {
    fileprivate func dense(
        _ vector: [Float], _ encoder: ServingEncoder, on node: SearchIndex
    ) async throws -> SearchResult {
        var query = SearchQuery(text: "", vector: vector, mode: .dense, limit: 100)
        query.encoder = encoder
        return try await node.search(query, for: reader)
    }

    /// The rows as the migration finds and leaves them.
    fileprivate func asBeforeFingerprints(_ ids: [DocumentID], _ encoder: String) async throws {
        try await write { [tenant, collection, keyring] tx in
            for id in ids {
                let state = try #require(try index.state(of: id, tenant: tenant, in: tx))
                let sealed = try keyring.seal(
                    FirstFormat.bytes(of: state.form, encoder: encoder), under: .document(tenant, collection, id),
                    context: SealContext(
                        table: "search_entries", column: "entry", row: id.description, version: state.sequence))
                try tx.execute(
                    """
                    UPDATE search_entries SET entry = \(sealed), encoder = ''
                    WHERE tenant = \(tenant) AND document = \(id)
                    """)
            }
            try tx.execute("DELETE FROM search_encoders WHERE tenant = \(tenant)")
            for statement in SearchIndex.takenOver { try tx.execute(statement) }
        }
    }

    fileprivate func states(of ids: [DocumentID], on node: SearchIndex) async throws -> [IndexedState] {
        let tenant = tenant
        return try await database.read { connection in
            try ids.compactMap { try node.state(of: $0, tenant: tenant, in: connection) }
        }
    }

    fileprivate func read(_ id: DocumentID, again text: String, on node: SearchIndex) async throws {
        let vector = [Float](repeating: 0, count: 15) + [1]
        let state = try #require(try await states(of: [id], on: node).first)
        let again = try node.prepare(document(text, id: id, vector: vector), carrying: state)
        #expect(try await write { try node.replace(state.sequence, by: again, in: $0) })
    }

    fileprivate func progress(on node: SearchIndex) async throws -> EncoderProgress {
        let tenant = tenant
        return try await database.read { try node.encoderProgress(tenant, in: $0) }
    }

    /// Whose vectors lie in any entry or segment.
    fileprivate func encodersKept() async throws -> Set<String> {
        let tenant = tenant
        let documents: [DocumentID] = try await database.read {
            try $0.rows("SELECT document FROM search_entries WHERE tenant = \(tenant)").map { try $0["document"] }
        }
        let inEntries = Set(try await states(of: documents, on: index).flatMap(\.encoders))
        return inEntries.union(try await index.encodersInSegments(tenant))
    }
}
