import ArgumentParser
import Connectors
import Foundation
import HTTPTypes

/// Other systems whose documents are kept current here.
struct SourcesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sources", abstract: "Connect other systems and keep their documents current.",
        discussion: """
              cloister sources add handbook --kind folder path=/srv/handbook
              cloister sources test handbook
              cloister sources sync handbook
              cloister sources apply sources.yaml
            """,
        subcommands: [
            SourcesListCommand.self, SourcesKindsCommand.self, SourcesAddCommand.self, SourcesTestCommand.self,
            SourcesSyncCommand.self, SourcesPauseCommand.self, SourcesConfirmCommand.self,
            SourcesProblemsCommand.self, SourcesPreviewCommand.self, SourcesRemoveCommand.self,
            SourcesApplyCommand.self,
        ],
        defaultSubcommand: SourcesListCommand.self)
}

struct SourcesListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "How the sources are doing (default).",
        discussion: "  cloister sources list --json")

    @OptionGroup var options: GlobalOptions
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        try await options.withClient { client in
            if json {
                let bytes = try await client.bytes(PlatformRequest(path: "/api/v1/sources"))
                return Terminal.printData(String(decoding: bytes, as: UTF8.self))
            }
            let all = try await SourceClient(client: client).all()
            for source in all { source.show() }
            if all.isEmpty {
                Terminal.say("There are no sources. `cloister sources add --help` says how to connect one.")
            }
        }
    }
}

extension SourceClient.Source {
    func show() {
        let lag = lagSeconds.map { "current to \($0) s ago" } ?? "not read yet"
        let line = "\(name)  \(kind)  \(state)  \(documents) documents, \(problems) with problems, \(lag)"
        Terminal.printData(Terminal.safe(line))
        if accounts > 0, recognised == 0 {
            Terminal.printData(
                "   None of its \(accounts) accounts is recognised here: nobody sees what it keeps to some.")
            Terminal.printData(
                "   Say who is who with --match, or let the collection decide with --ignore-permissions.")
        }
        if let problem { Terminal.printData("   " + Terminal.safe(problem)) }
    }

    /// Ends the command with 1 unless the last run was good.
    func report(json: Bool) throws {
        if json {
            Terminal.printData(String(decoding: try JSONEncoder().encode(self), as: UTF8.self))
        } else {
            show()
        }
        if state == "failing" || state == "held" { throw ExitCode.failure }
    }
}

struct SourcesKindsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kinds", abstract: "The kinds of sources and their settings.",
        discussion: "  cloister sources kinds git")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "Only this kind.") var kind: String?

    func run() async throws {
        let kinds = try await options.withClient { client in
            let sources = SourceClient(client: client)
            guard let kind else { return try await sources.kinds() }
            return [try await sources.kind(kind)]
        }
        for kind in kinds {
            Terminal.printData("\(Terminal.bold(kind.name))  \(kind.summary)")
            for option in kind.options {
                let mark = option.required ? " (required)" : option.form == "secret" ? " (secret)" : ""
                Terminal.printData("   \(option.name)\(mark)  \(option.help)")
            }
        }
    }
}

struct SourcesAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Connect a source and wait for its first run.",
        discussion: """
            Settings are name=value; `cloister sources kinds` lists them. Secrets are references.
              cloister sources add handbook --kind folder path=/srv/handbook 'include=**/*.pdf'
              cloister sources add files --kind s3 endpoint=https://s3.corp.example bucket=files region=eu \\
                access_key=AK secret_key=env:S3_SECRET
            """)

    @OptionGroup var options: GlobalOptions
    @Argument(help: "What the source is called here.") var name: String
    @Option(help: "folder, web, s3, git, confluence, ...") var kind: String
    @Argument(help: "Settings as name=value.") var settings: [String] = []
    @Option(help: "Collection, made when it is not there.") var collection = "documents"
    @Option(help: "Seconds between runs.") var every: Int?
    @Option(help: "How accounts there are recognised here: email, username or none.") var match: String?
    @Flag(help: "Let the collection alone say who may read, whatever the source says.") var ignorePermissions = false
    @Flag(help: "Only try the connection.") var dryRun = false
    @Flag(help: "Do not wait for the first run.") var noWait = false
    @Flag(help: "Print the outcome as JSON.") var json = false

    func run() async throws {
        try await options.withClient { client in
            let sources = SourceClient(client: client)
            let values = try OptionArguments.values(settings, of: try await sources.kind(kind))
            let lookup = CollectionLookup(client: client)
            // A dry run makes nothing: any identifier will do to try the way.
            let target = dryRun ? try await lookup.find(collection)?.id : nil
            var draft = SourceClient.Draft(
                name: name, kind: kind, collection: target ?? SourcesAddCommand.nowhere, options: values, every: every,
                people: .init(obeysSource: !ignorePermissions, match: match))
            if dryRun {
                let report = try await sources.test(draft)
                report.show()
                if !report.good { throw ExitCode.failure }
                return
            }
            draft.collection = try await lookup.findOrCreate(collection, label: nil).id
            let made = try await sources.create(draft)
            try (noWait ? made : try await sources.wait(for: made, since: nil)).report(json: json)
        }
    }

    private static let nowhere = "col_00000000000000000000000000"
}

