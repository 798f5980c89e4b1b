import Foundation
import Testing

/// A target names only targets of a lower rank: Package.swift is read as text, rank by rank.
@Suite struct RankTests {
    private struct Declared {
        let name: String
        let rank: Int
        let dependencies: [String]
    }

    private static func declared() throws -> [Declared] {
        var rank = -1
        var found: [Declared] = []
        for line in try SourceTree.text("Package.swift").components(separatedBy: "\n") {
            if let number = line.firstMatch(of: #/// rank (\d)/#) { rank = Int(number.1) ?? -1 }
            if line.contains("// tests only") { break }
            guard rank >= 0, let match = line.firstMatch(of: #/capability\("(\w+)", on: \[(.*)\]/#) else { continue }
            let names = match.2.matches(of: #/"(\w+)"/#).map { String($0.1) }
            found.append(Declared(name: String(match.1), rank: rank, dependencies: names))
        }
        return found
    }

    @Test func `every target imports lower ranks only`() throws {
        let declared = try Self.declared()
        #expect(declared.count >= 15)
        let ranks = Dictionary(uniqueKeysWithValues: declared.map { ($0.name, $0.rank) })
        for target in declared {
            for dependency in target.dependencies {
                let lower = (ranks[dependency] ?? 0) < target.rank
                #expect(lower, "\(target.name) (rank \(target.rank)) imports \(dependency)")
            }
        }
    }

    @Test func `every target has content and tests`() throws {
        for target in try Self.declared() {
            #expect(SourceTree.sources.contains { $0.target == target.name }, "\(target.name) is empty")
            #expect(SourceTree.exists("Tests/\(target.name)Tests"), "\(target.name) has no tests")
        }
    }
}
