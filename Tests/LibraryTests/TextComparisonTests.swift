import TestKit
import Testing

@testable import Library

/// The difference of two texts, against what it must give back and against the textbook's table.
@Suite struct TextComparisonTests {
    private static func texts(
        _ comparison: TextComparison, _ old: [UInt8], _ new: [UInt8]
    ) -> (old: [UInt8], new: [UInt8]) {
        var (left, right): ([UInt8], [UInt8]) = ([], [])
        for part in comparison.parts {
            switch part.kind {
            case .same:
                left += old[part.range]
                right += old[part.range]
            case .removed: left += old[part.range]
            case .added: right += new[part.range]
            }
        }
        return (left, right)
    }

    private static func shown(_ old: String, _ new: String, _ bounds: TextComparison.Bounds = .init()) -> String {
        let (left, right) = (Array(old.utf8), Array(new.utf8))
        return TextComparison(from: left, to: right, bounds: bounds).parts.map { part in
            let text = String(decoding: part.kind == .added ? right[part.range] : left[part.range], as: UTF8.self)
            return part.kind == .same ? text : part.kind == .removed ? "[-\(text)-]" : "[+\(text)+]"
        }.joined()
    }

    private static let words = ["night", "shift", "begins", "at", "21:45", "Ärzte", "夜勤は", "–", "", "  ", "a"]

    private static func text(_ random: inout SeededGenerator, lines: Int) -> [[String]] {
        (0..<lines).map { _ in
            (0..<Int.random(in: 0...6, using: &random)).map { _ in words.randomElement(using: &random) ?? "" }
        }
    }

    private static func changed(_ lines: [[String]], _ random: inout SeededGenerator) -> [[String]] {
        var lines = lines
        for _ in 0..<Int.random(in: 0...8, using: &random) where !lines.isEmpty {
            let place = Int.random(in: lines.indices, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: lines.remove(at: place)
            case 1: lines.insert(contentsOf: text(&random, lines: 2), at: place)
            case 2: lines[place].append(words.randomElement(using: &random) ?? "")
            default: if !lines[place].isEmpty { lines[place].removeFirst() }
            }
        }
        return lines
    }

    private static func bytes(_ lines: [[String]], end: Bool) -> [UInt8] {
        Array((lines.map { $0.joined(separator: " ") }.joined(separator: "\n") + (end ? "\n" : "")).utf8)
    }