struct SourcesTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Try the connection step by step and say what is wrong.",
        discussion: "  cloister sources test handbook")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "Name of the source.") var name: String

    func run() async throws {
        let report = try await options.withClient { client in
            let sources = SourceClient(client: client)
            let bytes = try await sources.post("test", try await sources.find(name))
            return try JSONDecoder().decode(SourceClient.Report.self, from: Data(bytes))
        }
        report.show()
        if !report.good { throw ExitCode.failure }
    }
}

struct SourcesSyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync", abstract: "Sync now, and wait until it is done. Also ends a pause.",
        discussion: "  cloister sources sync handbook")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "Name of the source.") var name: String
    @Flag(help: "Do not wait.") var noWait = false
    @Flag(help: "Print the outcome as JSON.") var json = false

    func run() async throws {
        try await options.withClient { client in
            let sources = SourceClient(client: client)
            let before = try await sources.find(name)
            _ = try await sources.post("sync", before)
            let after =
                noWait ? try await sources.find(name) : try await sources.wait(for: before, since: before.current)
            try after.report(json: json)
        }
    }
}

struct SourcesPauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Stop syncing until `cloister sources sync`.",
        discussion: "  cloister sources pause handbook")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "Name of the source.") var name: String

    func run() async throws {
        try await options.withClient { client in
            let sources = SourceClient(client: client)
            _ = try await sources.post("pause", try await sources.find(name))
            try await sources.find(name).show()
        }
    }
}

struct SourcesConfirmCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "confirm",
        abstract: "Let documents be deleted that the source no longer has, though they are many.",
        discussion: "  cloister sources confirm handbook")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "Name of the source.") var name: String

    func run() async throws {
        try await options.withClient { client in
            let sources = SourceClient(client: client)
            let before = try await sources.find(name)
            _ = try await sources.post("confirm", before)
            try await sources.wait(for: before, since: before.current).report(json: false)
        }
    }
}

struct SourcesProblemsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "problems", abstract: "Documents that could not be taken in, and why.",
        discussion: "  cloister sources problems handbook")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "Name of the source.") var name: String
    @Flag(help: "Print JSON.") var json = false

    private struct Items: Decodable {
        struct Item: Decodable {
            let path, reason: String
            let retry: String?
        }
        let items: [Item]
    }

    func run() async throws {
        let bytes = try await options.withClient { client in
            let id = try await SourceClient(client: client).find(name).id
            return try await client.bytes(PlatformRequest(path: "/api/v1/sources/\(id)/problems"))
        }
        if json { return Terminal.printData(String(decoding: bytes, as: UTF8.self)) }
        let items = try JSONDecoder().decode(Items.self, from: Data(bytes)).items
        for item in items {
            let retry = item.retry.map { " Tried again at \($0)." } ?? ""
            Terminal.printData(Terminal.safe("\(item.path): \(item.reason)\(retry)"))
        }
        if items.isEmpty { Terminal.say("Every document of this source is here.") }
    }
}

struct SourcesPreviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview", abstract: "How much of a source somebody would see.",
        discussion: "  cloister sources preview handbook --user anna")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "Name of the source.") var name: String
    @Option(help: "Who: a user's name or identifier.") var user: String

    private struct Visible: Decodable { let visible, documents: Int }

    func run() async throws {
        let seen: Visible = try await options.withClient { client in
            let id = try await SourceClient(client: client).find(name).id
            let subject = try await UserLookup(client: client).identifier(of: user)
            return try await client.json(PlatformRequest(path: "/api/v1/sources/\(id)/visible?subject=\(subject)"))
        }
        Terminal.printData("\(user) sees \(seen.visible) of \(seen.documents) documents.")
    }
}

/// Users by the name that a person types.
private struct UserLookup {
    private struct User: Decodable { let id, name: String }

    let client: any PlatformClient

    func identifier(of name: String) async throws -> String {
        let users = try await PageReader(client: client).all("/api/v1/users", as: User.self)
        if let user = users.first(where: { $0.name == name || $0.id == name }) { return user.id }
        throw CommandFailure.noUser(name)
    }
}

struct SourcesRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Delete a source with every document it brought.",
        discussion: "  cloister sources remove handbook --yes")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "Name of the source.") var name: String
    @Flag(help: "Do not ask.") var yes = false

    func run() async throws {
        try await options.withClient { client in
            let sources = SourceClient(client: client)
            let source = try await sources.find(name)
            guard yes || Terminal.confirms("Delete \(name) with its \(source.documents) documents?") else {
                throw CommandFailure.notConfirmed
            }
            try await client.bytes(PlatformRequest(method: .delete, path: "/api/v1/sources/\(source.id)"))
            while let left = try await sources.all().first(where: { $0.id == source.id }) {
                Terminal.say(running: "\(left.documents) documents left")
                try await Task.sleep(for: FolderUpload.pause)
            }
            Terminal.endBar()
            Terminal.say("\(name) and its documents are deleted.")
        }
    }
}
