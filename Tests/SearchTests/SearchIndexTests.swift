import Access
import Foundation
import Keyring
import Kit
import Storage
import TestKit
import Testing

@testable import Search

/// The index over both engines: what is written is obeyed by the very next query.
@Suite struct SearchIndexTests {
    @Test func `a document is found, replaced as a whole and gone`() async throws {
        try await IndexBench.each { bench in
            let id = try await bench.publish([bench.document("first edition")])[0]
            #expect(try await bench.found("first") == [id])
            let before = try await bench.search("edition").sequence
            try await bench.publish([bench.document("second edition", id: id)])
            #expect(try await bench.found("first") == [])
            let after = try await bench.search("second")
            #expect(after.hits.map(\.document) == [id] && after.sequence == before + 1)
            try await bench.write { try bench.index.remove(id, in: $0) }
            let gone = try await bench.search("second edition")
            #expect(gone.hits.isEmpty && gone.searched == 0 && gone.sequence == before + 2)
        }
    }

    @Test func `a cut right is obeyed by the next query of every node`() async throws {
        try await IndexBench.each { bench in
            let ids = try await bench.publish((0..<20).map { bench.document("number \($0)") })
            let other = bench.anotherNode()
            #expect(Set(try await bench.found("number", on: other)) == Set(ids))
            let first = try await bench.search("number").sequence
            try await bench.write { try bench.index.assign(IndexBench.closed.id, to: Array(ids.prefix(12)), in: $0) }
            for node in [bench.index, other] {
                let result = try await bench.search("number", on: node)
                #expect(Set(result.hits.map(\.document)) == Set(ids.dropFirst(12)))
                #expect(result.sequence == first + 1)
                #expect(result.hits.allSatisfy { $0.explanation?.lexical?.chunks == 8 })
            }
            try await bench.write { try bench.index.assign(IndexBench.open.id, to: ids, in: $0) }
            #expect(Set(try await bench.found("number", on: other)) == Set(ids))
        }
    }

    @Test func `every result is that of the sequence it states, whatever is written meanwhile`() async throws {
        try await IndexBench.each { bench in
            let ids = try await bench.publish((0..<6).map { bench.document("target \($0)") })
            let start = try await bench.search("target").sequence
            let nodes = [bench.index, bench.anotherNode()]
            let states = try await withThrowingTaskGroup(of: [(ChangeSequence, Set<DocumentID>)].self) { group in
                for node in nodes {
                    group.addTask {
                        var seen: [(ChangeSequence, Set<DocumentID>)] = []
                        while seen.last?.0 ?? 0 < start + 30, seen.count < 20_000 {
                            let result = try await bench.search("target", on: node)
                            seen.append((result.sequence, Set(result.hits.map(\.document))))
                        }
                        return seen
                    }
                }
                for step in 0..<30 {
                    let (id, acl) = (ids[step % ids.count], step / 6 % 2 == 0 ? IndexBench.closed : IndexBench.open)
                    try await bench.write { try bench.index.assign(acl.id, to: [id], in: $0) }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            var expected = [start: Set(ids)]
            var open = Set(ids)
            for step in 0..<30 {
                if step / 6 % 2 == 0 { open.remove(ids[step % 6]) } else { open.insert(ids[step % 6]) }
                expected[start + ChangeSequence(step) + 1] = open
            }
            #expect(states.allSatisfy { expected[$0.0] == $0.1 })
            #expect(states.contains { $0.0 == start + 30 })
        }
    }

    @Test func `a rolled back transaction leaves nothing and takes no number`() async throws {
        struct Stop: Error {}
        try await IndexBench.each { bench in
            let kept = try await bench.publish([bench.document("kept")])
            let lost = bench.document("lost")
            try bench.keyring.createKey(.document(bench.tenant, bench.collection, lost.document))
            await #expect(throws: Stop.self) {
                try await bench.write { tx in
                    try bench.index.publish(lost, in: tx)
                    throw Stop()
                }
            }
            let result = try await bench.search("kept lost")
            #expect(result.hits.map(\.document) == kept && result.sequence == 1)
        }
    }

    @Test func `another tenant sees nothing and shares nothing`() async throws {
        try await IndexBench.each { bench in
            let ids = try await bench.publish([bench.document("shared words"), bench.document("shared words too")])
            let stranger = IndexBench.principal(Randomness.system.identifier())
            let result = try await bench.search("shared", by: stranger)
            #expect(result == SearchResult(sequence: 0, hits: [], searched: 0, matched: 0))
            #expect(try await bench.search("shared").hits.count == ids.count)
        }
    }

    @Test func `calls that do not fit are refused`() async throws {
        try await IndexBench.files { bench in
            let unknown = EffectiveACL(constraints: [ACLConstraint(allow: [.everyone])], label: .topSecret)
            await #expect(throws: SearchFailure.unknownACL) {
                try await bench.publish([bench.document("text", acl: unknown)])
            }
            await #expect(throws: SearchFailure.wrongScope) {
                try await bench.database.write(.platform) {
                    try bench.index.remove(DocumentID(high: 1, low: 1), in: $0)
                }
            }
            let queries: [(SearchQuery, SearchFailure)] = [
                (SearchQuery(text: "a", vector: nil), .vectorMissing),
                (SearchQuery(text: "a", vector: [1]), .vectorDimensions(found: 1, expected: 16)),
                (SearchQuery(text: "a", vector: .init(repeating: .infinity, count: 16)), .vectorNotFinite),
                (SearchQuery(text: "a", vector: nil, mode: .lexical, limit: 0), .limitOutOfRange(0)),
                (SearchQuery(text: "a", vector: nil, mode: .lexical, limit: 101), .limitOutOfRange(101)),
                (
                    SearchQuery(text: String(repeating: "a", count: 70_000), vector: nil, mode: .lexical),
                    .queryTooLong(bytes: 70_000, limit: 65_536)
                ),
            ]
            for (query, failure) in queries {
                await #expect(throws: failure) { try await bench.index.search(query, for: bench.reader) }
            }
        }
    }

    @Test func `results are byte-equal with and without unseen documents, through the database`() async throws {
        try await IndexBench.each { bench in
            for seed in 1...3 as ClosedRange<UInt64> {
                let (all, alone) = (try await bench.sibling(), try await bench.sibling())
                var generator = SeededGenerator(seed: seed)
                let words = (0..<12).map { "word\($0)" }
                var (documents, visible): ([IndexedDocument], [IndexedDocument]) = ([], [])
                for _ in 0..<24 {
                    let text = (0..<6).map { _ in words.randomElement(using: &generator) ?? "" }
                    let isOpen = Bool.random(using: &generator)
                    let document = all.document(
                        text.joined(separator: " "), acl: isOpen ? IndexBench.open : IndexBench.closed)
                    documents.append(document)
                    if isOpen { visible.append(document) }
                }
                for batch in documents.batches(of: 5) {
                    try await all.publish(batch)
                    if Bool.random(using: &generator) { try await all.index.seal(all.tenant) }
                }
                try await alone.publish(visible.shuffled(using: &generator))
                for word in words {
                    let (left, right) = (try await all.search(word), try await alone.search(word))
                    #expect(
                        try NonInterferenceTests.bytes(left) == NonInterferenceTests.bytes(right), "seed \(seed)")
                }
            }
        }
    }
}

extension IndexBench {
    /// Another tenant in the same database, with a collection of the same name.
    func sibling() async throws -> IndexBench {
        try await IndexBench(
            database: database, directory: directory, blobs: blobs, keyring: keyring, collection: collection)
    }
}
