import Foundation
import Kit
import Storage
import TestKit
import TestStorage
import Testing

@testable import cloister

/// `kill -9` at random moments of a real ingest: nothing lost, nothing doubled, never half a document.
@Suite(.serialized) struct IngestKillTests {
    private static let isSoak = ProcessInfo.processInfo.environment["CLOISTER_SOAK"] == "1"
    /// So that kills fall early and late in the life of a home. Fewer than the attempts that a job has.
    private static let killsPerHome = 3

    @Test func `kills at random points of an ingest lose, double and halve nothing on SQLite`() async throws {
        try await TestEnvironment.withTemporaryDirectory { root in
            let corpus = LampCorpus()
            try corpus.write(to: root + "/in")
            var killing = try await Killing(kills: Self.isSoak ? 1000 : 25, corpus: corpus, in: root)
            var number = 0
            while !killing.isDone {
                let home = CrashHome(folder: root + "/home-\(number)", corpus: corpus)
                try await killing.run(on: home, killsMax: Self.killsPerHome)
                try FileManager.default.removeItem(atPath: home.folder)
                number += 1
            }
            killing.summarise(homes: number)
        }
    }

    /// The check above is worth what it notices.
    private static let damages: [SQLStatement] = [
        "DELETE FROM chunks WHERE ordinal = 1", "DELETE FROM search_entries",
        "UPDATE documents SET state = 'processing'", "UPDATE documents SET current_version = NULL",
        "UPDATE document_versions SET body = NULL",
    ]

    @Test(arguments: damages.indices)
    func `the check notices half a document`(damage: Int) async throws {
        try await TestEnvironment.withTemporaryDirectory { root in
            let home = CrashHome(folder: root + "/home", corpus: LampCorpus(count: 1))
            try home.corpus.write(to: root + "/in")
            #expect(try await home.ingest(root + "/in").code == 0)
            let chunks = try await home.open { try await $0.checkNothingIsHalf() }
            try await home.open { open in
                let tenant = try #require(open.reader).tenant
                let statement = Self.damages[damage]
                try await open.platform.ground.database.write(.tenant(tenant)) { try $0.execute(statement) }
            }
            try await home.open { open in
                await withKnownIssue { try await open.checkNothingIsHalf(chunks: chunks) }
            }
        }
    }

    @Test func `kills at random points of an ingest lose, double and halve nothing on PostgreSQL`() async throws {
        try await TestEnvironment.withTemporaryDirectory { root in
            try await TestDatabases.postgresURL { url in
                let corpus = LampCorpus(count: 24)
                try corpus.write(to: root + "/in")
                var killing = try await Killing(kills: 5, corpus: corpus, in: root)
                let home = CrashHome(
                    folder: root + "/home", corpus: corpus, storage: try CrashHome.reference(to: url, in: root))
                // A dead worker's leases end by time here, because other nodes may be alive: no more kills than
                // attempts on one home.
                try await killing.run(on: home, killsMax: 5)
                killing.summarise(homes: 1)
            }
        }
    }
}

/// Kills ingests until there were enough, and looks at what is left after each.
private struct Killing {
    let wanted: Int
    let input: String
    /// Chunks of every file after an ingest that nobody disturbed.
    let chunks: [String: Int]
    /// Processor time of that ingest.
    private let work: Duration
    let seed: UInt64
    private var generator: SeededGenerator
    /// Moments within what is left of a run, 0 ..< 1.
    private var moments: [Double] = []
    private(set) var kills = 0
    private var survived = 0
    /// Documents that were ready after each kill.
    private var ready: [Int] = []

    var isDone: Bool { kills >= wanted }

    /// Measures one whole run first.
    init(kills: Int, corpus: LampCorpus, in root: String) async throws {
        wanted = kills
        input = root + "/in"
        seed = ProcessInfo.processInfo.environment["CLOISTER_TEST_SEED"].flatMap(UInt64.init) ?? .random(in: 0 ..< .max)
        generator = SeededGenerator(seed: seed)
        let clean = CrashHome(folder: root + "/undisturbed", corpus: corpus)
        let outcome = try await clean.ingest(input)
        work = outcome.processorTime
        try #require(outcome.code == 0 && work > .zero, "\(outcome.errors)")
        chunks = try await clean.open { try await $0.checkNothingIsHalf() }
        try #require(chunks.count == corpus.files.count && chunks.values.max() ?? 0 >= 3)
        try await clean.open { [chunks] in try await $0.checkComplete(chunks: chunks) }
        print("Kills: seed \(seed) (CLOISTER_TEST_SEED repeats it), an undisturbed run takes \(work) of a processor")
    }

    /// Kills again and again on one home, then lets a run come to its end.
    mutating func run(on home: CrashHome, killsMax: Int) async throws {
        var seen = 0
        for _ in 0..<killsMax where !isDone {
            let outcome = try await home.ingest(input, killAt: nextMoment(ready: seen))
            seen = try await home.open { [chunks] in try await $0.checkNothingIsHalf(chunks: chunks).count }
            guard outcome.isKilled else {
                survived += 1
                #expect(outcome.code == 0, "seed \(seed): \(outcome.errors)")
                break
            }
            kills += 1
            ready.append(seen)
        }
        let last = try await home.ingest(input)
        #expect(last.code == 0, "seed \(seed): \(last.errors)")
        try await home.open { [chunks] in try await $0.checkComplete(chunks: chunks) }
        let audit = try await home.program.run("audit", "verify")
        #expect(audit.code == 0, "seed \(seed): \(audit.errors)")
    }

    /// A moment of the work that is left. The moments are one from each of `wanted` equal parts, in random order, and
    /// again when all were used.
    private mutating func nextMoment(ready: Int) -> Duration {
        if moments.isEmpty {
            let parts = min(wanted, 25)
            moments = (0..<parts).map { (Double($0) + .random(in: 0..<1, using: &generator)) / Double(parts) }
            moments.shuffle(using: &generator)
        }
        // A fifth goes into opening, listing and closing, whatever is left to do.
        let left = 0.2 + 0.8 * Double(chunks.count - ready) / Double(chunks.count)
        return work * (left * moments.removeLast())
    }

    func summarise(homes: Int) {
        let sorted = ready.sorted()
        print(
            "Kills: \(kills) on \(homes) homes, \(survived) runs were done before their kill; "
                + "documents ready at the kills: \(sorted)")
    }
}
