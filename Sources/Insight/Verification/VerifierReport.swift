import Answers
import Foundation

/// What `cloister eval verifier` measured. `table` is for people, the JSON for tools.
package struct VerifierReport: Codable, Sendable {
    /// One set: how well "supported" is said.
    package struct Row: Codable, Sendable {
        package let set: String
        package let statements: Int
        /// Statements that are true.
        package let support: Int
        /// Of those that were let through, how many are true; nil when none was.
        package let precision: Double?
        /// Of the true ones, how many were let through.
        package let recall: Double
        package let kinds: [Kind]
    }

    package struct Kind: Codable, Sendable {
        package let kind: String
        package let isTrue: Bool
        package let statements: Int
        /// Let through as quoted or supported.
        package let accepted: Int
        /// Why the others were withheld.
        package let faults: [String: Int]
    }

    package let threshold: Double
    package let millisecondsPerStatement: Double
    package let rows: [Row]

    package init(_ results: [VerifierEvaluation.Result], threshold: Double, seconds: Double) {
        self.threshold = threshold
        millisecondsPerStatement = seconds * 1000 / Double(max(results.count, 1))
        let sets = Dictionary(grouping: results, by: \.statement.set)
        rows = sets.keys.sorted().map { Row(set: $0, sets[$0] ?? []) }
    }

    package var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    package var table: String {
        var lines = ["set             statements   true  precision  recall"]
        for row in rows {
            let precision = row.precision.map { String(format: "%9.3f", $0) } ?? "        -"
            lines.append(
                row.set.padding(toLength: 14, withPad: " ", startingAt: 0)
                    + String(format: "  %10d  %5d  ", row.statements, row.support) + precision
                    + String(format: "  %6.3f", row.recall))
            for kind in row.kinds {
                let faults = kind.faults.sorted { $0.value > $1.value }.map { "\($0.key) \($0.value)" }
                lines.append(
                    "  " + kind.kind.padding(toLength: 20, withPad: " ", startingAt: 0)
                        + (kind.isTrue ? "true   " : "false  ")
                        + "let through \(kind.accepted) of \(kind.statements)   \(faults.joined(separator: ", "))")
            }
        }
        lines += ["", String(format: "threshold %.2f, %.1f ms a statement", threshold, millisecondsPerStatement)]
        return lines.joined(separator: "\n")
    }
}

extension VerifierReport.Row {
    fileprivate init(set: String, _ results: [VerifierEvaluation.Result]) {
        let accepted = results.filter(\.isAccepted)
        let right = accepted.count(where: \.statement.isTrue)
        let support = results.count(where: \.statement.isTrue)
        let kinds = Dictionary(grouping: results, by: \.statement.kind)
        self.init(
            set: set, statements: results.count, support: support,
            precision: accepted.isEmpty ? nil : Double(right) / Double(accepted.count),
            recall: support == 0 ? 0 : Double(right) / Double(support),
            kinds: kinds.keys.sorted().map { VerifierReport.Kind(kind: $0, kinds[$0] ?? []) })
    }
}

extension VerifierReport.Kind {
    fileprivate init(kind: String, _ results: [VerifierEvaluation.Result]) {
        var faults: [String: Int] = [:]
        for result in results {
            if case .unsupported(let fault) = result.assessment.verdict { faults[fault.rawValue, default: 0] += 1 }
        }
        self.init(
            kind: kind, isTrue: results.first?.statement.isTrue ?? false, statements: results.count,
            accepted: results.count(where: \.isAccepted), faults: faults)
    }
}
