import ArgumentParser
import Connectors
import Foundation
import Yams

/// Collections and sources as a file says, so that a pipeline is added or switched off by configuration alone (RBP-3).
struct SourcesApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Make collections and sources as a file says. Repeat it as you like.",
        discussion: """
            What the file does not name stays as it is.
              cloister sources apply sources.yaml --dry-run

              sources:
                - name: handbook
                  kind: folder
                  collection: Handbook
                  every: 300
                  enabled: true
                  options:
                    path: /srv/handbook
                    include: ["**/*.pdf", "**/*.md"]
                  people:
                    match: username
            """)

    @OptionGroup var options: GlobalOptions
    @Argument(help: "A YAML file.") var file: String
    @Flag(help: "Only say what would be done.") var dryRun = false

    func run() async throws {
        let plan = try SourcesFile(reading: file)
        try await options.withClient { client in
            let sources = SourceClient(client: client)
            let (kinds, known) = (try await sources.kinds(), try await sources.all())
            for entry in plan.sources {
                let old = known.first { $0.name == entry.name }
                let draft = try entry.draft(kinds)
                Terminal.say("\(entry.name): \(Self.word(entry, old))")
                if !dryRun { try await apply(entry, draft, to: old, client) }
            }
        }
    }

    private static func word(_ entry: SourcesFile.Source, _ old: SourceClient.Source?) -> String {
        guard entry.enabled ?? true else { return old == nil ? "stays away" : "paused" }
        return old == nil ? "connected" : "updated"
    }

    private func apply(
        _ entry: SourcesFile.Source, _ draft: SourceClient.Draft, to old: SourceClient.Source?,
        _ client: any PlatformClient
    ) async throws {
        let sources = SourceClient(client: client)
        guard entry.enabled ?? true else {
            if let old { _ = try await sources.post("pause", old) }
            return
        }
        var draft = draft
        draft.collection = try await CollectionLookup(client: client).findOrCreate(entry.collection, label: nil).id
        guard let old else {
            _ = try await sources.create(draft)
            return
        }
        let updated = try await sources.update(old, to: draft)
        if updated.state == "paused" { _ = try await sources.post("sync", updated) }
    }
}

/// The file of `cloister sources apply`. A field that it does not know is an error, as in the settings.
struct SourcesFile {
    struct Source {
        let name, kind, collection: String
        let label: String?
        let every: Int?
        let enabled: Bool?
        let options: [String: Any]
        let people: SourceClient.Draft.People?
    }

    let sources: [Source]

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
        let list: [Any] = try root.take("sources") ?? []
        try root.finish()
        sources = try list.enumerated().map { index, value in
            var fields = YAMLFields(value, at: "sources[\(index)]")
            let people: [String: Any]? = try fields.take("people")
            let source = Source(
                name: try fields.need("name"), kind: try fields.need("kind"), collection: try fields.need("collection"),
                label: try fields.take("label"), every: try fields.take("every"), enabled: try fields.take("enabled"),
                options: try fields.take("options") ?? [:],
                people: try people.map { try Self.people(YAMLFields($0, at: "sources[\(index)].people")) })
            try fields.finish()
            return source
        }
        let names = sources.map(\.name)
        if let twice = names.first(where: { name in names.filter { $0 == name }.count > 1 }) {
            throw WrongUsage(description: "The source \(twice) is named twice.")
        }
    }

    private static func people(_ fields: YAMLFields) throws -> SourceClient.Draft.People {
        var fields = fields
        let people = SourceClient.Draft.People(
            obeysSource: try fields.take("obeysSource"), match: try fields.take("match"),
            accounts: try fields.take("accounts"), staleHours: try fields.take("staleHours"))
        try fields.finish()
        return people
    }
}

extension SourcesFile.Source {
    /// Secrets are resolved here, where the file and its environment are. The collection is filled in later.
    func draft(_ kinds: [SourceClient.Kind]) throws -> SourceClient.Draft {
        guard let known = kinds.first(where: { $0.name == kind }) else {
            throw WrongUsage(description: "\(name): there is no kind of source \(kind).")
        }
        let values = try options.reduce(into: [String: OptionValue]()) { values, entry in
            let form = known.options.first { $0.name == entry.key }?.form
            values[entry.key] = try value(entry.value, named: entry.key, isSecret: form == "secret")
        }
        return SourceClient.Draft(
            name: name, kind: kind, collection: collection, options: values, label: label, every: every,
            people: people)
    }

    private func value(_ value: Any, named option: String, isSecret: Bool) throws -> OptionValue {
        switch value {
        case let text as String: isSecret ? .text(try OptionArguments.secret(text, named: option)) : .text(text)
        case let flag as Bool: .flag(flag)
        case let number as Int: .integer(number)
        case let texts as [String]: .texts(texts)
        default: throw WrongUsage(description: "\(name): \(option) has the wrong form.")
        }
    }
}
