import Encoder
import Foundation
import Library

/// What `cloister eval chunking` measured. `table` is for people, the JSON for tools.
package struct ChunkingReport: Codable, Sendable {
    /// One strategy; the first four numbers are means over all questions, 0 ... 1.
    package struct Row: Codable, Sendable {
        package let strategy: ChunkingStrategy
        /// The sentence with the answer stands whole in one of the first ten chunks.
        package let recall10: Double
        package let nDCG10: Double
        /// It stands in the best chunks that fit a context of `Setup.contextTokens` together.
        package let recallInContext: Double
        /// It stands whole in any chunk: the most that the others can be.
        package let evidenceWhole: Double
        package let chunks: Int
        /// Of all chunks, what overlaps counted each time.
        package let tokens: Int
        package let windows: Int
        /// Tokens of all windows, with headings and overlap, without what cutting itself embeds.
        package let embeddedTokens: Int
        /// Wall-clock time of cutting, with the vectors of sentences where the strategy needs them.
        package let cuttingSeconds: Double
        package let embeddingSeconds: Double

        /// Of the time for both.
        package var embeddingShare: Double { embeddingSeconds / max(embeddingSeconds + cuttingSeconds, 1e-9) }
    }

    package struct Setup: Codable, Sendable {
        package let dataset: String
        package let documents: Int
        package let questions: Int
        /// Of the documents.
        package let tokens: Int
        package let tokensTarget: Int
        package let tokensOverlap: Int
        package let contextTokens: Int
        package let encoder: EncoderIdentity
    }

    package let setup: Setup
    package let rows: [Row]

    package func row(_ strategy: ChunkingStrategy) -> Row? { rows.first { $0.strategy == strategy } }

    package var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    package var table: String {
        var lines = ["strategy   recall@10  nDCG@10  in context  whole  chunks   tokens  cutting  embedding  share"]
        for row in rows {
            let name = row.strategy.rawValue.padding(toLength: 9, withPad: " ", startingAt: 0)
            lines.append(
                name
                    + String(
                        format: "  %9.4f  %7.4f  %10.4f  %5.3f  %6d  %7d  %5.1f s  %7.1f s  %3.0f %%", row.recall10,
                        row.nDCG10, row.recallInContext, row.evidenceWhole, row.chunks, row.tokens, row.cuttingSeconds,
                        row.embeddingSeconds, row.embeddingShare * 100))
        }
        lines += [
            "",
            "\(setup.dataset): \(setup.documents) documents of \(setup.tokens) tokens, \(setup.questions) questions,",
            "chunks of \(setup.tokensTarget) tokens, overlap \(setup.tokensOverlap), context \(setup.contextTokens);",
            "whole: the sentence with the answer is cut by no border; share: of embedding in the time of both",
            "encoder \(setup.encoder.name), \(setup.encoder.precision), \(setup.encoder.tokenizer)",
        ]
        return lines.joined(separator: "\n")
    }
}