    @Test(arguments: 0..<400) func `applied, a difference gives both texts byte for byte`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let lines = Self.text(&random, lines: Int.random(in: 0...20, using: &random))
        let old = Self.bytes(lines, end: Bool.random(using: &random))
        let new = Self.bytes(
            seed % 5 == 0 ? Self.text(&random, lines: 9) : Self.changed(lines, &random),
            end: Bool.random(using: &random))
        for edits in [0, 3, 2000] {
            let bounds = TextComparison.Bounds(lineEditsMax: edits, wordEditsMax: edits)
            let comparison = TextComparison(from: old, to: new, bounds: bounds)
            let given = Self.texts(comparison, old, new)
            #expect(given.old == old && given.new == new, "seed \(seed), \(edits) edits")
            for part in comparison.parts {
                let text = part.kind == .added ? new : old
                #expect(String(validating: text[part.range], as: UTF8.self) != nil, "seed \(seed): a cut character")
            }
            #expect(
                zip(comparison.parts, comparison.parts.dropFirst()).allSatisfy { $0.kind != $1.kind }, "seed \(seed)")
        }
    }

    /// The length of the longest common subsequence by dynamic programming.
    private static func common(_ old: [Int32], _ new: [Int32]) -> Int {
        var row = [Int](repeating: 0, count: new.count + 1)
        for left in old {
            var before = 0
            for (index, right) in new.enumerated() {
                let above = row[index + 1]
                row[index + 1] = left == right ? before + 1 : max(above, row[index])
                before = above
            }
        }
        return row[new.count]
    }

    @Test(arguments: 0..<500) func `no way is shorter, and one that is too long is not taken`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        func sequence() -> [Int32] {
            (0..<Int.random(in: 0...14, using: &random)).map { _ in Int32.random(in: 0..<4, using: &random) }
        }
        let (old, new) = (sequence(), sequence())
        let shortest = old.count + new.count - 2 * Self.common(old, new)
        let runs = try #require(Self.runs(old, new, shortest), "seed \(seed)")
        #expect(runs.filter { $0.step != .keep }.reduce(0) { $0 + $1.count } == shortest, "seed \(seed)")
        if shortest > 0 {
            #expect(Self.runs(old, new, shortest - 1) == nil, "seed \(seed)")
        }
        var (x, rebuilt) = (0, [Int32]())
        for run in runs {
            switch run.step {
            case .keep:
                rebuilt += old[x..<x + run.count]
                x += run.count
            case .remove: x += run.count
            case .add: rebuilt += new[rebuilt.count..<rebuilt.count + run.count]
            }
        }
        #expect(rebuilt == new && x == old.count, "seed \(seed)")
    }

    @Test func `words are compared where lines changed`() {
        #expect(
            Self.shown("The shift begins at 21:45 sharp.\n", "The shift begins at 22:15 sharp.\n")
                == "The shift begins at [-21:45-][+22:15+] sharp.\n")
        #expect(Self.shown("夜勤は二十一時。\n", "夜勤は二十二時。\n") == "夜勤は二十[-一-][+二+]時。\n")
        #expect(Self.shown("One.\n\nTwo.\n", "One.\n\nNew.\n\nTwo.\n") == "One.\n\n[+New.\n\n+]Two.\n")
        #expect(Self.shown("same\n", "same\n") == "same\n")
        #expect(Self.shown("", "a\n") == "[+a\n+]" && Self.shown("a\n", "") == "[-a\n-]" && Self.shown("", "").isEmpty)
    }

    @Test func `a line that says something else is shown as a whole`() {
        #expect(
            Self.shown("Visitors park behind the chapel.\n", "The canteen serves soup, on Fridays only.\n")
                == "[-Visitors park behind the chapel.\n-][+The canteen serves soup, on Fridays only.\n+]")
    }

    @Test func `so much that changed is one change`() {
        let (old, new) = ((0..<30).map { "old \($0)\n" }, (0..<30).map { "new \($0)\n" })
        let bounds = TextComparison.Bounds(lineEditsMax: 10, wordEditsMax: 10)
        let comparison = TextComparison(
            from: Array(old.joined().utf8), to: Array(new.joined().utf8), bounds: bounds)
        #expect(comparison.isCoarse && comparison.parts.map(\.kind) == [.removed, .added])
    }

    private static func runs(_ old: [Int32], _ new: [Int32], _ editsMax: Int) -> [ShortestEdit.Run]? {
        var work = Int.max
        return ShortestEdit.runs(from: old, to: new, editsMax: editsMax, work: &work)
    }

    @Test func `texts that are made to be slow to compare are shown as wholes`() {
        let same = [[UInt8]](repeating: Array("a\n".utf8), count: 3_000).flatMap(\.self)
        let (old, new) = (same + (0..<900).flatMap { Array("o\($0)\n".utf8) }, Array("x\n".utf8) + same)
        let comparison = TextComparison(from: old, to: new, bounds: .init(workMax: 100_000))
        #expect(comparison.isCoarse)
        func bytes(_ left: TextComparison.Kind) -> Int {
            comparison.parts.filter { $0.kind != left }.reduce(0) { $0 + $1.range.count }
        }
        #expect(bytes(.added) == old.count && bytes(.removed) == new.count)
        #expect(TextComparison(from: old, to: new, bounds: .init(bytesMax: 100)).isCoarse)
    }
}
