import ArgumentParser
import Foundation
import Search

/// Finds passages and prints where they are.
struct SearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Find passages that you may read.",
        discussion: "  cloister search \"invoice 4711\" --mode lexical --explain")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "What to look for.") var query: String
    @Option(help: "How to look.") var mode = SearchMode.fused
    @Option(help: "1 to 100 passages.") var limit = 10
    @Option(help: "Only documents with this tag. May be repeated.") var tag: [String] = []
    @Option(help: "Only documents below this folder.") var folder: String?
    @Option(help: "What held on this day, such as 2025-12-31; today when it is left out.") var on: String?
    @Flag(help: "Also what no longer holds, not yet, or was said anew.") var outdated = false
    @Flag(help: "Say for each passage why it is there, and which rule lets you see it.") var explain = false
    @Flag(help: "Print JSON.") var json = false

    private struct Query: Encodable {
        let query, mode: String
        let limit: Int
        let explain: Bool
        let filter: Filter
    }

    private struct Filter: Encodable {
        let tags: [String]
        let folder, effectiveOn: String?
        let outdated: Bool
    }

    private struct Hits: Decodable {
        struct Hit: Decodable {
            struct Explanation: Decodable { let access: String }
            let title, path, snippet: String
            let heading: [String]
            let score: Double
            let explanation: Explanation?
        }
        let hits: [Hit]
    }

    func run() async throws {
        let body = Query(
            query: query, mode: mode.rawValue, limit: limit, explain: explain,
            filter: Filter(tags: tag, folder: folder, effectiveOn: on, outdated: outdated))
        let bytes = try await options.withClient { client in
            try await client.bytes(.post("/api/v1/search", json: body))
        }
        let hits = try JSONDecoder().decode(Hits.self, from: Data(bytes)).hits
        if json {
            Terminal.printData(String(decoding: bytes, as: UTF8.self))
        } else {
            for (index, hit) in hits.enumerated() { show(hit, rank: index + 1) }
        }
        if hits.isEmpty {
            if !json { Terminal.say("Nothing found.") }
            throw ExitCode(3)
        }
    }

    private func show(_ hit: Hits.Hit, rank: Int) {
        let place = ([hit.path] + hit.heading).joined(separator: " > ")
        Terminal.printData("\(rank). \(Terminal.bold(Terminal.safe(place)))  \(String(format: "%.4f", hit.score))")
        let snippet = Terminal.safe(hit.snippet).split(separator: "\n").joined(separator: " ")
        Terminal.printData("   " + snippet.prefix(240))
        if let access = hit.explanation?.access { Terminal.printData(Terminal.dim("   you may see it: " + access)) }
    }
}

extension SearchMode: ExpressibleByArgument {}
