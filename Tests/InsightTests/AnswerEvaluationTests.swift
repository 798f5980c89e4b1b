import Crypto
import Encoder
import Foundation
import Kit
import TestKit
import Testing

@testable import Insight

/// On a set of ours: six paragraphs, each with a question that it answers and one that nothing answers.
@Suite struct AnswerEvaluationTests {
    private struct Fact {
        let name: String
        let says: String
        let question: String
        let answer: String
    }

    private static let facts = [
        Fact(
            name: "crane", says: "was brought to the harbour in 1931 by the city of Antwerp",
            question: "When was the crane brought to the harbour?", answer: "1931"),
        Fact(
            name: "oven", says: "was built in 1887 from bricks of the old town wall",
            question: "When was the oven built?", answer: "1887"),
        Fact(
            name: "lighthouse", says: "is painted red and white every spring by its keeper",
            question: "Who paints the lighthouse?", answer: "its keeper"),
        Fact(
            name: "archive", says: "is on the second floor and closes at four in the afternoon",
            question: "When does the archive close?", answer: "at four in the afternoon"),
        Fact(
            name: "ferry", says: "carries forty cars and leaves every hour from the south pier",
            question: "How many cars does the ferry carry?", answer: "forty"),
        Fact(
            name: "library", says: "lends books for six weeks to everybody who lives in the town",
            question: "For how long does the library lend books?", answer: "six weeks"),
    ]

    private static let paragraphs = facts.map { fact in
        "The \(fact.name) \(fact.says). People of the town talk about it on many a day. Nobody knows what it has cost."
    }

    private static func dataset(_ name: AnswerDataset.Name = .squad, unanswerable: Bool = true) -> AnswerDataset {
        let questions = facts.enumerated().flatMap { index, fact -> [AnswerDataset.Question] in
            let reference = name == .abstracts ? fact.says : fact.answer
            let right = AnswerDataset.Question(text: fact.question, paragraph: index, references: [reference])
            let text = "Who sang at the \(fact.name)?"
            let none = AnswerDataset.Question(text: text, paragraph: index, references: [])
            return unanswerable ? [right, none] : [right]
        }
        return AnswerDataset(name: name, paragraphs: paragraphs, questions: questions)
    }

    /// The first two paragraphs are of training, the third of tuning, the others of the report.
    private static func manifest() throws -> ReaderManifest {
        let splits = ["train", "train", "tune"]
        let lines = zip(splits, paragraphs).map { split, paragraph in
            let hash = Hex.encode(SHA256.hash(data: Data(paragraph.utf8)))
            return #"{"file": "ours", "split": "\#(split)", "sha256": "\#(hash)"}"#
        }
        return try ReaderManifest(lines: Array(lines.joined(separator: "\n").utf8))
    }

    @Test func `both readers are measured in both settings, without the rows of training`() async throws {
        let encoder = try Encoder(directory: TestEnvironment.encoderDirectory)
        let evaluation = AnswerEvaluation(encoder: encoder, manifest: try Self.manifest())
        let report = try await evaluation.run(on: Self.dataset())
        #expect(report.refused == 4)
        #expect(report.rows.map(\.questions) == [6, 6, 6, 6])
        #expect(report.rows.map(\.answerable) == [3, 3, 3, 3])
        for row in report.rows {
            #expect(row.sentence > 0.6, "\(row.setting) \(row.reader)")
            #expect((0...1).contains(row.f1) && (0...1).contains(row.declineRecall))
        }
        #expect(report.table.contains("4 questions were refused"))
        #expect(try report.json.contains("\"falseDeclines\""))
    }

    @Test func `a set without unanswerable questions is paired with other paragraphs`() async throws {
        let encoder = try Encoder(directory: TestEnvironment.encoderDirectory)
        let evaluation = AnswerEvaluation(encoder: encoder, manifest: try Self.manifest(), questionsMax: 2)
        let report = try await evaluation.run(on: Self.dataset(.policies, unanswerable: false))
        #expect(report.row(.given, .head)?.questions == 4)
        #expect(report.row(.given, .head)?.answerable == 2)
        #expect(report.row(.open, .cosine)?.questions == 2)
    }

