import Documents
import Foundation

/// What `cloister eval parsing` prints.
package struct ParsingReport: Sendable {
    private let outcomes: [ParsingEvaluation.Outcome]

    init(outcomes: [ParsingEvaluation.Outcome]) { self.outcomes = outcomes }

    /// One line a kind of file, then failures by reason, the slowest file and the one that took most memory.
    package var table: String {
        let kinds = Dictionary(grouping: outcomes, by: \.kind)
        var lines = ["kind         files  read  recall   order  peers (recall order)"]
        for (kind, group) in kinds.sorted(by: { $0.key < $1.key }) { lines.append(line(kind, group)) }
        lines.append("")
        let failures = Dictionary(grouping: outcomes.filter { $0.failure != nil }) { $0.failure?.rawValue ?? "" }
        for (reason, group) in failures.sorted(by: { $0.key < $1.key }) {
            lines.append("\(reason): \(group.count) (\(group.map(\.name).prefix(4).joined(separator: ", ")))")
        }
        if let slowest = outcomes.max(by: { $0.seconds < $1.seconds }) {
            lines.append("slowest: \(Self.number(slowest.seconds)) s, \(slowest.name)")
        }
        if let largest = outcomes.max(by: { $0.workerMebibytes < $1.workerMebibytes }) {
            lines.append("worst memory of a worker: \(largest.workerMebibytes) MiB, \(largest.name)")
        }
        return lines.joined(separator: "\n")
    }

    private func line(_ kind: String, _ group: [ParsingEvaluation.Outcome]) -> String {
        let own = Self.means(group.compactMap(\.agreement))
        let names = Set(group.flatMap { $0.peers.keys }).sorted()
        let peers = names.map { name in "\(name) \(Self.means(group.compactMap { $0.peers[name] }))" }
        let read = group.count { $0.failure == nil }
        return Self.padded(kind, 12) + Self.right(group.count, 6) + Self.right(read, 6) + "   " + own + "  "
            + peers.joined(separator: ", ")
    }

    private static func means(_ agreements: [TextAgreement]) -> String {
        guard !agreements.isEmpty else { return "    -       -" }
        let count = Double(agreements.count)
        return number(agreements.reduce(0) { $0 + $1.recall } / count) + "   "
            + number(agreements.reduce(0) { $0 + $1.order } / count)
    }

    private static func number(_ value: Double) -> String { String(format: "%.3f", value) }
    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
    private static func right(_ number: Int, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - String(number).count)) + String(number)
    }

    package var json: String {
        get throws {
            let rows = outcomes.map { outcome in
                Row(
                    file: outcome.name, failure: outcome.failure?.rawValue, recall: outcome.agreement?.recall,
                    order: outcome.agreement?.order, seconds: outcome.seconds,
                    workerMebibytes: outcome.workerMebibytes)
            }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            return String(decoding: try encoder.encode(rows), as: UTF8.self)
        }
    }

    private struct Row: Encodable {
        let file: String
        let failure: String?
        let recall: Double?
        let order: Double?
        let seconds: Double
        let workerMebibytes: Int
    }
}
