import CReader
import Foundation
import TestKit
import Testing

@testable import Encoder

/// What the PyTorch head with the shipped weights says; written by `Training/reader/export.py`.
private struct ReadingFixture: Decodable {
    let question: String
    let passage: String
    let ids: [Int32]
    let questionEnd: Int
    let outputs: [Float]

    static func load() throws -> [ReadingFixture] {
        let path = TestEnvironment.packageRoot + "/Tests/EncoderTests/Fixtures/reading.json"
        return try JSONDecoder().decode([ReadingFixture].self, from: Data(contentsOf: URL(filePath: path)))
    }
}

@Suite struct SpanHeadTests {
    private static let levels = KernelLevel.allCases.filter(\.isSupported)

    @Test(arguments: levels)
    func `readings are those of the reference`(level: KernelLevel) async throws {
        let encoder = try Encoder.forTests { $0.level = level }
        var worst: Float = 0
        for row in try ReadingFixture.load() {
            let question = encoder.readingQuestion(row.question)
            let window = encoder.tokens(of: Array(row.passage.utf8)).map(\.id)
            #expect(row.ids == encoder.framedForTests(question, window))
            let expected = TokenReading(outputs: row.outputs, questionEnd: row.questionEnd)
            let found = try await encoder.read([window], question: question)[0]
            #expect(found.start.count == window.count)
            for (left, right) in zip(found.numbers, expected.numbers) { worst = max(worst, abs(left - right)) }
        }
        #expect(worst < 1e-4)
        print("head \(level): worst difference \(worst)")
    }

    @Test func `a window has the same bits alone and in company`() async throws {
        let encoder = try Encoder.forTests { $0.queryThreads = 3 }
        let question = encoder.readingQuestion("How long is parental leave?")
        let windows = ["It lasts sixteen weeks.", "The crane lifts 40 tonnes.", "Nobody knows."].map {
            encoder.tokens(of: Array($0.utf8)).map(\.id)
        }
        let together = try await encoder.read(windows, question: question)
        for (window, reading) in zip(windows, together) {
            #expect(try await encoder.read([window], question: question) == [reading])
        }
        let vector = try await encoder.embedQuery("How long is parental leave?")
        #expect(vector.count == Encoder.dimensions)
    }

    @Test func `marks tell the two sides and what they share`() {
        // [CLS] a b [SEP] b c a [SEP]
        #expect(SpanMark.marks(of: [101, 7, 8, 102, 8, 9, 7, 102], questionEnd: 4) == [0, 1, 1, 0, 3, 2, 3, 2])
        #expect(SpanMark.marks(of: [101, 102, 8, 102], questionEnd: 2) == [0, 0, 2, 2])
    }

    @Test func `the best span beats every other`() {
        // Two tokens of frame before the window, one behind; columns are start, end, support, answerable.
        let rows: [[Float]] = [
            [1, 2, 0, 5], [9, 9, 9, 9], [0, 3, 1, 0], [4, 1, 2, 0], [1, 5, 3, 0], [8, 8, 8, 8],
        ]
        let reading = TokenReading(outputs: rows.flatMap { $0 }, questionEnd: 2)
        #expect(reading.start == [0, 4, 1])
        #expect(reading.none == 3 && reading.answerable == 5)
        #expect(reading.bestSpan?.tokens == 1...2)
        #expect(reading.bestSpan?.score == 6)
        #expect(TokenReading(outputs: Array(repeating: 0, count: 12), questionEnd: 2).bestSpan == nil)
    }

    @Test func `a span is not longer than its bound`() throws {
        var outputs = [Float](repeating: 0, count: 4 * 103)
        outputs[4 * 2] = 5
        outputs[4 * 101 + 1] = 5
        let best = try #require(TokenReading(outputs: outputs, questionEnd: 2).bestSpan)
        #expect(best.tokens.count <= TokenReading.spanTokensMax && best.score == 5)
    }

    @Test func `a sequence longer than the head was trained for is refused`() async throws {
        let encoder = try Encoder.forTests()
        let limit = encoder.head.tokensMax
        let window = [Int32](repeating: 7_592, count: limit - 4)
        #expect(try await encoder.read([window], question: [7_592])[0].start.count == limit - 4)
        await #expect(throws: EncoderFailure.tooManyTokens(count: limit + 1, limit: limit)) {
            try await encoder.read([window], question: [7_592, 7_592])
        }
        await #expect(throws: EncoderFailure.self) { try await encoder.read([[]], question: [7_592]) }
        #expect(try await encoder.read([], question: [7_592]).isEmpty)
    }

    @Test func `windows cover a passage beside the longest question`() throws {
        let encoder = try Encoder.forTests()
        let question = encoder.readingQuestion(String(repeating: "why ", count: 400))
        #expect(question.count == encoder.head.questionTokensMax)
        let windows = encoder.readingWindows(count: 500, beside: question)
        #expect(IndexSet(windows.flatMap { $0 }).count == 500)
        #expect(windows.allSatisfy { $0.count + question.count + 3 <= encoder.head.tokensMax })
        #expect(encoder.readingWindows(count: 0, beside: question).isEmpty)
    }

    @Test func `a file that is cut, too long or of another form is refused`() throws {
        let whole = [UInt8](UnsafeBufferPointer(start: cr_head(), count: cr_head_length()))
        #expect(whole.count <= 6 << 20)
        func defect(_ bytes: [UInt8]) -> WeightsDefect? {
            bytes.withUnsafeBytes { raw in
                do throws(WeightsDefect) {
                    _ = try SpanHead(bytes: raw)
                    return nil
                } catch { return error }
            }
        }
        #expect(defect(whole) == nil)
        for count in [0, 3, 31, 500, 100_000, whole.count - 1] {
            #expect(defect(Array(whole.prefix(count))) == .fileTooShort(bytes: count))
        }
        #expect(defect(whole + [0]) == .layout(offset: whole.count))
        #expect(defect([0] + whole) == .headerUnreadable)
        var layers = whole
        layers[8] = 200
        #expect(defect(layers) == .shape(tensor: "head", found: [3, 200, 128, 48]))
    }

    @Test func `probabilities rise with both scores and stay inside 0 and 1`() throws {
        let encoder = try Encoder.forTests()
        let scores: [Float] = [-1_000, -5, 0, 5, 1_000]
        let found = scores.map { encoder.probability(span: $0, answerable: $0) }
        #expect(found == found.sorted() && found.allSatisfy { (0...1).contains($0) })
        #expect((0...1).contains(encoder.readingThreshold))
    }
}

extension TokenReading {
    fileprivate var numbers: [Float] { start + end + support + [none, answerable] }
}

extension Encoder {
    fileprivate func framedForTests(_ question: [Int32], _ window: [Int32]) -> [Int32] {
        [tokenizer.vocabulary.classification] + question + [tokenizer.vocabulary.separator] + window
            + [tokenizer.vocabulary.separator]
    }
}
