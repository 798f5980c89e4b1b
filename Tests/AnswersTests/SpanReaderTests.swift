import Encoder
import TestKit
import Testing

@testable import Answers

@Suite struct SpanReaderTests {
    private static let passages = [
        "The crane of the harbour was brought in 1931. It lifts 40 tonnes and is painted red every spring.",
        "Parental leave lasts sixteen weeks. It may be split into two parts by agreement with the department.",
        "Forms are kept in the archive on the second floor for ten years, and are then destroyed by a contractor.",
    ]

    private static func reader() throws -> SpanReader {
        SpanReader(encoder: try Encoder(directory: TestEnvironment.encoderDirectory))
    }

    @Test(arguments: [
        ("How long does parental leave last?", 1, "sixteen weeks"), ("When was the crane brought?", 0, "1931"),
        ("Where are forms kept?", 2, "archive"),
    ])
    func `the passage, the sentence and the words that answer are found`(
        question: String, passage: Int, answer: String
    ) async throws {
        let texts = Self.passages.map { Array($0.utf8)[...] }
        let best = try #require(try await Self.reader().read(question: question, passages: texts).first)
        #expect(best.passage == passage)
        let sentence = String(decoding: texts[passage][best.sentence], as: UTF8.self)
        #expect(sentence.contains(answer), "\(sentence)")
        #expect(best.sentence.lowerBound <= best.range.lowerBound && best.range.upperBound <= best.sentence.upperBound)
    }

    @Test func `offsets count from the beginning of the passage, also of a slice of a longer text`() async throws {
        let reader = try Self.reader()
        let alone = Array(Self.passages[1].utf8)
        let inside = Array((Self.passages[0] + "\n").utf8) + alone
        let question = "How long does parental leave last?"
        let first = try await reader.read(question: question, passages: [alone[...]])
        let second = try await reader.read(question: question, passages: [inside[(inside.count - alone.count)...]])
        #expect(first == second && first.count == 1)
    }

    @Test func `of many passages those are read that share the question's rarer words`() async throws {
        let filler = (0..<30).map { "Meeting \($0) was about the weather, and about what people had for lunch." }
        let texts = (filler + [Self.passages[1]]).map { Array($0.utf8)[...] }
        let readings = try await Self.reader().read(
            question: "How long does parental leave last?", passages: texts, windowsMax: 3)
        #expect(readings.count <= 3)
        #expect(readings.first?.passage == 30)
    }

    @Test func `nothing to read gives nothing`() async throws {
        let reader = try Self.reader()
        #expect(try await reader.read(question: "Why?", passages: []).isEmpty)
        #expect(try await reader.read(question: "Why?", passages: [[], Array(" \n".utf8)[...]]).isEmpty)
        #expect(try await reader.read(question: "", passages: [Array("Because.".utf8)[...]]).count == 1)
    }

    @Test func `a long passage is read in windows and every sentence is scored`() async throws {
        let filler = "People of the harbour talk about many a day gone by and what the weather was like. "
        let text = String(repeating: filler, count: 12) + Self.passages[1] + String(repeating: " " + filler, count: 12)
        let bytes = Array(text.utf8)
        let readings = try await Self.reader().read(
            question: "How long does parental leave last?", passages: [bytes[...]], windowsMax: 50)
        let best = try #require(readings.first)
        #expect(readings.count == 1)
        #expect(String(decoding: bytes[best.sentence], as: UTF8.self).contains("sixteen"))
        #expect(best.sentences.count == 26)
        #expect(best.sentences.max { $0.support < $1.support }?.range == best.sentence)
    }
}
