import Foundation
import Testing

/// Sizes, file roles and the few words that need a reason (STYLE.md).
@Suite struct ShapeTests {
    static let generated = ["UnicodeTable+Generated.swift"]
    static let all = (SourceTree.sources + SourceTree.tests).filter { !generated.contains($0.name) }

    @Test func `no file is over 500 lines`() {
        let long = Self.all.filter { $0.lines.count > 500 }.map { "\($0.path): \($0.lines.count)" }
        #expect(long.isEmpty, "\(long)")
    }

    @Test func `no line is over 120 columns`() {
        let long = Self.all.flatMap { file in
            // In a test, text that a program prints or reads is not broken to please a ruler.
            let isTest = file.path.hasPrefix("Tests/")
            return file.lines.enumerated().filter { $0.element.count > 120 && !(isTest && $0.element.contains("\"")) }
                .map { "\(file.path):\($0.offset + 1)" }
        }
        #expect(long.isEmpty, "\(long)")
    }

    @Test func `no function is over 70 lines`() {
        let long = SourceTree.sources.filter { !Self.generated.contains($0.name) }.flatMap { file in
            FunctionLengths.of(file).filter { $0.lines > 70 }.map { "\(file.path): \($0.name) \($0.lines)" }
        }
        #expect(long.isEmpty, "\(long)")
    }

    @Test func `SQL stands in stores and migrations only`() throws {
        let statement = try Regex(#"^\s*("|"")?"?(SELECT |INSERT INTO |UPDATE \w+ SET|DELETE FROM |CREATE TABLE )"#)
        let wrong = SourceTree.sources.filter { file in
            !file.name.hasSuffix("Store.swift") && !file.name.hasSuffix("Migrations.swift") && file.target != "Storage"
                && file.lines.contains { $0.firstMatch(of: statement) != nil }
        }.map(\.path)
        #expect(wrong.isEmpty, "\(wrong)")
    }

    @Test func `only route files of a capability import the web layer, and only the web layer imports its framework`() {
        let wiring = ["HTTPKit", "cloister", "WebUI"]
        let frameworks = wiring + ["Outbound", "TestConnectors"]
        let wrong = SourceTree.sources.filter { file in
            let isRoutes = file.name.hasSuffix("Routes.swift") || Self.webFiles.contains(file.name)
            let framework = file.lines.contains { $0.hasPrefix("import Hummingbird") || $0.hasPrefix("import NIO") }
            let web = file.lines.contains { $0 == "import HTTPKit" }
            return (framework && !frameworks.contains(file.target))
                || (web && !isRoutes && !wiring.contains(file.target))
        }.map(\.path)
        #expect(wrong.isEmpty, "\(wrong)")
    }

    /// Besides routes: what turns an answer into events, and the ledger that the web layer asks for.
    static let webFiles = [
        "AnswerEvents.swift", "ErasureEvents.swift", "IdempotencyStore.swift", "IdempotencyService.swift",
        "JobEvents.swift",
    ]

    @Test func `only Outbound opens connections for HTTP, besides the command line's client to its own server`() {
        let words = ["import AsyncHTTPClient", "import FoundationNetworking", "URLSession", "ClientBootstrap("]
        let wrong = SourceTree.sources.filter { file in
            file.target != "Outbound" && !file.path.hasPrefix("Sources/cloister/Client/")
                && file.lines.contains { line in words.contains { line.contains($0) } }
        }.map(\.path)
        #expect(wrong.isEmpty, "\(wrong)")
    }

    @Test func `nothing is public`() {
        let wrong = SourceTree.sources.flatMap { file in
            file.lines.filter { $0.hasPrefix("public ") || $0.hasPrefix("    public ") }.map { "\(file.path): \($0)" }
        }
        #expect(wrong.isEmpty, "\(wrong)")
    }

    @Test(arguments: ["try!", "fatalError(", "@unchecked Sendable", "unsafeBitCast"])
    func `a dangerous word carries its reason`(word: String) {
        let wrong = SourceTree.sources.flatMap { file in
            file.lines.indices.filter { index in
                file.lines[index].contains(word) && !file.lines[index].contains("//")
                    && (index == 0 || !file.lines[index - 1].contains("//"))
            }.map { "\(file.path):\($0 + 1)" }
        }
        #expect(wrong.isEmpty, "\(word) without a reason: \(wrong)")
    }

    @Test func `every table with sealed bytes is in the erasure registry`() throws {
        let text = SourceTree.sources.filter { $0.name.hasSuffix("Migrations.swift") }
            .map { $0.lines.joined(separator: "\n") }.joined(separator: "\n")
        let created = text.matches(of: try Regex(#"CREATE TABLE (?:IF NOT EXISTS )?(\w+) \(([^"]*)"#))
        #expect(created.count > 15)
        for table in created {
            let name = table.output[1].substring.map(String.init) ?? ""
            let body = table.output[2].substring ?? ""
            guard body.contains("BLOB") else { continue }
            #expect(text.contains(#""\#(name)""#), "\(name) has a BLOB column and no entry in a Schema")
        }
    }
}

/// Lengths of functions by counting braces; good enough for our formatted code.
enum FunctionLengths {
    static func of(_ file: SourceTree.File) -> [(name: String, lines: Int)] {
        var found: [(String, Int)] = []
        var open: (name: String, start: Int, depth: Int)?
        var depth = 0
        for (index, line) in file.lines.enumerated() {
            let starts =
                line.contains("func ") && line.hasSuffix("{")
                && !line.trimmingCharacters(in: .whitespaces).hasPrefix("//")
            if open == nil, starts { open = (line.trimmingCharacters(in: .whitespaces), index, depth) }
            depth += line.count { $0 == "{" } - line.count { $0 == "}" }
            if let function = open, depth <= function.depth {
                found.append((function.name, index - function.start + 1))
                open = nil
            }
        }
        return found
    }
}
