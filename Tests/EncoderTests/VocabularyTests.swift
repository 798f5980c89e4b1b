import TestKit
import Testing

@testable import Encoder

@Suite struct VocabularyTests {
    private func vocabulary(_ lines: String) throws(VocabularyDefect) -> Vocabulary {
        try Vocabulary(bytes: Array(lines.utf8))
    }

    @Test func `ids are line numbers, with or without a last line feed`() throws {
        for text in ["[UNK]\n[CLS]\n[SEP]\na\n##a\n##\n", "[UNK]\n[CLS]\n[SEP]\na\n##a\n##"] {
            let vocabulary = try vocabulary(text)
            #expect(vocabulary.count == 6)
            #expect([vocabulary.unknown, vocabulary.classification, vocabulary.separator] == [0, 1, 2])
            #expect(vocabulary.initial.id(of: Array("a".utf8)) == 3)
            #expect(vocabulary.continuing.id(of: Array("a".utf8)) == 4)
            #expect(vocabulary.initial.id(of: Array("##".utf8)) == 5)
            #expect(vocabulary.initial.id(of: Array("b".utf8)) == nil)
        }
    }

    @Test(arguments: [
        ("", VocabularyDefect.missingPiece("[UNK]")),
        ("[UNK]\n[CLS]\na\n", .missingPiece("[SEP]")),
        ("[UNK]\n[CLS]\n[SEP]\na\na\n", .repeatedPiece(line: 4)),
        ("[UNK]\n[CLS]\n[SEP]\n##a\n##a\n", .repeatedPiece(line: 4)),
        ("[UNK]\n\n[CLS]\n[SEP]\n", .emptyPiece(line: 1)),
        (String(repeating: "\n", count: 10), .emptyPiece(line: 0)),
    ])
    func `a vocabulary that cannot work is refused`(text: String, defect: VocabularyDefect) {
        #expect(throws: defect) { try vocabulary(text) }
    }

    @Test func `every piece of the model is found under its line`() throws {
        let path = TestEnvironment.encoderDirectory + "/vocab.txt"
        let pieces = try MappedFile(path: path).copy().split(separator: UInt8(ascii: "\n")).map { Array($0) }
        let vocabulary = try Vocabulary(path: path)
        #expect(vocabulary.count == pieces.count)
        for (line, piece) in pieces.enumerated() {
            let continues = piece.count > 2 && piece.starts(with: Array("##".utf8))
            let table = continues ? vocabulary.continuing : vocabulary.initial
            #expect(table.id(of: continues ? Array(piece.dropFirst(2)) : piece) == Int32(line))
        }
    }

    @Test func `a missing or unusual file is reported with its path`() throws {
        #expect(throws: EncoderFailure.fileUnreadable(path: "/nowhere/vocab.txt", code: 2)) {
            try Vocabulary(path: "/nowhere/vocab.txt")
        }
        #expect(throws: EncoderFailure.self) { try Vocabulary(path: "/dev/zero") }
        #expect(throws: EncoderFailure.self) { try Vocabulary(path: "/tmp") }
    }
}
