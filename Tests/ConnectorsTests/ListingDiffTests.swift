import Kit
import TestKit
import Testing

@testable import Connectors

@Suite struct ListingDiffTests {
    private static func item(_ key: String, _ tag: String, _ group: String = "a") -> SourceItem {
        SourceItem(
            key: ExactText(key), path: key, tag: ExactText(tag),
            permissions: SourcePermissions([SourceConstraint(allow: [.group(ExactText(group))])]))
    }

    private static func page(_ changes: [SourceChange], skipped: [SkippedItem] = []) throws -> ChangePage {
        var page = ChangePage(next: try .of([]), isLast: true, isListing: true)
        (page.changes, page.skipped) = (changes, skipped)
        return page
    }

    @Test func `what is as it was is no news, and permissions alone are`() throws {
        let old = Self.item("a", "1")
        var diff = ListingDiff(previous: ["a": .init(old)])
        #expect(diff.news(of: try Self.page([.upsert(old)])).isEmpty)
        let narrowed = Self.item("a", "1", "b")
        #expect(diff.news(of: try Self.page([.upsert(narrowed)])) == [.permissions("a", narrowed.permissions)])
        #expect(diff.news(of: try Self.page([.permissions("a", .unknown)])) == [.permissions("a", .unknown)])
        #expect(diff.news(of: try Self.page([.permissions("new", .unknown)])).isEmpty)
        #expect(diff.removed.isEmpty)
    }

    @Test func `what is skipped stays, and what no page names goes`() throws {
        let previous = ["a", "b", "c"].map { Self.item($0, "1") }
        var diff = ListingDiff(
            previous: Dictionary(uniqueKeysWithValues: previous.map { ($0.key, ListingDiff.Known($0)) }))
        let skipped = SkippedItem(key: "b", path: "b", reason: .unavailable)
        let page = try Self.page([.removed("c"), .removed("never seen")], skipped: [skipped])
        #expect(diff.news(of: page) == [.removed("c")])
        #expect(diff.removed == [.removed("a")])
    }

    @Test func `names that only look the same are two items`() throws {
        let (composed, decomposed) = (ExactText("caf\u{e9}"), ExactText("cafe\u{301}"))
        #expect(composed.text == decomposed.text, "Swift's own comparison, which is why there is another")
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
        #expect(SourcePrincipal.user(composed) != .user(decomposed))
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
    func `applying the news of random listings keeps a copy equal to the source`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var source: [ExactText: SourceItem] = [:]
        var copy: [ExactText: SourceItem] = [:]
        for round in 0..<60 {
            for _ in 0..<Int.random(in: 0..<12, using: &generator) {
                let key = "k\(Int.random(in: 0..<25, using: &generator))"
                let tag = "\(Int.random(in: 0..<3, using: &generator))"
                let group = "\(Int.random(in: 0..<3, using: &generator))"
                source[ExactText(key)] = Bool.random(using: &generator) ? Self.item(key, tag, group) : nil
            }
            var diff = ListingDiff(previous: copy.mapValues { ListingDiff.Known($0) })
            var news: [SourceChange] = []
            var listed = Array(source.values).shuffled(using: &generator)
            // A source may name an item twice.
            if let twice = listed.randomElement(using: &generator) { listed.append(twice) }
            while !listed.isEmpty {
                let part = listed.prefix(Int.random(in: 1...7, using: &generator))
                listed.removeFirst(part.count)
                news += diff.news(of: try Self.page(part.map { .upsert($0) }))
            }
            let different =
                source.filter { copy[$0.key] != $0.value }.count + copy.keys.filter { source[$0] == nil }.count
            news += diff.removed
            #expect(news.count == different, "seed \(seed), round \(round)")
            for change in news {
                switch change {
                case .upsert(let item): copy[item.key] = item
                case .permissions(let key, let permissions): copy[key]?.permissions = permissions
                case .removed(let key): copy[key] = nil
                }
            }
            #expect(copy == source, "seed \(seed), round \(round)")
        }
    }
}