    @Test func `the evidence of an abstract is the sentence that says most of its conclusion`() async throws {
        let encoder = try Encoder(directory: TestEnvironment.encoderDirectory)
        let evaluation = AnswerEvaluation(encoder: encoder, manifest: try Self.manifest())
        let report = try await evaluation.run(on: Self.dataset(.abstracts, unanswerable: false))
        #expect(report.rows.isEmpty && report.evidence.map(\.reader) == [.head, .cosine])
        for row in report.evidence { #expect(row.recall3 >= row.recall1 && row.recall3 == 1) }
    }

    @Test func `a set of which all was trained on is refused`() async throws {
        let encoder = try Encoder(directory: TestEnvironment.encoderDirectory)
        let evaluation = AnswerEvaluation(encoder: encoder, manifest: try Self.manifest())
        let trained = AnswerDataset(
            name: .squad, paragraphs: Array(Self.paragraphs.prefix(2)),
            questions: [AnswerDataset.Question(text: "What about the crane?", paragraph: 0, references: ["1931"])])
        await #expect(throws: InsightFailure.nothingToEvaluate) { try await evaluation.run(on: trained) }
    }

    @Test func `the shipped manifest is read, a broken line is told`() throws {
        let shipped = try ReaderManifest.shipped()
        #expect(shipped.split(of: "never seen") == .report)
        #expect(throws: InsightFailure.malformed(file: "manifest.jsonl", line: 2)) {
            try ReaderManifest(lines: Array(#"{"split": "tune", "sha256": "00"}"#.utf8) + Array("\nx\n".utf8))
        }
    }

    private static let files = [
        (
            "squad2-dev",
            """
            {"data": [{"title": "T", "paragraphs": [{"context": "C", "qas": [
              {"question": "Q", "answers": ["C"]}, {"question": "R", "answers": []}]}]}]}
            """
        ),
        (
            "policyqa-dev",
            """
            {"data": [{"title": "T", "paragraphs": [{"context": "C", "qas": [
              {"question": "Q", "answers": [{"text": "C", "answer_start": 0}]}]}]}]}
            """
        ),
        (
            "tatqa-dev",
            """
            [{"table": {"table": [["", "2019"], ["Sales", "7"]]}, "paragraphs": [{"order": 1, "text": "P"}],
              "questions": [
                {"question": "Q", "answer": ["7"], "answer_type": "span", "answer_from": "table"},
                {"question": "N", "answer": -1.5, "answer_type": "arithmetic", "answer_from": "table"}]}]
            """
        ),
        ("pubmedqa-dev", #"{"1": {"QUESTION": "Q", "CONTEXTS": ["A.", "B."], "LONG_ANSWER": "L"}}"#),
    ]

    @Test func `files of the sets are read in their forms`() async throws {
        try await TestEnvironment.withTemporaryDirectory { directory in
            for (name, text) in Self.files {
                let folder = directory + "/" + name
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                try Data(text.utf8).write(to: URL(filePath: folder + "/dev.json"))
            }
            let read = try AnswerDataset.Name.allCases.map { try AnswerDataset($0, under: directory) }
            #expect(read.map { $0.questions.map(\.references) } == [[["C"], []], [["C"]], [["7"]], [["L"]]])
            #expect(read[2].paragraphs == ["P", "|  | 2019 |\n| Sales | 7 |"] && read[2].questions[0].paragraph == 1)
            #expect(read[3].paragraphs == ["A.\n\nB."])
            #expect(throws: InsightFailure.unreadable(path: directory + "/none/squad2-dev")) {
                try AnswerDataset(.squad, under: directory + "/none")
            }
        }
    }
}
