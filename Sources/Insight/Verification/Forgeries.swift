import Answers
import Documents
import Foundation

/// Statements made from true sentences of a corpus by seeded changes, and honest ones beside them.
///
/// A verifier that withholds everything would catch them all: the honest ones say what that costs.
package struct Forgeries: Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        /// A sentence of the cited passage, as it is.
        case verbatim
        /// One with an introduction, without its bracketed part, or joined with its neighbour by "; and".
        case reworded
        /// A sentence of another text of the corpus.
        case fabrication
        /// The beginning of one sentence and the end of another, in quotation marks or without.
        case stitched
        /// A true sentence under the number of a passage that does not have it.
        case wrongSource
        case changedNumber
        case changedName
        /// "Not" put in or taken out.
        case negated

        var isTrue: Bool { self == .verbatim || self == .reworded }
    }

    /// Articles of paragraphs.
    private let articles: [[String]]
    private let name: String

    /// - Parameter half: 0 or 1: every other article, so that what is fitted on one half is reported on the other.
    package init(squad directory: String, half: Int) throws {
        name = URL(filePath: directory).lastPathComponent
        let documents = try QuestionDataset(directory: directory).documents.enumerated()
        articles = documents.filter { $0.offset % 2 == half }.map(\.element).map { document in
            document.blocks.filter { $0.kind == .paragraph }.map {
                String(decoding: document.text[$0.range], as: UTF8.self)
            }
        }.filter { $0.count >= 3 }
        guard articles.count >= 2 else { throw InsightFailure.nothingToEvaluate }
    }

    /// `count` of each kind.
    package func cases(_ count: Int, seed: UInt64) -> [StatementCase] {
        var random = SeededGenerator(seed: seed)
        return Kind.allCases.flatMap { kind in
            var made: [StatementCase] = []
            var tries = 0
            while made.count < count, tries < count * 50 {
                tries += 1
                if let one = forge(kind, &random) { made.append(one) }
            }
            return made
        }
    }

    private func forge(_ kind: Kind, _ random: inout SeededGenerator) -> StatementCase? {
        let article = Int.random(in: 0..<articles.count, using: &random)
        let passages = articles[article].shuffled(using: &random).prefix(3).map(\.self)
        let sentences = Self.sentences(of: passages[0])
        guard let sentence = sentences.randomElement(using: &random), sentence.count < 400 else { return nil }
        guard let statement = statement(kind, sentence, sentences, passages, article, &random) else { return nil }
        return StatementCase(
            set: name, kind: kind.rawValue, statement: statement + (kind == .wrongSource ? " [2]" : " [1]"),
            texts: passages, isTrue: kind.isTrue)
    }

    private func statement(
        _ kind: Kind, _ sentence: String, _ sentences: [String], _ passages: [String], _ article: Int,
        _ random: inout SeededGenerator
    ) -> String? {
        switch kind {
        case .verbatim: return sentence
        case .reworded: return Self.reworded(sentence, sentences, &random)
        case .fabrication:
            // Half of them about the same matter.
            let other = Bool.random(using: &random) ? article : Int.random(in: 0..<articles.count, using: &random)
            let paragraph = articles[other].randomElement(using: &random) ?? ""
            guard !passages.contains(paragraph) else { return nil }
            return Self.sentences(of: paragraph).randomElement(using: &random)
        case .stitched: return Self.stitched(sentences, &random)
        case .wrongSource: return passages[1].contains(sentence) ? nil : sentence
        case .changedNumber: return Self.changedNumber(sentence, in: passages[0], &random)
        case .changedName: return Self.changedName(sentence, in: passages[0], &random)
        case .negated: return Self.negated(sentence)
        }
    }

    private static func sentences(of text: String) -> [String] {
        let bytes = Array(text.utf8)
        return SentenceSplitter.pieces(in: bytes, range: bytes.indices).map {
            String(decoding: bytes[$0], as: UTF8.self)
        }.filter { $0.split(separator: " ").count >= 6 }
    }

    private static func reworded(
        _ sentence: String, _ sentences: [String], _ random: inout SeededGenerator
    ) -> String? {
        switch Int.random(in: 0..<3, using: &random) {
        case 0: return "According to the passage, " + sentence
        case 1:
            guard let open = sentence.firstIndex(of: "("), let close = sentence[open...].firstIndex(of: ")") else {
                return nil
            }
            return sentence.replacingCharacters(in: open...close, with: "").replacing("  ", with: " ")
        default:
            guard let index = sentences.firstIndex(of: sentence), index + 1 < sentences.count else { return nil }
            return sentence.trimmingCharacters(in: ["."]) + "; and " + sentences[index + 1]
        }
    }

    private static func stitched(_ sentences: [String], _ random: inout SeededGenerator) -> String? {
        guard sentences.count >= 2 else { return nil }
        let pair = sentences.shuffled(using: &random).prefix(2).map { $0.split(separator: " ") }
        guard pair.allSatisfy({ $0.count >= 10 }) else { return nil }
        let joined = (pair[0].prefix(pair[0].count / 2) + pair[1].suffix(pair[1].count / 2)).joined(separator: " ")
        return Bool.random(using: &random) ? "The passage says \"\(joined)\"" : joined
    }

    private static func changedNumber(
        _ sentence: String, in passage: String, _ random: inout SeededGenerator
    ) -> String? {
        let numbers = sentence.split(separator: " ").filter { word in
            !word.isEmpty && word.utf8.allSatisfy { $0 &- 48 < 10 }
        }
        guard let chosen = numbers.randomElement(using: &random), let value = Int(chosen) else { return nil }
        let other = String(value + Int.random(in: 1...max(2, min(value, 40)), using: &random))
        guard !passage.contains(other) else { return nil }
        return sentence.split(separator: " ").map { $0 == chosen ? other[...] : $0 }.joined(separator: " ")
    }

    private static let names = [
        "Ferdinand", "Ottawa", "Kessler", "Marburg", "Lindqvist", "Bergamo", "Okafor", "Tanaka", "Valencia", "Novak",
    ]

    private static func changedName(
        _ sentence: String, in passage: String, _ random: inout SeededGenerator
    ) -> String? {
        let words = sentence.split(separator: " ")
        let named = words.dropFirst().filter { word in
            word.count > 3 && word.first?.isUppercase == true && word.allSatisfy(\.isLetter)
        }
        guard let chosen = named.randomElement(using: &random), let other = names.randomElement(using: &random),
            !passage.contains(other)
        else { return nil }
        return words.map { $0 == chosen ? other[...] : $0 }.joined(separator: " ")
    }

    private static func negated(_ sentence: String) -> String? {
        for verb in [" is ", " was ", " are ", " were ", " can ", " will ", " has been "] {
            guard let place = sentence.range(of: verb) else { continue }
            let rest = sentence[place.upperBound...]
            if rest.hasPrefix("not ") {
                return String(sentence[..<place.upperBound]) + rest.dropFirst(4)
            }
            return String(sentence[..<place.upperBound]) + "not " + rest
        }
        return nil
    }
}

/// SplitMix64 (Steele et al. 2014): the same numbers everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
