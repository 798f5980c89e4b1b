import Foundation
import TestKit
import Testing

@testable import Encoder

@Suite struct WordPieceTokenizerTests {
    private let tokenizer: WordPieceTokenizer

    // Loaded once: every test case makes a suite of its own.
    private static let loaded = Result { try WordPieceTokenizer.forTests() }

    init() throws { tokenizer = try Self.loaded.get() }

    private func ids(_ text: String) -> [Int32] { tokenizer.tokens(of: Array(text.utf8)).map(\.id) }

    @Test func `texts of many scripts give the reference's ids and offsets`() throws {
        for row in try Fixture.load().texts {
            let tokens = tokenizer.tokens(of: Array(row.text.utf8))
            #expect(tokens.map(\.id) == row.ids, "\(row.text.debugDescription)")
            #expect(tokens.map(\.start) == row.starts, "\(row.text.debugDescription)")
            #expect(tokens.map(\.end) == row.ends, "\(row.text.debugDescription)")
        }
    }

    @Test(arguments: ["[CLS]", "[SEP]", "[MASK]", "[PAD]", "[UNK]"])
    func `the name of a special token is plain text`(text: String) {
        let vocabulary = tokenizer.vocabulary
        let special = [0, vocabulary.classification, vocabulary.separator, vocabulary.unknown]
        let found = ids(text)
        #expect(found.count >= 3)
        #expect(!found.contains { special.contains($0) })
    }

    @Test func `a word of a hundred letters is cut, a longer one is unknown as a whole`() {
        #expect(ids(String(repeating: "a", count: 100)).count > 1)
        let text = "x " + String(repeating: "é", count: 101) + " y"
        let tokens = tokenizer.tokens(of: Array(text.utf8))
        #expect(tokens.map(\.id) == [1060, tokenizer.vocabulary.unknown, 1061])
        #expect(tokens[1] == Token(id: tokenizer.vocabulary.unknown, start: 2, end: 204))
    }

    @Test func `a word of megabytes is one token`() {
        let text = [UInt8](repeating: UInt8(ascii: "a"), count: 4 << 20)
        #expect(tokenizer.tokens(of: text) == [Token(id: tokenizer.vocabulary.unknown, start: 0, end: text.count)])
    }

    private static let notUTF8: [[UInt8]] = [
        [0x80], [0xC0, 0x80], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
        [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFF], [0xFE, 0xFF], [0xE0, 0x80, 0x80],
    ]

    @Test(arguments: notUTF8)
    func `bytes that are not UTF-8 vanish`(bytes: [UInt8]) {
        let tokens = tokenizer.tokens(of: Array("red ".utf8) + bytes + Array(" blue".utf8))
        #expect(tokens.map(\.id) == ids("red blue"))
        #expect(tokenizer.tokens(of: bytes).isEmpty)
    }

    @Test(arguments: 1...200)
    func `tokens of random bytes are in order and inside the text`(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let alphabet: [UInt8] = Array("ab1 .[é中😀ê".utf8) + [0xC3, 0x80, 0xF0, 0xFF]
        let text = (0..<300).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
        var last = 0
        for token in tokenizer.tokens(of: text) {
            #expect(token.start >= last && token.start < token.end && token.end <= text.count, "seed \(seed)")
            #expect(token.id >= 0 && token.id < tokenizer.vocabulary.count, "seed \(seed)")
            last = token.start
        }
    }

    @Test(arguments: 1...50)
    func `cutting a text at a space cuts its tokens`(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let texts = try Fixture.load().texts.map(\.text)
        let (left, right) = (texts.randomElement(using: &generator) ?? "", texts.randomElement(using: &generator) ?? "")
        #expect(ids(left + " " + right) == ids(left) + ids(right), "seed \(seed)")
    }

    /// The long run: a file of `{"text", "ids"}` lines that `scripts/encoder-fixture.py` wrote.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["CLOISTER_TOKENIZER_RUN"] != nil))
    func `the texts of a long run give the reference's ids`() throws {
        struct Row: Decodable {
            let text: String
            let ids: [Int32]
        }
        let path = try #require(ProcessInfo.processInfo.environment["CLOISTER_TOKENIZER_RUN"])
        let lines = try Data(contentsOf: URL(filePath: path)).split(separator: UInt8(ascii: "\n"))
        var mismatches: [String] = []
        for line in lines {
            let row = try JSONDecoder().decode(Row.self, from: line)
            if ids(row.text) != row.ids { mismatches.append(row.text) }
        }
        print("tokenizer run: \(mismatches.count) mismatches in \(lines.count) texts")
        #expect(mismatches.isEmpty, "\(mismatches.prefix(10).map(\.debugDescription))")
    }
}
