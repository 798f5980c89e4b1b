import ArgumentParser
import Foundation
import HTTPTypes

/// The library as a whole.
struct LibraryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "library", abstract: "See how documents were read, and read them again after a change.",
        discussion: "  cloister library status",
        subcommands: [LibraryStatusCommand.self, LibraryReembedCommand.self, LibraryPauseCommand.self],
        defaultSubcommand: LibraryStatusCommand.self)
}

/// What the server says about reading documents again.
struct RereadReport: Decodable {
    let encoder, serving, advice: String
    let switched, upToDate: Bool
    let documents, behind, surplus, stuck, outdated, done: Int
    let state, job: String?

    var lines: [String] {
        var lines = [
            "documents         \(documents)", "read by           \(encoder)", "searched by       \(serving)",
            "to be embedded    \(behind)", "to be cut or parsed \(outdated)", "with old vectors  \(surplus)",
            "could not be read \(stuck)",
        ]
        if let state { lines.append("reading again     \(state), \(done) done, \(job ?? "")") }
        return lines + [advice]
    }
}

struct LibraryStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Which documents were read in another way than today's (default).",
        discussion: "  cloister library status --json")

    @OptionGroup var options: GlobalOptions
    @Flag(help: "Print JSON.") var json = false

    func run() async throws { try await options.showReread(PlatformRequest(path: "/api/v1/library/reread"), json) }
}

struct LibraryReembedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reembed", abstract: "Read again what another encoder, chunker or parser has read.",
        discussion: """
            Search goes on meanwhile. It runs in the background behind other jobs and goes on after a crash.
              cloister library reembed --dry-run
              cloister library reembed
            """)

    @OptionGroup var options: GlobalOptions
    @Flag(help: "Only say what would be read again.") var dryRun = false
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let path = "/api/v1/library/reread"
        try await options.showReread(PlatformRequest(method: dryRun ? .get : .post, path: path), json)
    }
}

struct LibraryPauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Stop after the document that is being read; reembed goes on there.",
        discussion: "  cloister library pause")

    @OptionGroup var options: GlobalOptions
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        try await options.showReread(PlatformRequest(method: .post, path: "/api/v1/library/reread/pause"), json)
    }
}

extension GlobalOptions {
    fileprivate func showReread(_ request: PlatformRequest, _ json: Bool) async throws {
        let bytes = try await withClient { try await $0.bytes(request) }
        if json { return Terminal.printData(String(decoding: bytes, as: UTF8.self)) }
        let report = try JSONDecoder().decode(RereadReport.self, from: Data(bytes))
        for line in report.lines { Terminal.printData(Terminal.safe(line)) }
    }
}
