import ArgumentParser
import Foundation
import HTTPTypes
import Yams

/// Collections as a file says: label, quarantine and how documents are cut (RBP-3). It makes those that are missing,
/// deletes none, and leaves readers alone: that of a new one is whoever made it, until `collections access` says more.
struct CollectionsApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Make collections as a file says. Repeat it as you like.",
        discussion: """
            What the file does not name stays as it is, readers too; a new collection is read by you alone.
            Documents are read again when they are to be cut otherwise.
              cloister collections apply collections.yaml --dry-run

              collections:
                - name: Handbook
                  label: internal
                  quarantine: suspicious
                  chunking:
                    strategy: recursive
                    tokens: 384
                    overlap: 40
            """)

    @OptionGroup var options: GlobalOptions
    @Argument(help: "A YAML file.") var file: String
    @Flag(help: "Only say what would be done.") var dryRun = false

    func run() async throws {
        let plan = try CollectionsFile(reading: file)
        try await options.withClient { client in
            let listing: CollectionState.Listing = try await client.json(PlatformRequest(path: "/api/v1/collections"))
            for wanted in plan.collections {
                let known = listing.items.first { $0.name == wanted.name }
                let changes = wanted.changes(to: known)
                let word = known == nil ? "made" : changes.isEmpty ? "as it is" : "changed"
                Terminal.say(Terminal.safe("\(wanted.name): \(word)"))
                for change in changes { Terminal.say("  " + Terminal.safe(change)) }
                if !dryRun, known == nil || !changes.isEmpty { try await apply(wanted, to: known, client) }
            }
        }
    }

    private func apply(
        _ wanted: CollectionsFile.Entry, to known: CollectionState?, _ client: any PlatformClient
    ) async throws {
        var id = known?.id
        if id == nil {
            id = try await CollectionLookup(client: client).findOrCreate(wanted.name, label: wanted.settings.label).id
        }
        guard let id else { return }
        let settings = wanted.settings.filled(from: known)
        var request = try PlatformRequest.post("/api/v1/collections/\(id)/settings", json: settings)
        request.method = .put
        try await client.bytes(request)
    }
}

/// A collection as the server has it.
struct CollectionState: Decodable {
    struct Listing: Decodable { let items: [CollectionState] }

    struct Chunking: Codable, Equatable {
        var strategy: String?
        var tokens, overlap: Int?
    }

    let id, name, label, quarantine: String
    let chunking: Chunking
}

/// The file of `cloister collections apply`. A field that it does not know is an error, as in the settings.
struct CollectionsFile {
    struct Settings: Encodable {
        var label, quarantine: String?
        var chunking: CollectionState.Chunking?

        /// The server takes a way of cutting as a whole: what the file leaves out of it stays as it is.
        func filled(from known: CollectionState?) -> Settings {
            guard let known, let wanted = chunking else { return self }
            var settings = self
            settings.chunking = CollectionState.Chunking(
                strategy: wanted.strategy ?? known.chunking.strategy, tokens: wanted.tokens ?? known.chunking.tokens,
                overlap: wanted.overlap ?? known.chunking.overlap)
            return settings
        }
    }

    struct Entry {
        let name: String
        let settings: Settings

        /// One line for each thing that is otherwise, `field: old -> new`.
        func changes(to known: CollectionState?) -> [String] {
            let (old, new) = (known?.chunking, settings.chunking)
            let fields: [(String, String?, String?)] = [
                ("label", known?.label, settings.label), ("quarantine", known?.quarantine, settings.quarantine),
                ("chunking.strategy", old?.strategy, new?.strategy),
                ("chunking.tokens", old?.tokens.map(String.init), new?.tokens.map(String.init)),
                ("chunking.overlap", old?.overlap.map(String.init), new?.overlap.map(String.init)),
            ]
            return fields.compactMap { name, old, new in
                guard let new, new != old else { return nil }
                return "\(name): \(old.map { "\($0) -> " } ?? "")\(new)"
            }
        }
    }

    let collections: [Entry]

    init(reading path: String) throws {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw CommandFailure.unreadable(path)
        }
        do {
            try self.init(yaml: text)
        } catch let fault as YamlError {
            throw WrongUsage(description: "\(path): \(fault)")
        }
    }

    init(yaml: String) throws {
        var root = YAMLFields(try Yams.load(yaml: yaml) ?? [:], at: "the file")
        let list: [Any] = try root.take("collections") ?? []
        try root.finish()
        collections = try list.enumerated().map { try Self.entry($1, at: "collections[\($0)]") }
        let names = collections.map(\.name)
        if let twice = names.first(where: { name in names.filter { $0 == name }.count > 1 }) {
            throw WrongUsage(description: "The collection \(twice) is named twice.")
        }
    }

    private static func entry(_ value: Any, at place: String) throws -> Entry {
        var fields = YAMLFields(value, at: place)
        let name = try fields.need("name")
        var settings = Settings(label: try fields.take("label"), quarantine: try fields.take("quarantine"))
        let chunking: [String: Any]? = try fields.take("chunking")
        if let chunking {
            var inner = YAMLFields(chunking, at: place + ".chunking")
            settings.chunking = CollectionState.Chunking(
                strategy: try inner.take("strategy"), tokens: try inner.take("tokens"),
                overlap: try inner.take("overlap"))
            try inner.finish()
        }
        try fields.finish()
        return Entry(name: name, settings: settings)
    }
}
