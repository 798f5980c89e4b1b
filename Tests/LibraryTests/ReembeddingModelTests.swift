import Access
import Encoder
import Kit
import Search
import Storage
import TestKit
import TestLibrary
import Testing

@testable import JobQueue
@testable import Library

/// Uploads, deletions, restrictions, crashes, pauses and other ways of cutting, in any order, while documents are read
/// by a second encoder: at every moment what lives is found, by its words and by its meaning, and nothing else is.
@Suite struct ReembeddingModelTests {
    @Test(arguments: [1, 2, 3]) func `whatever happens meanwhile, the index says what the model says`(
        seed: UInt64
    ) async throws {
        try await LibraryWorld.each { first in
            var model = try await Model(first, seed: seed)
            for _ in 0..<4 { try await model.upload() }
            try await model.finishJobs()
            try await first.index.seal(first.tenant)
            model.world = LibraryWorld(restarting: first, by: try SecondEncoder.encoder(), after: first.encoder)
            for _ in 0..<14 {
                try await model.step()
                try await model.check()
            }
            try await model.end()
        }
    }
}

private struct Model {
    var world: LibraryWorld
    private let collection: CollectionID
    private var random: SeededGenerator
    /// Words of living documents, each in that one alone.
    private var living: [DocumentID: String] = [:]
    private var deleted: [DocumentID: String] = [:]
    private var count = 0
    private let seed: UInt64

    init(_ world: LibraryWorld, seed: UInt64) async throws {
        self.world = world
        self.seed = seed
        collection = try await world.collection()
        random = SeededGenerator(seed: seed)
    }

    mutating func step() async throws {
        switch Int.random(in: 0..<9, using: &random) {
        case 0, 1: try await upload()
        case 2: try await replace()
        case 3: try await delete()
        case 4: _ = try await world.library.startRereading(by: world.admin, request: nil)
        case 5: _ = try await world.library.pauseRereading(by: world.admin, request: nil)
        case 6: try await crash()
        case 7: try await cutOtherwise()
        default: try await performOne()
        }
    }

    mutating func upload() async throws {
        count += 1
        let word = "wort\(count)x"
        let text = "# Section \(word)\n\nThe \(word) is kept here.\n\n# More\n\nAnother part of it."
        living[try await world.upload(text, to: "\(count).md", in: collection).document] = word
    }

    private mutating func replace() async throws {
        guard let (id, old) = living.min(by: { $0.value < $1.value }), let row = try await world.row(id) else { return }
        count += 1
        let text = "Now it says wort\(count)x, and \(old) too."
        try await world.upload(text, to: row.path, in: collection)
    }

    private mutating func delete() async throws {
        guard let (id, word) = living.max(by: { $0.value < $1.value }) else { return }
        try await world.library.delete(id, by: world.admin, request: nil)
        living[id] = nil
        deleted[id] = word
    }

    /// A worker takes a job and is never heard of again.
    private func crash() async throws {
        _ = try await world.jobs.claim(world.tenant, limit: 1)
        world.time.advance(by: .seconds(61))
    }

    private mutating func cutOtherwise() async throws {
        var chunker = Chunker()
        chunker.strategy = [.structure, .fixed, .recursive].randomElement(using: &random) ?? .fixed
        chunker.tokensTarget = Int.random(in: 32...64, using: &random)
        chunker.tokensOverlap = 8
        let change = CollectionChange(chunking: chunker)
        try await world.library.change(collection, change, by: world.admin, request: nil)
    }

    private func performOne() async throws {
        guard let job = try await world.jobs.claim(world.tenant, limit: 1).first else { return }
        world.jobs.running.insert(job.lease, until: job.until)
        await world.jobs.perform(job)
    }

    func finishJobs() async throws {
        world.time.advance(by: .seconds(3_600))
        try await world.runJobs()
    }

    func check() async throws {
        for (id, word) in deleted {
            #expect(try await world.found(word, as: world.admin).contains(id) == false, "seed \(seed)")
            #expect(try await world.encoders(of: id) == [], "seed \(seed)")
        }
        var ready = 0
        for (id, word) in living where try await world.row(id)?.currentVersion != nil {
            ready += 1
            #expect(try await world.found(word, as: world.admin).contains(id), "seed \(seed)")
        }
        let result = try await world.library.asking("a part", for: world.admin) { [world] asked in
            try await world.library.search(asked.query(limit: 50), for: world.admin).0
        }
        // Both encoders are loaded: not one piece is without a vector of the one that is searched by.
        #expect(result?.searched == result?.embedded, "seed \(seed)")
        #expect(Set(result?.hits.map(\.document) ?? []).count == ready, "seed \(seed)")
    }

    mutating func end() async throws {
        for _ in 0..<4 {
            _ = try await world.library.startRereading(by: world.admin, request: nil)
            try await finishJobs()
        }
        try await check()
        let status = try await world.library.rereadStatus(for: world.admin)
        #expect(status.isUpToDate && status.state == .done, "seed \(seed): \(status)")
        for id in living.keys { #expect(try await world.encoders(of: id) == [world.encoder.fingerprint]) }
        #expect(try await world.segmentEncoders().isSubset(of: [world.encoder.fingerprint]), "seed \(seed)")
        for id in deleted.keys {
            let remains = try await world.database.read { [world] in
                try world.library.documents.remains(id, of: world.tenant, in: $0)
            }
            #expect(!remains, "seed \(seed)")
        }
    }
}
