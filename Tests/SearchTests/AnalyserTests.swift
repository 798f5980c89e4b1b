import Testing

@testable import Search

@Suite struct AnalyserTests {
    private let analyser = Analyser(stopWords: StopWords.english)

    private func terms(_ text: String) -> [String] {
        analyser.terms(of: Array(text.utf8)).terms.flatMap { term in
            Array(repeating: String(decoding: term.bytes, as: UTF8.self), count: term.frequency)
        }
    }

    @Test func `words are folded, stopped and stemmed`() {
        #expect(terms("The Running dogs, and a RUNNER") == ["dog", "run", "runner"])
        #expect(analyser.terms(of: Array("The dogs and the cat".utf8)).length == 2)
    }

    @Test func `an identifier is found as a whole and by its parts`() {
        #expect(terms("Order AB-123/7.") == ["123", "7", "ab", "ab-123/7", "order"])
        #expect(terms("version 2.10.3") == ["10", "2", "2.10.3", "3", "version"])
        #expect(terms("well-known") == ["known", "well"])
        #expect(analyser.terms(of: Array("AB-123/7".utf8)).length == 3)
    }

    @Test func `apostrophes of both kinds stay within a word`() {
        #expect(terms("patient's") == terms("patient\u{2019}s"))
        #expect(terms("'quoted'") == ["quot"])
    }

    @Test func `the same letters in another form are the same term`() {
        #expect(terms("café") == terms("cafe\u{301}"))
        #expect(terms("ＷＩＤＥ ﬁle ÉTÉ") == terms("wide file été"))
        #expect(terms("β-catenin") == ["catenin", "β"])
    }

    @Test func `scripts without spaces give pairs`() {
        #expect(terms("東京都") == ["京都", "東京"])
        #expect(terms("東") == ["東"])
    }

    @Test func `anything at all is survived`() {
        #expect(terms("") == [])
        #expect(terms("---///...''") == [])
        #expect(analyser.terms(of: [0xff, 0xfe, 0x78, 0xc3]).terms.count == 1)
        let long = String(repeating: "x", count: 10_000)
        #expect(analyser.terms(of: Array((long + " " + long + "-1").utf8)).terms.allSatisfy { $0.bytes.count <= 128 })
    }

    @Test func `terms come in the order of their bytes, each once`() {
        let list = analyser.terms(of: Array("zebra apple zebra éclair apple zebra".utf8))
        #expect(list.terms.map { String(decoding: $0.bytes, as: UTF8.self) } == ["appl", "zebra", "éclair"])
        #expect(list.terms.map(\.frequency) == [2, 3, 1])
    }
}
