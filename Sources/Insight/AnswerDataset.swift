import Foundation

/// Questions beside the paragraph that should answer them: SQuAD 2, PolicyQA, the spans of TAT-QA, PubMedQA.
package struct AnswerDataset: Sendable {
    package struct Question: Sendable {
        package let text: String
        /// The number of the paragraph.
        package let paragraph: Int
        /// What a right answer says; empty when the paragraph does not answer.
        package let references: [String]
    }

    package enum Name: String, CaseIterable, Sendable {
        case squad = "squad2-dev"
        case policies = "policyqa-dev"
        case tables = "tatqa-dev"
        case abstracts = "pubmedqa-dev"
    }

    package let name: Name
    /// All paragraphs of the set, those of training too: they are what a search may find.
    package let paragraphs: [String]
    package let questions: [Question]

    /// - Parameter directory: the folder that holds the folders of the sets.
    package init(_ name: Name, under directory: String) throws {
        var reader = Reader(directory: directory + "/" + name.rawValue)
        switch name {
        case .squad, .policies: try reader.readArticles()
        case .tables: try reader.readTables()
        case .abstracts: try reader.readAbstracts()
        }
        guard !reader.questions.isEmpty else { throw InsightFailure.nothingToEvaluate }
        (self.name, paragraphs, questions) = (name, reader.paragraphs, reader.questions)
    }

    package init(name: Name, paragraphs: [String], questions: [Question]) {
        (self.name, self.paragraphs, self.questions) = (name, paragraphs, questions)
    }

    /// At most `count` of the questions in `split`, evenly from all; a question is of its paragraph's split.
    package func questions(of split: ReaderManifest.Split, in manifest: ReaderManifest, most count: Int) -> [Question] {
        let splits = paragraphs.map(manifest.split)
        let all = questions.filter { splits[$0.paragraph] == split }
        let step = max(1, Double(all.count) / Double(max(count, 1)))
        return (0..<min(count, all.count)).map { all[Int(Double($0) * step)] }
    }
}

private struct Reader {
    let directory: String
    var paragraphs: [String] = []
    var questions: [AnswerDataset.Question] = []

    mutating func readArticles() throws {
        for paragraph in try decode(Articles.self).data.flatMap(\.paragraphs) {
            for entry in paragraph.qas {
                add(entry.question, entry.answers.map(\.text))
            }
            paragraphs.append(paragraph.context)
        }
    }

    /// A span of the text is asked of the text, one of the table of its rows, written as the parsers write them.
    mutating func readTables() throws {
        for report in try decode([Report].self) {
            let table = report.table.table.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
            let texts = report.paragraphs.sorted { $0.order < $1.order }.map(\.text).joined(separator: "\n\n")
            for (context, isText) in [(texts, true), (table, false)] {
                for entry in report.questions where (entry.answer_from == "text") == isText {
                    if let spans = entry.answer?.spans, entry.answer_type == "span" { add(entry.question, spans) }
                }
                paragraphs.append(context)
            }
        }
    }

    /// The reference is the abstract's conclusion, which the paragraph does not contain.
    mutating func readAbstracts() throws {
        for (_, abstract) in try decode([String: Abstract].self).sorted(by: { $0.key < $1.key }) {
            add(abstract.QUESTION, [abstract.LONG_ANSWER])
            paragraphs.append(abstract.CONTEXTS.joined(separator: "\n\n"))
        }
    }

    private mutating func add(_ question: String, _ references: [String]) {
        questions.append(
            AnswerDataset.Question(text: question, paragraph: paragraphs.count, references: references))
    }

    private func decode<Form: Decodable>(_ form: Form.Type) throws -> Form {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        guard let file = names.sorted().first(where: { $0.hasSuffix(".json") || $0.hasSuffix(".json.gz") }) else {
            throw InsightFailure.unreadable(path: directory)
        }
        let text = try DatasetFile.text(directory + "/" + file)
        do { return try JSONDecoder().decode(form, from: Data(text.utf8)) } catch {
            throw InsightFailure.malformed(file: file, line: 1)
        }
    }
}

private struct Articles: Decodable {
    struct Article: Decodable { let paragraphs: [Paragraph] }
    struct Paragraph: Decodable {
        let context: String
        let qas: [Entry]
    }
    struct Entry: Decodable {
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

    let data: [Article]
}

/// Names are those of the file.
private struct Report: Decodable {
    struct Table: Decodable { let table: [[String]] }
    struct Text: Decodable {
        let order: Int
        let text: String
    }
    struct Entry: Decodable {
        let question: String
        let answer: Spans?
        let answer_type: String
        let answer_from: String
    }
    /// Numbers, which are computed and stand nowhere, have no spans.
    struct Spans: Decodable {
        let spans: [String]?
        init(from decoder: any Decoder) throws { spans = try? decoder.singleValueContainer().decode([String].self) }
    }

    let table: Table
    let paragraphs: [Text]
    let questions: [Entry]
}

/// Names are those of the file.
private struct Abstract: Decodable {
    let QUESTION: String
    let CONTEXTS: [String]
    let LONG_ANSWER: String
}
