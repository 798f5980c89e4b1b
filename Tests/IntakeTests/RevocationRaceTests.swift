import Access
import Connectors
import Foundation
import Kit
import Library
import Synchronization
import TestKit
import TestLibrary
import Testing

@testable import Intake

/// Access is taken and given back at the source in random ways while people ask. The run of the source is the moment
/// from which it counts: nothing that began afterwards may show what was taken, and what stayed is never missed.
@Suite struct RevocationRaceTests {
    private static let isSoak = ProcessInfo.processInfo.environment["CLOISTER_SOAK"] == "1"
    private static var seed: UInt64 {
        ProcessInfo.processInfo.environment["CLOISTER_TEST_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 0 ... .max)
    }

    private static let names = ["ann", "ben", "cay"]
    private static let pages = (0..<6).map { "p\($0)" }

    @Test func `randomised revocations beside questions show nothing that was taken (CNF-2)`() async throws {
        let seed = Self.seed
        let rounds = Self.isSoak ? 10_000 : 500
        try await IntakeWorld.each { world in
            var random = SeededGenerator(seed: seed)
            let people = try await world.people(Self.names, groups: ["g": ["ann"], "h": ["ben"]])
            for page in Self.pages { world.source.put(page, "A page, \(page).", path: page, .open) }
            let id = try await world.connected()
            var before = try await Self.expected(world, people)
            for _ in 0..<rounds {
                Self.disturb(world.source, &random)
                _ = try await world.intake.sync(id, by: world.admin, request: nil)
                // Asked while the run is on: each answer is of before or of after, page by page.
                async let during = Self.ask(world, people)
                try await world.base.runJobs()
                let (met, after) = (try await during, try await Self.expected(world, people))
                for (name, seen) in met {
                    let either = (before[name] ?? []).union(after[name] ?? [])
                    #expect(seen.isSubset(of: either), "seed \(seed): \(name) saw \(seen.subtracting(either))")
                }
                let now = try await Self.ask(world, people)
                #expect(now == after, "seed \(seed)")
                before = after
            }
        }
    }

    /// Groups, pages' rules, or both.
    private static func disturb(_ source: ScriptedSource, _ random: inout SeededGenerator) {
        if Int.random(in: 0..<3, using: &random) == 0 {
            let teams = ["g", "h"].map { ($0, names.filter { _ in Bool.random(using: &random) }) }
            source.direct(names, groups: Dictionary(uniqueKeysWithValues: teams))
        } else {
            let principals: [SourcePrincipal] =
                names.map { .person($0) } + [.team("g"), .team("h"), .everyone, .authenticated]
            for page in pages where Bool.random(using: &random) {
                let rules = (0..<Int.random(in: 0...2, using: &random)).map { _ in
                    SourceConstraint(
                        allow: Int.random(in: 0..<4, using: &random) == 0
                            ? nil : Set(principals.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }),
                        deny: Set(principals.filter { _ in Int.random(in: 0..<8, using: &random) == 0 }))
                }
                source.permit(page, SourcePermissions(rules))
            }
        }
    }

    private static func ask(_ world: IntakeWorld, _ people: [String: SubjectID]) async throws -> [String: Set<String>] {
        var seen: [String: Set<String>] = [:]
        for (name, subject) in people {
            let reader = try await world.base.now(subject)
            let hits = try await world.base.found("page", as: reader)
            var paths: Set<String> = []
            // Gone between search and look: hidden is hidden.
            for hit in hits {
                if let document = try? await world.library.document(hit, for: reader) { paths.insert(document.path) }
            }
            seen[name] = paths
        }
        return seen
    }

    private static func expected(
        _ world: IntakeWorld, _ people: [String: SubjectID]
    ) async throws -> [String: Set<String>] {
        let directory = world.source.state.withLock { $0.directory } ?? SourceDirectory()
        return people.keys.reduce(into: [:]) { all, name in
            let teams = directory.membership.filter { $0.value.contains(ExactText(name)) }.keys
            let mine = Set<SourcePrincipal>([.everyone, .authenticated, .person(name)])
                .union(teams.map { .group($0) })
            all[name] = Set(world.source.pages.filter { $0.value.permissions.admits(mine) }.map { "wiki/\($0.key)" })
        }
    }
}
