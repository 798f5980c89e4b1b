/// Sentences as the reader quotes them and the verifier sees them.
package enum AnswerSentences {
    package static func sentences(of text: String) -> [String] {
        let bytes = Array(text.utf8)
        return SentenceSplitter.pieces(in: bytes, range: bytes.indices).map {
            String(decoding: bytes[$0], as: UTF8.self)
        }
    }
}
