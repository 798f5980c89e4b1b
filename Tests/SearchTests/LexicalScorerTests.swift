import Access
import Foundation
import Kit
import TestKit
import Testing

@testable import Search

/// BM25 against numbers worked out by hand.
@Suite struct LexicalScorerTests {
    private let corpus = SmallCorpus(["alpha beta", "alpha alpha gamma gamma", "delta"])

    @Test func `the idf of Lucene, never negative`() {
        // ln(1 + (3 - 2 + 0.5) / (2 + 0.5)) = ln 1.6; in every chunk: ln(1 + 0.5 / 3.5).
        #expect(abs(LexicalScorer.idf(chunks: 3, with: 2) - 0.470_003_629_245_736) < 1e-12)
        #expect(abs(LexicalScorer.idf(chunks: 3, with: 3) - 0.133_531_392_624_523) < 1e-12)
    }

    @Test func `a score is the sum of its addends`() throws {
        // averageTerms 2, k1 1.2, b 0.75; alpha: df 2, idf ln 1.6.
        // First chunk: length 2, tf 1: 2.2 / (1 + 1.2 * 1) = 1, so the score is ln 1.6.
        // Second: length 4, tf 2: 2 * 2.2 / (2 + 1.2 * (0.25 + 1.5)) = 4.4 / 4.1.
        let hits = try corpus.search("alpha")
        #expect(hits.count == 2)
        #expect(abs(hits[0].score - 0.470_003_629_245_736 * 4.4 / 4.1) < 1e-12)
        #expect(abs(hits[1].score - 0.470_003_629_245_736) < 1e-12)
    }

    @Test func `a term twice in the query counts twice`() throws {
        let (once, twice) = (try corpus.search("beta"), try corpus.search("beta beta"))
        #expect(twice[0].score == 2 * once[0].score)
    }

    @Test func `an explanation adds up and shows the allowed set only`() throws {
        let hit = try #require(try corpus.search("alpha gamma nowhere").first)
        let lexical = try #require(hit.explanation?.lexical)
        #expect(lexical.chunks == 3)
        #expect(lexical.length == 4)
        #expect(lexical.terms.map(\.term) == ["alpha", "gamma"])
        #expect(lexical.terms.map(\.chunks) == [2, 1])
        #expect(lexical.terms.map(\.frequency) == [2, 2])
        #expect(lexical.terms.reduce(0) { $0 + $1.contribution } == hit.score)
        #expect(hit.explanation?.access.contains("everyone") == true)
    }

    @Test func `an exact part number beats its parts`() throws {
        let corpus = SmallCorpus(["AB 123 rev 7 AB 123 7", "torque of AB-123/7 and others in this longer text", "AB"])
        #expect(try corpus.search("AB-123/7").first?.document == corpus.documents[1])
    }
}

/// A handful of texts that everybody may read.
struct SmallCorpus {
    let documents: [DocumentID]
    private let live: LiveIndex
    private let world: RandomWorld
    private let reader: Principal

    init(_ texts: [String], vectors: [[[Float]]] = [], settings change: (inout SearchSettings) -> Void = { _ in }) {
        var settings = SearchSettings()
        (settings.dimensions, settings.encoder, settings.averageTerms) = (16, "test", 2)
        change(&settings)
        var world = RandomWorld(seed: 7)
        let everyone = EffectiveACL(constraints: [ACLConstraint(allow: [.everyone])], label: .public)
        let entries = texts.enumerated().map { index, text in
            let document = IndexedDocument(
                document: DocumentID(high: 1, low: UInt64(index)), version: world.randomIdentifier(),
                collection: world.collections[0], acl: everyone.id,
                chunks: [
                    IndexedChunk(
                        ordinal: 0, start: 0, end: text.utf8.count, text: Array(text.utf8),
                        vectors: index < vectors.count ? vectors[index] : [])
                ]
            )
            // Within every bound.
            let bytes = try! EntryWriter(analyser: world.analyser, settings: settings).bytes(of: document)
            return StoredEntry(
                document: document.document, version: document.version, collection: document.collection, sequence: 1,
                bytes: bytes
            )
        }
        var live = LiveIndex(settings: settings)
        let rows = entries.map {
            LiveRow(
                document: $0.document, version: $0.version, collection: $0.collection, acl: everyone.id, sequence: 1)
        }
        // The entries were just written.
        _ = try! live.apply(live: rows, removed: [], entries: entries, acls: [everyone.id: everyone])
        documents = entries.map(\.document)
        self.live = live
        self.world = world
        reader = world.readers[0]
    }

    func search(_ text: String, vector: [Float]? = nil, mode: SearchMode = .lexical) throws -> [SearchHit] {
        let query = SearchQuery(text: text, vector: vector, mode: mode, limit: 10, explain: true)
        return QueryPlan(snapshot: live.snapshot(), query: query, reader: reader, settings: live.settings)
            .run(world.analyser).hits
    }
}
