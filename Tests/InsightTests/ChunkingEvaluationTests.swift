import Documents
import Encoder
import Foundation
import Library
import TestKit
import Testing

@testable import Insight

/// On two articles of ours: each fact is said once, in one sentence.
@Suite struct ChunkingEvaluationTests {
    private static let subjects = [
        ("Harbour", ["crane", "anchor", "lighthouse", "ferry", "warehouse", "pilot", "buoy", "dock"]),
        ("Bakery", ["oven", "flour", "yeast", "pretzel", "apprentice", "counter", "sourdough", "mixer"]),
    ]

    /// Paragraphs long enough that an article is several chunks.
    private static func paragraph(_ article: String, _ thing: String, _ number: Int) -> String {
        let talk = "People of the \(article.lowercased()) talk about many a day gone by and what the weather was like. "
        let fact = "The \(thing) was brought to the \(article.lowercased()) in \(1900 + number). "
        return String(repeating: talk, count: 6) + fact + String(repeating: talk, count: 4)
    }

    private static func file(answersAreObjects: Bool) throws -> Data {
        let data = subjects.enumerated().map { article, subject -> [String: Any] in
            let paragraphs = subject.1.enumerated().map { number, thing -> [String: Any] in
                let year = String(1900 + article * 50 + number)
                let answers: [Any] = answersAreObjects ? [["text": year, "answer_start": 0]] : [year]
                let nowhere: [Any] = answersAreObjects ? [["text": "absent"]] : ["absent"]
                return [
                    "context": paragraph(subject.0, thing, article * 50 + number),
                    "qas": [
                        ["question": "When was the \(thing) brought to the \(subject.0)?", "answers": answers],
                        ["question": "Who built it?", "answers": [Any]()],
                        ["question": "What is not said?", "answers": nowhere],
                    ],
                ]
            }
            return ["title": subject.0, "paragraphs": paragraphs + [["context": " \n ", "qas": [Any]()]]]
        }
        return try JSONSerialization.data(withJSONObject: ["data": data])
    }

    private func dataset(answersAreObjects: Bool = false) async throws -> QuestionDataset {
        try await TestEnvironment.withTemporaryDirectory { directory in
            let bytes = try Self.file(answersAreObjects: answersAreObjects)
            try bytes.write(to: URL(filePath: directory + "/dev.json"))
            return try QuestionDataset(directory: directory)
        }
    }

    @Test(arguments: [false, true])
    func `an article is a document, evidence a sentence`(answersAreObjects: Bool) async throws {
        let dataset = try await dataset(answersAreObjects: answersAreObjects)
        #expect(dataset.documents.map(\.title) == ["Harbour", "Bakery"])
        #expect(dataset.documents.allSatisfy { $0.blocks.count == 8 })
        #expect(dataset.questions.count == 16)
        let question = dataset.questions[9]
        let text = dataset.documents[question.document].text[question.evidence]
        #expect(question.text == "When was the flour brought to the Bakery?")
        #expect(String(decoding: text, as: UTF8.self) == "The flour was brought to the bakery in 1951.")
        #expect(dataset.sample(questions: 4).questions.map(\.document) == [0, 0, 1, 1])
        #expect(dataset.sample(questions: 1_000).questions.count == 16)
    }

    @Test func `a data set that is not there or of another form is named`() async throws {
        #expect(throws: InsightFailure.unreadable(path: "/nowhere")) { try QuestionDataset(directory: "/nowhere") }
        try await TestEnvironment.withTemporaryDirectory { directory in
            try Data("{}".utf8).write(to: URL(filePath: directory + "/a.json"))
            #expect(throws: InsightFailure.malformed(file: "a.json", line: 1)) {
                try QuestionDataset(directory: directory)
            }
            try Data(#"{"data": []}"#.utf8).write(to: URL(filePath: directory + "/a.json"))
            #expect(throws: InsightFailure.nothingToEvaluate) { try QuestionDataset(directory: directory) }
        }
    }

    @Test func `every strategy is measured on the same questions`() async throws {
        let encoder = try Encoder(directory: TestEnvironment.encoderDirectory)
        defer { encoder.close() }
        let report = try await ChunkingEvaluation(encoder: encoder).run(on: dataset())
        print(report.table)
        #expect(report.rows.map(\.strategy) == ChunkingStrategy.allCases)
        #expect(report.setup.documents == 2 && report.setup.questions == 16)
        for row in report.rows {
            #expect(row.evidenceWhole == 1 && row.recall10 == 1 && row.nDCG10 > 0.8, "\(row.strategy)")
            #expect(row.chunks > 4 && row.tokens >= report.setup.tokens && row.windows >= row.chunks, "\(row.strategy)")
            #expect(row.embeddingShare > 0 && row.embeddingShare <= 1, "\(row.strategy)")
        }
        let (fixed, structure) = (try #require(report.row(.fixed)), try #require(report.row(.structure)))
        #expect(fixed.tokens > structure.tokens, "fixed windows overlap")
        let read = try JSONDecoder().decode(ChunkingReport.self, from: Data(report.json.utf8))
        #expect(read.rows.map(\.chunks) == report.rows.map(\.chunks))
    }
}
