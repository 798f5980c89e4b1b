import Access
import Foundation
import Kit
import Storage
import TestKit
import Testing

@testable import Search

/// The promise of DESIGN 7.5: what a reader gets does not depend on what the reader may not see.
@Suite struct NonInterferenceTests {
    static let seeds = Int(ProcessInfo.processInfo.environment["CLOISTER_SEEDS"] ?? "") ?? 300

    @Test func `results are byte-equal with and without unseen documents`() throws {
        for seed in 1...UInt64(Self.seeds) { try Self.compare(seed: seed) }
    }

    @Test func `the layout in parts and segments changes no byte`() throws {
        for seed in 1...UInt64(max(Self.seeds / 5, 20)) {
            var world = RandomWorld(seed: seed)
            let busy = try Self.history(&world)
            for reader in world.readers {
                let everything = Array(world.documents.values)
                let other = try Self.fresh(of: everything, &world)
                let query = world.randomQuery()
                let (left, right) = (world.search(busy.live, query, reader), world.search(other.live, query, reader))
                #expect(try Self.bytes(left) == Self.bytes(right), "seed \(seed)")
            }
        }
    }

    private static func compare(seed: UInt64) throws {
        var world = RandomWorld(seed: seed)
        let all = try history(&world)
        for reader in world.readers {
            let visible = world.visible(to: reader)
            let alone = try fresh(of: visible, &world)
            for _ in 0..<4 {
                let query = world.randomQuery()
                let (left, right) = (world.search(all.live, query, reader), world.search(alone.live, query, reader))
                try #require(try bytes(left) == bytes(right), "seed \(seed), \(query.mode) of \(query.text)")
                let ids = Set(visible.map(\.indexed.document))
                try #require(left.hits.allSatisfy { ids.contains($0.document) }, "seed \(seed)")
            }
        }
    }

    /// Publishes, updates, removals and moves in random order, sealed at random moments.
    static func history(_ world: inout RandomWorld) throws -> RandomFollower {
        var follower = RandomFollower(world)
        for _ in 0..<Int.random(in: 5...25, using: &world.generator) {
            var (changed, removed): (Set<DocumentID>, [DocumentID]) = ([], [])
            for _ in 0..<Int.random(in: 1...5, using: &world.generator) {
                let known = world.documents.keys.sorted().randomElement(using: &world.generator)
                if let known, world.chance(20) {
                    world.documents[known] = nil
                    world.sequence += 1
                    removed.append(known)
                    changed.remove(known)
                } else if let known, world.chance(30) {
                    world.documents[known]?.acl = world.acls.indices.randomElement(using: &world.generator) ?? 0
                    world.sequence += 1
                    changed.insert(known)
                } else {
                    let document = world.randomDocument(world.chance(30) ? known : nil)
                    world.documents[document.indexed.document] = document
                    changed.insert(document.indexed.document)
                }
            }
            try follower.apply(changed.sorted().compactMap { world.documents[$0] }, removed: removed, world)
            if world.chance(15) { try follower.seal(&world) }
        }
        return follower
    }

    /// The same documents in another order of arrival and with other boundaries.
    private static func fresh(
        of documents: [RandomWorld.Document], _ world: inout RandomWorld
    ) throws -> RandomFollower {
        var follower = RandomFollower(world)
        var rest = documents.sorted { $0.indexed.document < $1.indexed.document }.shuffled(using: &world.generator)
        while !rest.isEmpty {
            let count = Int.random(in: 1...rest.count, using: &world.generator)
            try follower.apply(Array(rest.prefix(count)), removed: [], world)
            rest.removeFirst(count)
            if world.chance(30) { try follower.seal(&world) }
        }
        return follower
    }

    /// Everything but the sequence, as a client would get it.
    static func bytes(_ result: SearchResult) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return try encoder.encode(
            SearchResult(
                sequence: 0, hits: result.hits, searched: result.searched, matched: result.matched,
                terms: result.terms))
    }
}
