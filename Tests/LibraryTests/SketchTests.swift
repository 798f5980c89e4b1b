import TestKit
import Testing

@testable import Library

/// Resemblance of texts against a reference that is written as the definition reads.
@Suite struct SketchTests {
    /// Five-word shingles by hand, for texts of ASCII letters and spaces.
    private static func shingles(_ text: String) -> Set<[String]> {
        let words = text.lowercased().split(separator: " ").map(String.init)
        guard words.count >= 5 else { return words.isEmpty ? [] : [words] }
        return Set((0...words.count - 5).map { Array(words[$0..<$0 + 5]) })
    }

    private static func jaccard(_ left: String, _ right: String) -> Double {
        let (left, right) = (shingles(left), shingles(right))
        let all = left.union(right).count
        return all == 0 ? 0 : Double(left.intersection(right).count) / Double(all)
    }

    private static func exact(_ left: String, _ right: String) -> Double {
        var index = ShingleIndex()
        let (first, second) = (index.shingles(of: Array(left.utf8)), index.shingles(of: Array(right.utf8)))
        return ShingleIndex.resemblance(first, second)
    }

    private static func estimate(_ left: String, _ right: String) -> Double {
        Sketch(of: Array(left.utf8)).resemblance(to: Sketch(of: Array(right.utf8)))
    }

    /// A text, and a copy in which each word was changed with some probability.
    private static func pair(_ count: ClosedRange<Int>, _ generator: inout SeededGenerator) -> (String, String) {
        let words = (0..<Int.random(in: count, using: &generator)).map { _ in
            "W\(Int.random(in: 0..<300, using: &generator))"
        }
        let change = Double.random(in: 0...0.15, using: &generator)
        let other = words.map { Double.random(in: 0...1, using: &generator) < change ? "other" : $0.lowercased() }
        return (words.joined(separator: " "), other.joined(separator: " "))
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `the exact resemblance is that of the definition`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let (left, right) = Self.pair(0...40, &generator)
            #expect(Self.exact(left, right) == Self.jaccard(left, right), "seed \(seed): \(left) / \(right)")
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `the estimate errs as the theory of 128 independent orders says`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var (sum, squares, count) = (0.0, 0.0, 0.0)
        while count < 400 {
            let (left, right) = Self.pair(30...400, &generator)
            let exact = Self.jaccard(left, right)
            guard exact > 0.05, exact < 0.95 else { continue }
            let deviation = (exact * (1 - exact) / 128).squareRoot()
            let error = (Self.estimate(left, right) - exact) / deviation
            #expect(abs(error) < 5, "seed \(seed): off by \(error) deviations at \(exact)")
            (sum, squares, count) = (sum + error, squares + error * error, count + 1)
        }
        // Mean 0 and variance 1, within four standard errors of 400 draws.
        #expect(abs(sum / count) < 0.2, "seed \(seed)")
        #expect(abs(squares / count - 1) < 0.3, "seed \(seed)")
    }

    @Test func `a text is its own copy, whatever its case and marks`() {
        let text = "The Boiler, serviced every SPRING; \u{c4}rzte warten im Fr\u{fc}hling."
        let other = "the boiler\nserviced every spring - \u{e4}rzte WARTEN im (fr\u{fc}hling)"
        #expect(Self.exact(text, other) == 1 && Self.estimate(text, other) == 1)
    }

    @Test(arguments: ["", " \n", "...", "\u{1f600}"])
    func `a text without words resembles nothing, not even itself`(text: String) {
        for other in [text, "", "word", "one two three four five six"] {
            #expect(Self.exact(text, other) == 0 && Self.estimate(text, other) == 0)
        }
        #expect(Sketch(of: Array(text.utf8)).bytes.isEmpty)
    }

    @Test func `a tiny text resembles only its own words`() {
        let tiny = ["one", "two", "one two", "two one", "one one", "one two three four", "one two three four five"]
        for (place, text) in tiny.enumerated() {
            for (otherPlace, other) in tiny.enumerated() {
                #expect((Self.exact(text, other) == 1) == (place == otherPlace), "\(text) / \(other)")
                #expect((Self.estimate(text, other) > 0.2) == (place == otherPlace), "\(text) / \(other)")
            }
        }
    }

    @Test func `a script without spaces has a word per character`() {
        var words: [String] = []
        FoldedWords.forEach(in: Array("Caf\u{c9}42 \u{65e5}\u{672c}\u{8a9e}x, it's\u{30c6}".utf8)) {
            words.append(String(decoding: $0, as: UTF8.self))
        }
        #expect(words == ["caf\u{e9}42", "\u{65e5}", "\u{672c}", "\u{8a9e}", "x", "it", "s", "\u{30c6}"])
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `bytes that are no text do no harm`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let bytes = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            let sketch = Sketch(of: bytes)
            #expect(sketch.minima.isEmpty || sketch.resemblance(to: Sketch(of: bytes)) == 1)
            #expect(Sketch(bytes: sketch.bytes) == sketch, "seed \(seed)")
        }
    }

    @Test func `a sketch is the same for ever and comes back from its bytes`() {
        let sketch = Sketch(of: Array("the boiler is serviced every spring".utf8))
        #expect(sketch.bytes.count == 512 && Sketch(bytes: sketch.bytes) == sketch)
        // Sketches of different days are compared: another value here needs a migration.
        #expect(Array(sketch.minima.prefix(2)) == Self.known)
        for count in [1, 511, 513] { #expect(Sketch(bytes: [UInt8](repeating: 7, count: count)) == nil) }
    }

    /// As a second implementation, in another language, gives them.
    private static let known: [UInt32] = [65_868_366, 155_252_505]
}
