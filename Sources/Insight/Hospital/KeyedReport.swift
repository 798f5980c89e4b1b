import Foundation

/// What `cloister eval hospital` measured. `table` is for people, the JSON for tools.
package struct KeyedReport: Codable, Sendable {
    package struct Result: Codable, Sendable {
        package let id: String
        package let kind: String
        package let persona: String
        package let question: String
        package let verdict: KeyedQuestion.Verdict
        /// What was said; nil when declined.
        package let said: String?
        /// Places of the documents that were cited.
        package let cited: [String]
        package let milliseconds: Int

        package init(
            _ question: KeyedQuestion, said: String?, cited: [String], milliseconds: Int
        ) {
            id = question.id
            kind = question.kind
            persona = question.persona
            self.question = question.question
            verdict = question.verdict(on: said)
            self.said = said
            self.cited = cited
            self.milliseconds = milliseconds
        }
    }

    package let results: [Result]

    package init(_ results: [Result]) { self.results = results }

    package var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    package var table: String {
        let kinds = Dictionary(grouping: results, by: \.kind)
        var lines = ["kind          questions  right  share"]
        for kind in kinds.keys.sorted() { lines.append(Self.line(kind, kinds[kind] ?? [])) }
        lines.append(Self.line("all", results))
        let toDecline = results.filter { $0.verdict == .rightlyDeclined || $0.verdict == .shouldHaveDeclined }
        let toAnswer = results.filter { ![.rightlyDeclined, .shouldHaveDeclined].contains($0.verdict) }
        lines += [
            "",
            Self.share("declined of those without an answer", toDecline, .rightlyDeclined),
            Self.share("declined of those with an answer", toAnswer, .wronglyDeclined),
            "median \(Self.percentile(results, 0.5)) ms, 95 % \(Self.percentile(results, 0.95)) ms a question",
        ]
        return lines.joined(separator: "\n")
    }

    private static func line(_ name: String, _ results: [Result]) -> String {
        let right = results.count { $0.verdict.isRight }
        return name.padding(toLength: 12, withPad: " ", startingAt: 0)
            + String(format: "  %9d  %5d  %5.3f", results.count, right, Double(right) / Double(max(results.count, 1)))
    }

    private static func share(_ words: String, _ results: [Result], _ verdict: KeyedQuestion.Verdict) -> String {
        let count = results.count { $0.verdict == verdict }
        return String(
            format: "%@: %.3f (%d of %d)", words, Double(count) / Double(max(results.count, 1)), count,
            results.count)
    }

    private static func percentile(_ results: [Result], _ share: Double) -> Int {
        let sorted = results.map(\.milliseconds).sorted()
        return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }
}
