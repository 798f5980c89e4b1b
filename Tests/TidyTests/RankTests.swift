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
        var found: [Declared] = []
        let manifest = try SourceTree.text("Package.swift").components(separatedBy: "// tests only")[0]
        for section in manifest.components(separatedBy: "// rank ").dropFirst() {
            guard let rank = section.first?.wholeNumberValue else { continue }
            for match in section.matches(of: #/capability\(\s*"(\w+)",\s*on: \[([^\]]*)\]/#) {
                let names = match.2.matches(of: #/"(\w+)"/#).map { String($0.1) }
                found.append(Declared(name: String(match.1), rank: rank, dependencies: names))
            }
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
