import Foundation
import Testing

/// A guide that names what is not there is worse than none: every name in the guides must resolve.
@Suite struct GuideTests {
    static let guides = ["ARCHITECTURE.md", "STYLE.md", "README.md", "CONTRIBUTING.md"]

    /// Everything in back-quotes.
    private static func names(in guide: String) throws -> [String] {
        let prose = try SourceTree.text(guide).components(separatedBy: "```").enumerated()
            .filter { $0.offset.isMultiple(of: 2) }.map(\.element).joined()
        return prose.matches(of: #/`([^`]+)`/#).map { String($0.1) }
    }

    private static let declaredTypes: Set<String> = {
        let declaration = #/\b(?:struct|class|enum|protocol|actor|typealias|case|func|let|var) `?(\w+)/#
        let lines = (SourceTree.sources + SourceTree.tests).flatMap(\.lines)
        return Set(lines.flatMap { $0.matches(of: declaration).map { String($0.1) } })
    }()

    @Test(arguments: guides) func `every file that a guide names exists`(guide: String) throws {
        let files = Set((SourceTree.sources + SourceTree.tests).map(\.name))
        for name in try Self.names(in: guide) where name.hasSuffix(".swift") || name.contains("/") {
            guard name.firstMatch(of: #/^[A-Za-z0-9_.+\-/]+$/#) != nil, !name.hasPrefix("/") else { continue }
            let resolves = SourceTree.exists(name) || SourceTree.exists("Sources/" + name) || files.contains(name)
            #expect(resolves || name.hasPrefix("."), "\(guide) names \(name)")
        }
    }

    @Test func `every type and function that ARCHITECTURE names is declared`() throws {
        for name in try Self.names(in: "ARCHITECTURE.md") where !name.hasSuffix(".swift") {
            guard let match = name.firstMatch(of: #/^([A-Z]\w+)(?:\.(\w+)(?:\(.*\))?)?$/#) else { continue }
            let type = String(match.1)
            let isTarget = SourceTree.exists("Sources/\(type)")
            #expect(isTarget || Self.declaredTypes.contains(type), "ARCHITECTURE.md names \(name)")
            if let member = match.2 {
                #expect(
                    Self.declaredTypes.contains(String(member)) || member == "init" || member == "swift",
                    "ARCHITECTURE.md names \(name)")
            }
        }
    }

    @Test(arguments: guides) func `every make target that a guide names exists`(guide: String) throws {
        let makefile = try SourceTree.text("Makefile")
        for name in try Self.names(in: guide) where name.hasPrefix("make ") {
            let target = name.split(separator: " ")[1]
            #expect(makefile.contains("\n\(target):"), "\(guide) names \(name)")
        }
    }

    @Test(arguments: guides) func `every link inside the repository leads somewhere`(guide: String) throws {
        for match in try SourceTree.text(guide).matches(of: #/\]\(([^)#:]+)\)/#) {
            #expect(SourceTree.exists(String(match.1)), "\(guide) links to \(match.1)")
        }
    }
}
