import Foundation
import TestKit

@testable import Encoder

/// What the reference tokenizer and a double-precision forward pass say; written by `scripts/encoder-fixture.py`.
struct Fixture: Decodable {
    struct Text: Decodable {
        let text: String
        let ids: [Int32]
        let starts: [Int]
        let ends: [Int]
    }

    struct Vector: Decodable {
        let ids: [Int32]
        let vector: [Double]
    }

    let texts: [Text]
    /// The texts of the first vectors.
    let queries: [String]
    let vectors: [Vector]

    static func load() throws -> Fixture {
        let path = TestEnvironment.packageRoot + "/Tests/EncoderTests/Fixtures/encoder.json"
        return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: URL(filePath: path)))
    }
}

extension WordPieceTokenizer {
    static func forTests() throws -> WordPieceTokenizer {
        WordPieceTokenizer(vocabulary: try Vocabulary(path: TestEnvironment.encoderDirectory + "/vocab.txt"))
    }
}

extension Encoder {
    /// One batch thread, so that tests of order are exact; other settings as told.
    static func forTests(_ change: (inout EncoderSettings) -> Void = { _ in }) throws -> Encoder {
        var settings = EncoderSettings()
        settings.batchThreads = 1
        change(&settings)
        return try Encoder(directory: TestEnvironment.encoderDirectory, settings: settings)
    }
}
