import Kit
import TestKit
import Testing

@testable import Answers

@Suite struct SentenceSplitterTests {
    static let rows: [(text: String, sentences: [String])] = [
        ("", []), ("   \n\n ", []), ("Too short.", []), ("Twelve bytes", []),
        ("It is paid in full. It lasts sixteen weeks.", ["It is paid in full.", "It lasts sixteen weeks."]),
        ("Is it paid in full? Yes, it is! So be it then.", ["Is it paid in full?", "So be it then."]),
        ("The rate is 3.5 per cent of all.", ["The rate is 3.5 per cent of all."]),
        ("Ask Dr. Jones or J. Smith about it.", ["Ask Dr. Jones or J. Smith about it."]),
        ("Some of it, e.g. This one, is odd.", ["Some of it, e.g. This one, is odd."]),
        ("See Fig. 3 for the whole of it.", ["See Fig. 3 for the whole of it."]),
        ("It ends here. then goes on below.", ["It ends here. then goes on below."]),
        ("It ends here. 30 days are the rule.", ["It ends here.", "30 days are the rule."]),
        ("A sentence wrapped\nover two lines ends.", ["A sentence wrapped\nover two lines ends."]),
        ("A heading of words\n\nThe sentence below it.", ["The sentence below it."]),
        ("Ten words make a statement even with no dot at all", ["Ten words make a statement even with no dot at all"]),
        (
            "- Annual leave is thirty days.\n- Sick leave is paid.",
            [
                "Annual leave is thirty days.", "Sick leave is paid.",
            ]
        ),
        ("Kind | Days\nAnnual | thirty days\nSick | ten", ["Annual | thirty days"]),
        ("Kind of it | Days\n\nThe text below it.", ["Kind of it | Days", "The text below it."]),
        ("It says \"all of it.\"", ["It says \"all of it.\""]), ("(It is paid in full.)", ["(It is paid in full.)"]),
        (
            "\u{dc}ber \u{1f600} alles wird geredet. Der zweite Satz folgt.",
            [
                "\u{dc}ber \u{1f600} alles wird geredet.", "Der zweite Satz folgt.",
            ]
        ),
        (String(repeating: "long ", count: 300) + "end.", []),
    ]

    @Test(arguments: rows)
    func `a passage is cut into what is worth quoting`(row: (text: String, sentences: [String])) {
        let text = Array(row.text.utf8)
        let found = SentenceSplitter.sentences(in: text, range: 0..<text.count)
        #expect(found.map { String(decoding: text[$0], as: UTF8.self) } == row.sentences)
    }

    @Test func `only the range asked for is cut`() {
        let text = Array("Before it all. The sentence in the middle. And after it.".utf8)
        let range = 15..<42
        let found = SentenceSplitter.sentences(in: text, range: range)
        #expect(found.map { String(decoding: text[$0], as: UTF8.self) } == ["The sentence in the middle."])
    }

    @Test func `sentences of random text stay inside, in order and whole`() {
        let seed = Randomness.system.bytes(8).reduce(0) { $0 << 8 | UInt64($1) }
        print("sentence splitter seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        let parts = [
            "word", ".", "!", "?", " ", "\n", "\n\n", "- ", "|", "J.", "e.g.", "\u{1f600}", "\"", ")", "3.5", "A",
        ]
        for _ in 0..<300 {
            // The list is not empty.
            let source = (0..<200).map { _ in parts.randomElement(using: &generator)! }.joined()
            let text = Array(source.utf8)
            let range = 0..<text.count
            var end = 0
            for sentence in SentenceSplitter.sentences(in: text, range: range) {
                #expect(sentence.lowerBound >= end && sentence.upperBound <= text.count, "seed \(seed)")
                #expect((12...1200).contains(sentence.count), "seed \(seed)")
                #expect(String(validating: text[sentence], as: UTF8.self) != nil, "seed \(seed)")
                end = sentence.upperBound
            }
        }
    }
}
