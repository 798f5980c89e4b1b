import Documents
import Foundation
import Library

/// Long documents with questions and the place of each answer: SQuAD (Rajpurkar et al. 2018) and what has its form.
///
/// Reads the first `*.json` or `*.json.gz` of a folder with `data[].title`, `.paragraphs[].context` and
/// `.qas[].question, .answers[]`, an answer being a text or an object with a `text`. An article is one document: its
/// paragraphs are much shorter than a chunk.
package struct QuestionDataset: Sendable {
    package struct Question: Sendable {
        package let text: String
        /// The number of the document.
        package let document: Int
        /// The sentence with the answer: byte offsets in the document's text.
        package let evidence: Range<Int>
    }

    package let name: String
    package let documents: [ParsedDocument]
    package let questions: [Question]

    package init(directory: String) throws {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        guard let file = names.sorted().first(where: { $0.hasSuffix(".json") || $0.hasSuffix(".json.gz") }) else {
            throw InsightFailure.unreadable(path: directory)
        }
        let text = try DatasetFile.text(directory + "/" + file)
        guard let form = try? JSONDecoder().decode(Form.self, from: Data(text.utf8)) else {
            throw InsightFailure.malformed(file: file, line: 1)
        }
        var (documents, questions): ([ParsedDocument], [Question]) = ([], [])
        for article in form.data {
            guard let document = try? article.document else { continue }
            questions += article.questions(in: document, number: documents.count)
            documents.append(document)
        }
        guard !questions.isEmpty else { throw InsightFailure.nothingToEvaluate }
        (name, self.documents, self.questions) = (URL(filePath: directory).lastPathComponent, documents, questions)
    }

    private init(name: String, documents: [ParsedDocument], questions: [Question]) {
        (self.name, self.documents, self.questions) = (name, documents, questions)
    }

    /// At most `count` questions, evenly from all documents.
    package func sample(questions count: Int) -> QuestionDataset {
        let step = max(1, Double(questions.count) / Double(max(count, 1)))
        let chosen = (0..<min(count, questions.count)).map { questions[Int(Double($0) * step)] }
        return QuestionDataset(name: name, documents: documents, questions: chosen)
    }
}

private struct Form: Decodable {
    let data: [Article]
}

private struct Article: Decodable {
    struct Paragraph: Decodable {
        let context: String
        let qas: [Question]

        var words: String { context.onOneLine }
    }

    struct Question: Decodable {
        let question: String
        let answers: [Answer]
    }

    struct Answer: Decodable {
        let text: String

        private enum Keys: CodingKey { case text }

        init(from decoder: any Decoder) throws {
            if let text = try? decoder.singleValueContainer().decode(String.self) {
                self.text = text
            } else {
                text = try decoder.container(keyedBy: Keys.self).decode(String.self, forKey: .text)
            }
        }
    }

    let title: String
    let paragraphs: [Paragraph]

    private var shown: [Paragraph] { paragraphs.filter { !$0.words.isEmpty } }

    /// A block for each paragraph.
    var document: ParsedDocument {
        get throws {
            let text = shown.map(\.words).joined(separator: "\n\n")
            let name = title.replacing("_", with: " ")
            return try DocumentParser.parse(SourceFile(bytes: Array(text.utf8), name: name, format: .plain))
        }
    }

    /// Those with an answer that stands in the paragraph.
    func questions(in document: ParsedDocument, number: Int) -> [QuestionDataset.Question] {
        zip(shown, document.blocks).flatMap { paragraph, block in
            paragraph.qas.compactMap { entry in
                let answers = entry.answers.lazy.map { Array($0.text.onOneLine.utf8) }.filter { !$0.isEmpty }
                let places = answers.compactMap { document.text[block.range].firstRange(of: $0) }
                guard let place = places.first else { return nil }
                return QuestionDataset.Question(
                    text: entry.question, document: number,
                    evidence: Self.sentence(around: place, in: block.range, of: document.text))
            }
        }
    }

    private static func sentence(around place: Range<Int>, in block: Range<Int>, of text: [UInt8]) -> Range<Int> {
        let starts = SentenceStarts.inside(block, of: text)
        let start = starts.last { $0 <= place.lowerBound } ?? block.lowerBound
        var end = starts.first { $0 >= place.upperBound } ?? block.upperBound
        while end > place.upperBound, text[end - 1] <= 0x20 { end -= 1 }
        return start..<end
    }
}

extension String {
    fileprivate var onOneLine: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
