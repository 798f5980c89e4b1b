import Foundation

/// A question with its answer key, as `Examples/hospital/questions.jsonl` has them.
package struct KeyedQuestion: Decodable, Sendable {
    package enum Expectation: String, Decodable, Sendable { case answer, decline }

    package struct Evidence: Decodable, Sendable {
        package let document: String
    }

    package let id: String
    package let kind: String
    package let persona: String
    package let question: String
    package let expect: Expectation
    /// Each of these is right.
    package let answers: [String]
    package let must_contain: [String]
    package let must_not_contain: [String]
    package let evidence: [Evidence]
    /// The question asked just before, in the same conversation.
    package let follows: String?

    package static func read(_ path: String) throws -> [KeyedQuestion] { try DatasetFile.lines(path) }

    /// What an answer is worth. `text` is all of its sentences; nil when it was declined.
    package func verdict(on text: String?) -> Verdict {
        guard let text else { return expect == .decline ? .rightlyDeclined : .wronglyDeclined }
        guard expect == .answer else { return .shouldHaveDeclined }
        let said = Words(text)
        if must_not_contain.contains(where: said.hold) { return .wrong }
        let isRight = answers.contains(where: said.hold) && must_contain.allSatisfy(said.hold)
        return isRight ? .right : .wrong
    }

    package enum Verdict: String, Codable, Sendable, CaseIterable {
        case right
        case rightlyDeclined = "rightly_declined"
        case wrong
        case wronglyDeclined = "wrongly_declined"
        case shouldHaveDeclined = "should_have_declined"

        package var isRight: Bool { self == .right || self == .rightlyDeclined }
    }
}

/// A text in which whole words are looked for, whatever their case and the white space between them.
private struct Words {
    private let text: String

    init(_ text: String) { self.text = " " + Self.folded(text) + " " }

    func hold(_ part: String) -> Bool {
        let wanted = Self.folded(part)
        return !wanted.isEmpty && text.contains(" \(wanted) ")
    }

    /// Letters, digits and the signs between them; the rest is one space.
    private static func folded(_ text: String) -> String {
        let scalars = Array(text.lowercased().unicodeScalars)
        var folded = ""
        for (index, scalar) in scalars.enumerated() {
            let isInner =
                ".,:/'’%€$".unicodeScalars.contains(scalar) && index > 0 && index + 1 < scalars.count
                && CharacterSet.alphanumerics.contains(scalars[index - 1])
                && CharacterSet.alphanumerics.contains(scalars[index + 1])
            if CharacterSet.alphanumerics.contains(scalar) || isInner {
                folded.unicodeScalars.append(scalar)
            } else if folded.last != " " {
                folded.append(" ")
            }
        }
        return folded.trimmingCharacters(in: .whitespaces)
    }
}
