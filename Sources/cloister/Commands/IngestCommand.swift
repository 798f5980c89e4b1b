import ArgumentParser
import Foundation
import Kit

/// Puts files in and waits until each is ready or failed.
struct IngestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Put a folder, or one file, into a collection.",
        discussion: """
            Interrupt and repeat it as you like: what is there already is not stored twice.
              cloister ingest ~/handbook --collection handbook
              cloister ingest notes.md --dry-run
            """)

    @OptionGroup var options: GlobalOptions
    @Argument(help: "A folder or a file.") var path: String
    @Option(help: "Collection, made when it is not there.") var collection = "documents"
    @Option(help: "How secret the documents are (default: as the collection).")
    var label: Classification?
    @Flag(help: "Only list what would be put in.") var dryRun = false
    @Flag(help: "Print the outcome as JSON.") var json = false

    func run() async throws {
        let files = try FolderListing(path).files
        if dryRun {
            files.forEach { Terminal.printData($0.name) }
            return Terminal.say("\(files.count) file(s); nothing was stored.")
        }
        let outcome = try await options.withClient { try await ingest(files, with: $0) }
        try report(outcome)
    }

    private func ingest(_ files: [FolderListing.File], with client: any PlatformClient) async throws -> IngestOutcome {
        let target = try await CollectionLookup(client: client).findOrCreate(collection, label: label?.rawValue)
        let sender = FolderUpload(client: client, collection: target.id, label: label?.rawValue)
        let refused = try await sender.send(files)
        let states = try await sender.waitUntilSettled()
        let failures = states.failed == 0 ? [] : try await sender.failures(among: files)
        for failure in failures { Terminal.say("\(Terminal.safe(failure.path)): \(failure.advice)") }
        return IngestOutcome(
            collection: target.id, files: files.count, refused: refused.count, failed: failures.count,
            ready: states.ready, quarantined: states.quarantined)
    }

    private func report(_ outcome: IngestOutcome) throws {
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            Terminal.printData(String(decoding: try encoder.encode(outcome), as: UTF8.self))
        } else {
            Terminal.say(
                "\(outcome.files - outcome.refused - outcome.failed) of \(outcome.files) file(s) are in \(collection); "
                    + "\(outcome.ready) document(s) ready there.")
            if outcome.quarantined > 0 {
                Terminal.say("\(outcome.quarantined) document(s) there wait for a review before they can be found.")
            }
        }
        if outcome.refused + outcome.failed > 0 { throw CommandFailure.someFailed(outcome.refused + outcome.failed) }
    }
}

extension Classification: ExpressibleByArgument {}

/// What `ingest --json` prints.
struct IngestOutcome: Codable {
    let collection: String
    let files: Int
    let refused: Int
    /// Files of this run that were stored and could not be read.
    let failed: Int
    /// Documents of the collection, not only of this run.
    let ready: Int
    /// As `ready`: read, and waiting until a person has looked at them.
    let quarantined: Int
}
