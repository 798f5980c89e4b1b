import Kit
import TestKit
import Testing

@testable import Library

/// Grouping, apart from where the sketches come from.
@Suite struct DuplicateGroupsTests {
    private static func document(_ number: Int, _ text: String, content: Int? = nil) -> SketchedDocument {
        SketchedDocument(
            document: DocumentID(high: 0, low: UInt64(number)), created: Timestamp(microseconds: Int64(number)),
            content: [UInt8](String(content ?? number).utf8), sketch: Sketch(of: Array(text.utf8)))
    }

    private static func numbers(_ groups: [[DuplicateGroups.Member]]) -> [[Int]] {
        groups.map { $0.map { Int($0.document.low) } }
    }

    private static func words(_ range: Range<Int>) -> String { range.map { "w\($0)" }.joined(separator: " ") }

    @Test func `equal and near documents are grouped, the oldest first`() {
        let near = Self.words(0..<200)
        let groups = DuplicateGroups.find(among: [
            Self.document(5, near + " end"), Self.document(4, Self.words(500..<700), content: 1),
            Self.document(1, Self.words(500..<700)), Self.document(2, near), Self.document(3, "begin " + near),
            Self.document(6, Self.words(900..<950)),
        ])
        #expect(Self.numbers(groups) == [[2, 3, 5], [1, 4]])
        #expect(groups[1].allSatisfy { $0.isExact && $0.resemblance == 1 })
        #expect(groups[0].allSatisfy { !$0.isExact && $0.resemblance > 0.9 })
    }

    @Test func `what has no sketch is grouped by its bytes alone`() {
        let old = [7, 8, 9].map {
            SketchedDocument(
                document: DocumentID(high: 0, low: $0), created: Timestamp(microseconds: 0),
                content: $0 == 9 ? [9] : [1], sketch: nil)
        }
        let groups = DuplicateGroups.find(among: old + [Self.document(1, ""), Self.document(2, "...")])
        #expect(Self.numbers(groups) == [[7, 8]])
        #expect(groups[0].map(\.resemblance) == [1, 1])
        #expect(DuplicateGroups.find(among: []).isEmpty)
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `groups are those of comparing every pair`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var documents: [SketchedDocument] = []
        for number in 0..<150 {
            let family = Int.random(in: 0..<40, using: &generator) * 1000
            let words = (0..<120).map { place in
                Int.random(in: 0..<60, using: &generator) == 0 ? "other\(number)" : "w\(family + place)"
            }
            let content = Int.random(in: 0..<10, using: &generator) == 0 ? 1_000_000 + family : number
            let text = content == number ? words.joined(separator: " ") : Self.words(family..<family + 120)
            documents.append(Self.document(number, text, content: content))
        }
        let groups = Self.numbers(DuplicateGroups.find(among: documents.shuffled(using: &generator)))
        #expect(groups.count > 10 && groups == Self.byHand(documents), "seed \(seed)")
    }

    /// Connected components over all pairs.
    private static func byHand(_ documents: [SketchedDocument]) -> [[Int]] {
        var names = Array(documents.indices)
        for left in documents.indices {
            for right in documents.indices where left < right {
                let (one, two) = (documents[left], documents[right])
                let resemblance = two.sketch.flatMap { one.sketch?.resemblance(to: $0) } ?? 0
                guard one.content == two.content || resemblance >= 0.8 else { continue }
                let (old, new) = (names[right], names[left])
                for place in names.indices where names[place] == old { names[place] = new }
            }
        }
        let groups = Dictionary(grouping: documents.indices, by: { names[$0] }).values.filter { $0.count > 1 }
        return groups.map { $0.sorted() }.sorted { ($1.count, $0[0]) < ($0.count, $1[0]) }
    }

    @Test func `a flood is one group`() {
        let base = Self.words(0..<60)
        let flood = (0..<3000).map { Self.document($0, base + " copy\($0)") }
        let groups = Self.numbers(DuplicateGroups.find(among: flood + [Self.document(9000, Self.words(70..<90))]))
        #expect(groups == [Array(0..<3000)])
    }

    @Test func `a passage is folded into the best that it resembles`() {
        let (base, other) = (Self.words(0..<100), Self.words(200..<300))
        let texts = [base, other, base + " end", "begin " + other, "one", "two", "one", "", ""].map { Array($0.utf8) }
        #expect(PassageFold.leaders(of: texts) == [0, 1, 0, 1, 4, 5, 4, 7, 8])
        #expect(PassageFold.leaders(of: []).isEmpty)
    }
}
