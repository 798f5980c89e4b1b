import CReader
import Foundation

extension Encoder {
    // MARK: Reading

    /// What the shipped head was trained on, one JSON object a line: `file`, `split`, `sha256` of a paragraph.
    package static var readerManifest: [UInt8] {
        [UInt8](UnsafeBufferPointer(start: cr_manifest(), count: cr_manifest_length()))
    }

    static func shippedHead() throws(EncoderFailure) -> SpanHead {
        let bytes = UnsafeRawBufferPointer(start: cr_head(), count: cr_head_length())
        do throws(WeightsDefect) { return try SpanHead(bytes: bytes) } catch { throw .weights(error) }
    }

    /// Probability below which the reader declines, chosen on the tuning split.
    package var readingThreshold: Float { head.calibration.threshold }

    /// The question's ids for `read`. What exceeds the head's limit is cut from its end, for scoring only.
    package func readingQuestion(_ text: String) -> [Int32] {
        tokenizer.tokens(of: Array(text.utf8)).prefix(head.questionTokensMax).map(\.id)
    }

    /// Index ranges of a passage's tokens that the head can read beside `question`; they cover all, neighbours overlap.
    package func readingWindows(count: Int, beside question: [Int32]) -> [Range<Int>] {
        let limit = head.tokensMax - 3 - min(question.count, head.questionTokensMax)
        return TokenWindows.ranges(count: count, limit: limit, overlap: Self.readingOverlap)
    }

    private static let readingOverlap = 24

    /// Reads windows of passages beside a question, in the lane of queries. Fails with `tooManyTokens` for a sequence
    /// that is longer than the head was trained for.
    package func read(_ windows: [[Int32]], question: [Int32]) async throws -> [TokenReading] {
        let sequences = try windows.map { window in
            guard !window.isEmpty, question.count + window.count + 3 <= head.tokensMax else {
                throw EncoderFailure.tooManyTokens(count: question.count + window.count + 3, limit: head.tokensMax)
            }
            return try framed(question + [tokenizer.vocabulary.separator] + window)
        }
        let questionEnd = question.count + 2
        return try await queryLane.vectors(of: sequences, for: .reading(questionEnd: questionEnd)).map {
            TokenReading(outputs: $0, questionEnd: questionEnd)
        }
    }

    /// The probability that a window answers, 0 to 1, from its best span's score and its `answerable` logit.
    package func probability(span: Float, answerable: Float) -> Float {
        let calibration = head.calibration
        return 1 / (1 + exp(-(calibration.span * span + calibration.answerable * answerable + calibration.bias)))
    }
}
