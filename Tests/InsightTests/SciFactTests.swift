import Encoder
import Foundation
import Kit
import Search
import TestKit
import Testing

@testable import Insight

/// The goal of the product on public data, with the real encoder and the real index.
///
/// `CLOISTER_SCIFACT=full` evaluates all 5,183 abstracts, minutes of embedding; otherwise a sample shows that the whole
/// path works.
@Suite(.enabled(if: TestEnvironment.evaluationData != nil)) struct SciFactTests {
    static let isFull = ProcessInfo.processInfo.environment["CLOISTER_SCIFACT"] == "full"

    private static var directory: String { (TestEnvironment.evaluationData ?? "") + "/scifact" }

    @Test func `the data set is read whole`() throws {
        let dataset = try SciFactDataset(directory: Self.directory)
        #expect(dataset.abstracts.count == 5_183)
        #expect(dataset.claims.count == 300)
        #expect(dataset.claims.reduce(0) { $0 + $1.relevant.count } == 339)
    }

    @Test func `a missing data set is named`() {
        #expect(throws: InsightFailure.unreadable(path: "/nowhere/corpus.jsonl.gz")) {
            try SciFactDataset(directory: "/nowhere")
        }
    }

    @Test func `fused retrieval reaches the goal and beats both of its parts`() async throws {
        let encoder = try Encoder(directory: TestEnvironment.encoderDirectory)
        defer { encoder.close() }
        var dataset = try SciFactDataset(directory: Self.directory)
        if !Self.isFull { dataset = dataset.sample(claims: 40, abstracts: 160) }
        let report = try await RetrievalEvaluation(encoder: encoder).run(on: dataset)
        print(report.table)
        let (dense, lexical, fused) = (
            try #require(report.row(.dense)), try #require(report.row(.lexical)), try #require(report.row(.fused))
        )
        #expect(report.setup.shareEmbedded == 1)
        #expect(try !report.json.isEmpty)
        #expect(fused.nDCG10 >= 0.71)
        if Self.isFull {
            #expect(fused.nDCG10 > dense.nDCG10 && fused.nDCG10 > lexical.nDCG10)
            #expect(fused.recall100 >= 0.93)
        }
    }
}
