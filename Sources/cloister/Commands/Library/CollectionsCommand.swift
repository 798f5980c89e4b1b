import ArgumentParser
import Foundation
import HTTPTypes
import Kit

/// Collections: what there is, making and deleting them, and who may read.
struct CollectionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collections", abstract: "List, make and delete collections, and say who may read them.",
        discussion: "  cloister collections create Handbook --label internal --everyone",
        subcommands: [
            CollectionsListCommand.self, CollectionsCreateCommand.self, CollectionsAccessCommand.self,
            CollectionsApplyCommand.self, CollectionsDeleteCommand.self,
        ],
        defaultSubcommand: CollectionsListCommand.self)
}

struct CollectionsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "The collections you may see (default).",
        discussion: "  cloister collections list --json")

    @OptionGroup var options: GlobalOptions
    @Flag(help: "Print JSON.") var json = false

    private struct Item: Decodable {
        let id, name, label: String
        let documents: Int
    }

    private struct Items: Decodable { let items: [Item] }

    func run() async throws {
        let bytes = try await options.withClient { try await $0.bytes(PlatformRequest(path: "/api/v1/collections")) }
        if json { return Terminal.printData(String(decoding: bytes, as: UTF8.self)) }
        for one in try JSONDecoder().decode(Items.self, from: Data(bytes)).items {
            Terminal.printData(Terminal.safe("\(one.name)  \(one.label)  \(one.documents) documents  \(one.id)"))
        }
    }
}

/// Who may read: names of the tenant, or everyone in it.
struct ReaderOptions: ParsableArguments {
    @Flag(help: "Everyone in the tenant may read.") var everyone = false
    @Option(help: "A user or group, by identifier (sub_... or grp_...). May be repeated.") var allow: [String] = []
    @Option(help: "A user or group that may not, by identifier. May be repeated.") var deny: [String] = []

    struct Body: Encodable {
        let allow: [String]?
        let deny: [String]
    }

    var body: Body? {
        let allowed = (everyone ? ["everyone"] : []) + allow
        return allowed.isEmpty && deny.isEmpty ? nil : Body(allow: allowed.isEmpty ? nil : allowed, deny: deny)
    }
}

struct CollectionsCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a collection. Without readers only you may read it.",
        discussion: "  cloister collections create Handbook --everyone")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var readers: ReaderOptions
    @Argument(help: "Its name.") var name: String
    @Option(help: "How secret its documents are.") var label = Classification.internal

    private struct Draft: Encodable {
        let name, label: String
        let access: ReaderOptions.Body?
    }

    func run() async throws {
        let draft = Draft(name: name, label: label.rawValue, access: readers.body)
        let made: CollectionLookup.Collection = try await options.withClient {
            try await $0.json(.post("/api/v1/collections", json: draft))
        }
        Terminal.printData(made.id)
    }
}

struct CollectionsAccessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "access", abstract: "Say who may read a collection.",
        discussion: "  cloister collections access Handbook --everyone --deny grp_...")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var readers: ReaderOptions
    @Argument(help: "Its name.") var name: String

    func run() async throws {
        let body = readers.body ?? ReaderOptions.Body(allow: [], deny: [])
        try await options.withClient { client in
            let collection = try await CollectionLookup(client: client).require(name)
            var request = try PlatformRequest.post("/api/v1/collections/\(collection.id)/access", json: body)
            request.method = .put
            try await client.bytes(request)
        }
        Terminal.say(readers.body == nil ? "Nobody may read \(name) now." : "The readers of \(name) are set.")
    }
}

struct CollectionsDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete an empty collection.",
        discussion: "  cloister collections delete Handbook")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "Its name.") var name: String

    func run() async throws {
        try await options.withClient { client in
            let collection = try await CollectionLookup(client: client).require(name)
            try await client.bytes(PlatformRequest(method: .delete, path: "/api/v1/collections/\(collection.id)"))
        }
    }
}

extension CollectionLookup {
    func require(_ name: String) async throws -> Collection {
        guard let found = try await find(name) else { throw CommandFailure.noCollection(name) }
        return found
    }
}
