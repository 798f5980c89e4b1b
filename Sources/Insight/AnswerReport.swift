import Encoder
import Foundation

/// What `cloister eval answers` measured. `table` is for people, the JSON for tools.
package struct AnswerReport: Codable, Sendable {
    /// How a question meets text: its own paragraph, or what the product's search finds among all of the set.
    package enum Setting: String, Codable, Sendable {
        case given, open
    }

    /// The reader that ships, and what it is measured against: the sentence with the best cosine.
    package enum Reader: String, Codable, Sendable, CaseIterable {
        case head, cosine
    }

    /// One reader in one setting. Shares are 0 ... 1; NaN-free: 0 where there was nothing to count.
    package struct Row: Codable, Sendable {
        package let set: String
        package let setting: Setting
        package let reader: Reader
        package let questions: Int
        /// Of `questions`, those that their paragraph answers.
        package let answerable: Int
        /// Over all questions; a declined unanswerable one counts 1.
        package let f1: Double
        package let exact: Double
        /// Of the words given to answerable questions, declined or not.
        package let answerF1: Double
        /// The best sentence holds a reference, over answerable questions, declined or not.
        package let sentence: Double
        /// Of the declined ones, those without answer; of those without answer, the declined ones.
        package let declinePrecision: Double
        package let declineRecall: Double
        /// Of the answerable ones, the declined ones.
        package let falseDeclines: Double
        /// Chosen on the tuning split of the same set and setting.
        package let threshold: Double
        package let millisecondsMedian: Double
        package let millisecondsP95: Double
    }

    /// PubMedQA: the sentence of the abstract that says most of its conclusion, among the first 1 and 3 of a reader.
    package struct Evidence: Codable, Sendable {
        package let set: String
        package let reader: Reader
        package let questions: Int
        package let recall1: Double
        package let recall3: Double
        package let millisecondsMedian: Double
    }

    package let rows: [Row]
    package let evidence: [Evidence]
    /// Questions whose paragraph the reader was trained on: not asked.
    package let refused: Int
    package let encoder: EncoderIdentity

    package func row(_ setting: Setting, _ reader: Reader) -> Row? {
        rows.first { $0.setting == setting && $0.reader == reader }
    }

    package var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    package var table: String {
        var lines: [String] = []
        if !rows.isEmpty {
            lines.append(
                "set           setting  reader  questions     F1     EM  answer F1  sentence  decline P      R"
                    + "  false declines  threshold   p50 ms   p95 ms")
        }
        lines += rows.map { row in
            pad(row.set, 14) + pad(row.setting.rawValue, 9) + pad(row.reader.rawValue, 6)
                + String(
                    format: " %10d  %5.3f  %5.3f  %9.3f  %8.3f  %9.3f  %5.3f  %14.3f  %9.2f  %7.1f  %7.1f",
                    row.questions,
                    row.f1, row.exact, row.answerF1, row.sentence, row.declinePrecision, row.declineRecall,
                    row.falseDeclines,
                    row.threshold, row.millisecondsMedian, row.millisecondsP95)
        }
        if !evidence.isEmpty {
            lines.append("set           reader  questions  evidence@1  evidence@3   p50 ms")
        }
        lines += evidence.map { row in
            pad(row.set, 14) + pad(row.reader.rawValue, 6)
                + String(
                    format: " %10d  %10.3f  %10.3f  %7.1f", row.questions, row.recall1, row.recall3,
                    row.millisecondsMedian)
        }
        lines += [
            "",
            "\(refused) questions were refused: the reader was trained on their paragraphs. Thresholds are chosen on",
            "the tuning split, figures are of the report split. encoder \(encoder.name), \(encoder.precision)",
        ]
        return lines.joined(separator: "\n")
    }

    private func pad(_ text: String, _ width: Int) -> String {
        text.padding(toLength: width, withPad: " ", startingAt: 0)
    }
}
