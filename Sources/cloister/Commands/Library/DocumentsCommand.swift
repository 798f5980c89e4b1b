import ArgumentParser
import Foundation
import HTTPTypes
import Kit

/// Documents: what there is, their versions, how they are filed, and who may read them.
struct DocumentsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "documents", abstract: "List documents, file them, say who may read them, delete them.",
        discussion: """
              cloister documents list Handbook
              cloister documents file doc_... --tag leave --until 2027-01-01
            """,
        subcommands: [
            DocumentsListCommand.self, DocumentsShowCommand.self, DocumentsFileCommand.self,
            DocumentsLabelCommand.self, DocumentsWhyCommand.self, DocumentsAnswersCommand.self,
            DocumentsDeleteCommand.self,
        ])
}

/// A document as the listing gives it.
struct ListedDocument: Codable {
    let id, path, title, state, label: String
    let advice: String?
    let chunks: Int
    let source: String?
}

struct DocumentsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "The documents of a collection that you may see.",
        discussion: "  cloister documents list Handbook --state failed")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "The collection.") var collection: String
    @Option(help: "Only those in this state: queued, processing, ready, failed.") var state: String?
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let documents = try await options.withClient { client in
            let target = try await CollectionLookup(client: client).require(collection)
            return try await PageReader(client: client).all(
                "/api/v1/collections/\(target.id)/documents", as: ListedDocument.self)
        }
        let wanted = documents.filter { state == nil || $0.state == state }.sorted { $0.path < $1.path }
        if json { return try Terminal.printJSON(wanted) }
        for one in wanted {
            Terminal.printData(Terminal.safe("\(one.path)  \(one.state)  \(one.label)  \(one.id)"))
            if let advice = one.advice { Terminal.printData("   " + advice) }
        }
    }
}

struct DocumentsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "One document with its versions and filing, as JSON.",
        discussion: "  cloister documents show doc_...")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "Its identifier.") var document: String

    func run() async throws {
        let parts = try await options.withClient { client in
            var parts: [String: [UInt8]] = [:]
            for (name, path) in [("document", ""), ("versions", "/versions"), ("filing", "/filing")] {
                parts[name] = try await client.bytes(
                    PlatformRequest(path: "/api/v1/documents/\(document.percentEncoded)\(path)"))
            }
            return parts
        }
        let members = parts.sorted { $0.key < $1.key }.map {
            "\"\($0.key)\":\(String(decoding: $0.value, as: UTF8.self))"
        }
        Terminal.printData("{\(members.joined(separator: ","))}")
    }
}

struct DocumentsFileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "file", abstract: "Set a document's tags and dates; what is not named is taken away.",
        discussion: "  cloister documents file doc_... --tag leave --tag hr --from 2026-01-01 --until 2027-01-01")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "Its identifier.") var document: String
    @Option(help: "A word to find it by. May be repeated.") var tag: [String] = []
    @Option(help: "The day from which it holds.") var from: String?
    @Option(help: "The day from which it no longer holds.") var until: String?
    @Option(help: "The document that says it anew.") var supersededBy: String?

    private struct Body: Encodable {
        let tags: [String]
        let effectiveFrom, effectiveUntil, supersededBy: String?
    }

    func run() async throws {
        let body = Body(tags: tag, effectiveFrom: from, effectiveUntil: until, supersededBy: supersededBy)
        try await options.put("/api/v1/documents/\(document.percentEncoded)/filing", body)
    }
}

struct DocumentsLabelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "label", abstract: "Say how secret a document is.",
        discussion: "  cloister documents label doc_... confidential")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "Its identifier.") var document: String
    @Argument(help: "Its label.") var label: Classification

    func run() async throws {
        try await options.put("/api/v1/documents/\(document.percentEncoded)/label", ["label": label.rawValue])
    }
}

struct DocumentsWhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "Why somebody may or may not read a document.",
        discussion: "  cloister documents why doc_... --user sub_...")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "Its identifier.") var document: String
    @Option(help: "Somebody else, by identifier.") var user: String?

    private struct Explanation: Decodable {
        let granted: Bool
        let rule: String
    }

    func run() async throws {
        let query = user.map { "?subject=\($0.percentEncoded)" } ?? ""
        let found: Explanation = try await options.withClient {
            try await $0.json(PlatformRequest(path: "/api/v1/documents/\(document.percentEncoded)/access\(query)"))
        }
        Terminal.printData("\(found.granted ? "may read" : "may not read"): \(found.rule)")
    }
}

struct DocumentsDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete documents from every store.",
        discussion: "  cloister documents delete doc_... doc_...")

    @OptionGroup var options: GlobalOptions
    @Argument(help: "Their identifiers.") var documents: [String]

    func run() async throws {
        try await options.withClient { client in
            for document in documents {
                let path = "/api/v1/documents/\(document.percentEncoded)"
                try await client.bytes(PlatformRequest(method: .delete, path: path))
                Terminal.say("\(document) is deleted.")
            }
        }
    }
}

extension GlobalOptions {
    fileprivate func put(_ path: String, _ body: some Encodable) async throws {
        var request = try PlatformRequest.post(path, json: body)
        request.method = .put
        let ready = request
        _ = try await withClient { try await $0.bytes(ready) }
    }
}
