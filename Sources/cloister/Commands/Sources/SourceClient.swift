import ArgumentParser
import Connectors
import Foundation
import HTTPTypes
import Kit
import Settings

/// The routes of sources, for the commands.
struct SourceClient: Sendable {
    let client: any PlatformClient

    struct Source: Codable, Sendable {
        let id, name, kind, collection, state: String
        let problem, current: String?
        let documents, problems, held, every, accounts, recognised: Int
        let lagSeconds: Int?
    }

    struct Kind: Decodable, Sendable {
        struct Option: Decodable, Sendable {
            let name, form, help: String
            let required: Bool
        }
        let name, title, summary: String
        let statesPermissions: Bool
        let options: [Option]
    }

    struct Report: Decodable, Sendable {
        struct Step: Decodable, Sendable {
            let step, sentence: String
            let good: Bool
        }
        let good: Bool
        let steps: [Step]

        func show() {
            for step in steps { Terminal.say("\(step.good ? "✓" : "✗") \(step.step): \(step.sentence)") }
        }
    }

    struct Draft: Encodable, Sendable {
        struct People: Encodable, Sendable {
            var obeysSource: Bool?
            var match: String?
            var accounts: [String: String]?
            var staleHours: Int?
        }
        var name: String
        var kind: String
        var collection: String
        var options: [String: OptionValue]
        var label: String?
        var every: Int?
        var people: People?
    }

    private struct Items<Item: Decodable>: Decodable { let items: [Item] }

    func kinds() async throws -> [Kind] {
        let all: Items<Kind> = try await client.json(PlatformRequest(path: "/api/v1/source-kinds"))
        return all.items
    }

    func kind(_ name: String) async throws -> Kind {
        let known = try await kinds()
        guard let kind = known.first(where: { $0.name == name }) else {
            throw WrongUsage(
                description: "There is no kind of source \(name). Kinds: \(known.map(\.name).joined(separator: ", ")).")
        }
        return kind
    }

    func all() async throws -> [Source] {
        let all: Items<Source> = try await client.json(PlatformRequest(path: "/api/v1/sources"))
        return all.items
    }

    func find(_ name: String) async throws -> Source {
        guard let source = try await all().first(where: { $0.name == name || $0.id == name }) else {
            throw CommandFailure.noSource(name)
        }
        return source
    }

    func create(_ draft: Draft) async throws -> Source {
        try await client.json(.post("/api/v1/sources", json: draft))
    }

    func update(_ source: Source, to draft: Draft) async throws -> Source {
        var request = try PlatformRequest.post("/api/v1/sources/\(source.id)", json: draft)
        request.method = .put
        return try await client.json(request)
    }

    func test(_ draft: Draft) async throws -> Report {
        try await client.json(.post("/api/v1/sources/test", json: draft))
    }

    func post(_ verb: String, _ source: Source) async throws -> [UInt8] {
        try await client.bytes(PlatformRequest(method: .post, path: "/api/v1/sources/\(source.id)/\(verb)"))
    }

    /// Until the run that was asked for has ended and what it brought is ready.
    func wait(for source: Source, since before: String?) async throws -> Source {
        while true {
            let now = try await find(source.id)
            Terminal.say(running: "\(now.name): \(now.documents) documents")
            let isOver =
                now.state == "failing" || now.state == "held" || (now.state == "waiting" && now.current != before)
            guard isOver else {
                try await Task.sleep(for: FolderUpload.pause)
                continue
            }
            _ = try await FolderUpload(client: client, collection: source.collection, label: nil).waitUntilSettled()
            return try await find(source.id)
        }
    }
}

/// `key=value` settings of a source, with secrets by reference.
struct OptionArguments {
    /// Secrets stand in the environment or in a file, never on a command line that others can list.
    static func values(_ pairs: [String], of kind: SourceClient.Kind) throws -> [String: OptionValue] {
        var texts: [String: [String]] = [:]
        for pair in pairs {
            guard let equals = pair.firstIndex(of: "=") else {
                throw WrongUsage(description: "Settings of a source are written as name=value: \(pair)")
            }
            texts[String(pair[..<equals]), default: []].append(String(pair[pair.index(after: equals)...]))
        }
        return try texts.reduce(into: [:]) { values, entry in
            let form = kind.options.first { $0.name == entry.key }?.form ?? "text"
            values[entry.key] = try value(entry.value, named: entry.key, form: form)
        }
    }

    static func value(_ texts: [String], named name: String, form: String) throws -> OptionValue {
        let first = texts.first ?? ""
        switch form {
        case "texts": return .texts(texts)
        case "flag": return .flag(first == "true" || first == "yes")
        case "integer": return Int(first).map { .integer($0) } ?? .text(first)
        case "secret": return .text(try secret(first, named: name))
        default: return .text(first)
        }
    }

    static func secret(_ text: String, named name: String) throws -> String {
        guard let reference = SecretReference(text) else {
            throw WrongUsage(description: "\(name) is a secret: write \(name)=env:NAME or \(name)=file:/path.")
        }
        do {
            return try reference.resolve().reveal()
        } catch {
            throw WrongUsage(description: "\(name): \(error)")
        }
    }
}
