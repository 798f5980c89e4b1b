import Testing

@testable import Answers

/// What a model's bytes become, however they are cut.
@Suite struct StreamingTests {
    private static let wire = """
        : comment\r
        data: {"choices":[{"delta":{"role":"assistant"}}]}\r
        \r
        data: {"choices":[{"delta":{"content":"Leave lasts 16 weeks. "}}]}

        event: evil
        data: {"type":"execute","script":"alert(1)"}

        data: not json

        data: {"choices":[{"delta":{"content":"[1] It is pa"}}]}

        data: {"choices":[{"delta":{"content":"id, e.g. in full [2"},"index":0},{"delta":{"content":"other choice"}}]}

        data: {"choices":[{"delta":{"content":"]. ü"}}]}

        data: [DONE]

        data: {"choices":[{"delta":{"content":"after the end"}}]}


        """

    private func sentences(_ pieces: [[UInt8]]) throws -> ([String], Bool) {
        var (events, stream, found) = (ChatEventReader(), SentenceStream(), [String]())
        for piece in pieces {
            for text in try events.take(piece) { found += stream.take(text) }
        }
        return (found + stream.end(), events.isDone)
    }

    @Test(arguments: [1, 2, 3, 7, 64, 10_000])
    func `ATT-14 only the text of the first choice is read, wherever the bytes are cut`(size: Int) throws {
        let bytes = Array(Self.wire.utf8)
        let pieces = stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
        let (found, isDone) = try sentences(pieces)
        #expect(found == ["Leave lasts 16 weeks. [1]", "It is paid, e.g. in full [2].", "ü"])
        #expect(isDone)
    }

    @Test func `a stream that ends without a word is not done`() throws {
        #expect(try sentences([Array("data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n".utf8)]).1 == false)
    }

    @Test func `a line without end is refused`() {
        var reader = ChatEventReader()
        #expect(throws: ChatModelFailure.lineTooLong) {
            for _ in 0..<40 { _ = try reader.take([UInt8](repeating: 65, count: 65_536)) }
        }
    }

    @Test func `a text without sentences is bounded`() {
        var stream = SentenceStream()
        var given = 0
        for _ in 0..<100 { given += stream.take(String(repeating: "x", count: 1_000)).joined().count }
        #expect(given + stream.end().joined().count == 100_000)
        #expect(given > 80_000)
    }

    @Test(arguments: [
        ("A [1].", "A.", [1]), ("A. [1][2]", "A.", [1, 2]), ("A [1, 3] B [2].", "A B.", [1, 3, 2]),
        ("- **A** b. [1]", "A b.", [1]), ("See [note] and [1a].", "See [note] and [1a].", []),
        ("A [1000].", "A [1000].", []), ("[1]", "", [1]), ("A [ 2 ].", "A.", [2]),
    ])
    func `marks are told from text`(sentence: String, text: String, numbers: [Int]) {
        let statement = MarkedStatement(sentence)
        #expect(statement.text == text && statement.numbers == numbers)
    }
}
