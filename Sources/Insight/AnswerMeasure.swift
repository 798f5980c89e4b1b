import Foundation

/// Agreement of an answer with references, as SQuAD's own script measures it (Rajpurkar et al. 2016, 2018). Pure.
package enum AnswerMeasure {
    /// Lower case, no ASCII punctuation, no articles, single spaces.
    package static func words(_ text: String) -> [String] {
        let kept = String.UnicodeScalarView(text.lowercased().unicodeScalars.filter { !punctuation.contains($0) })
        return String(kept).split(whereSeparator: \.isWhitespace).map(String.init).filter { !articles.contains($0) }
    }

    /// Harmonic mean of precision and recall over words with their counts; 1 for two empty texts, 0 for one.
    package static func f1(_ found: String, _ reference: String) -> Double {
        let (left, right) = (words(found), words(reference))
        guard !left.isEmpty, !right.isEmpty else { return left == right ? 1 : 0 }
        var counts: [String: Int] = [:]
        for word in right { counts[word, default: 0] += 1 }
        let shared = left.count { word in
            guard let count = counts[word], count > 0 else { return false }
            counts[word] = count - 1
            return true
        }
        return 2 * Double(shared) / Double(left.count + right.count)
    }

    package static func isExact(_ found: String, _ reference: String) -> Bool { words(found) == words(reference) }

    /// The best over all references; `nil` stands for "no answer", which is right when there is no reference.
    package static func f1(_ found: String?, anyOf references: [String]) -> Double {
        guard let found else { return references.isEmpty ? 1 : 0 }
        return references.map { f1(found, $0) }.max() ?? 0
    }

    package static func isExact(_ found: String?, anyOf references: [String]) -> Bool {
        guard let found else { return references.isEmpty }
        return references.contains { isExact(found, $0) }
    }

    private static let punctuation = Set("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~".unicodeScalars)
    private static let articles: Set<String> = ["a", "an", "the"]
}
