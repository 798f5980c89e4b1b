import Encoder
import Foundation
import Search

/// What one evaluation measured, with everything needed to repeat it. `table` is for people, the JSON for tools.
package struct RetrievalReport: Codable, Sendable {
    /// The means over all queries of one mode.
    package struct Row: Codable, Sendable {
        package let mode: SearchMode
        package let nDCG10: Double
        package let recall100: Double
        package let mrr10: Double
        /// Wall-clock time of the index alone, without the encoder, at 100 hits.
        package let millisecondsMedian: Double
        package let millisecondsP95: Double
    }

    package struct Setup: Codable, Sendable {
        package let dataset: String
        package let documents: Int
        package let queries: Int
        package let windows: Int
        /// Tokens that lie in a window, of all: anything below 1 would be silent truncation.
        package let shareEmbedded: Double
        package let encoder: EncoderIdentity
        package let fusion: FusionMethod
        package let denseShare: Double
        package let termSaturation: Double
        package let lengthPenalty: Double
        package let averageTerms: Double
        package let processor: String
        package let processors: Int
        package let embeddingSeconds: Double
    }

    package let setup: Setup
    package let rows: [Row]

    package func row(_ mode: SearchMode) -> Row? { rows.first { $0.mode == mode } }

    package var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    package var table: String {
        var lines = ["mode     nDCG@10  recall@100  MRR@10  query p50  query p95"]
        for row in rows {
            let name = row.mode.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0)
            lines.append(
                name
                    + String(
                        format: " %7.4f  %10.4f  %6.4f  %6.2f ms  %6.2f ms", row.nDCG10, row.recall100, row.mrr10,
                        row.millisecondsMedian, row.millisecondsP95))
        }
        let setup = setup
        lines += [
            "",
            "\(setup.dataset): \(setup.documents) documents, \(setup.queries) queries, \(setup.windows) windows,",
            String(format: "%.1f %% of the text embedded in %.1f s", setup.shareEmbedded * 100, setup.embeddingSeconds),
            "encoder \(setup.encoder.name), \(setup.encoder.precision), \(setup.encoder.tokenizer)",
            "fusion \(setup.fusion.rawValue), dense share \(setup.denseShare), BM25 k1 \(setup.termSaturation), "
                + "b \(setup.lengthPenalty), average length \(setup.averageTerms)",
            "\(setup.processor), \(setup.processors) processors",
        ]
        return lines.joined(separator: "\n")
    }
}
