import Foundation
import HTTPTypes

/// Puts a `TenantFile` in through the same routes as anybody's: people first, but suspended; documents; then the rules;
/// then the people are let in. A load that was interrupted is taken up again, a finished one is left alone.
struct TenantLoader {
    let client: any PlatformClient
    let file: TenantFile
    let folder: String
    /// Until every document is ready; for who runs the workers meanwhile.
    var waits = false

    private struct Named: Decodable { let id, name: String }
    private struct User: Decodable {
        let id, name: String
        let suspended: Bool
    }
    private struct Listing<Item: Decodable>: Decodable {
        let items: [Item]
        let next: String?
    }
    private struct Uploaded: Decodable { let document: String }

    func load() async throws {
        let known: [User] = try await all("/api/v1/users")
        let names = Set(file.users.map(\.name))
        let here = known.filter { names.contains($0.name) }
        if here.count == names.count, here.allSatisfy({ !$0.suspended }) { return }
        Terminal.say("Loading \(file.tenant): \(file.collections.reduce(0) { $0 + $1.documents.count }) documents ...")
        let people = try await people(known: here)
        let groups = try await groups(people)
        let grantees = people.merging(groups.map { ("group:" + $0.key, $0.value) }) { first, _ in first }
        for collection in file.collections { try await load(collection, grantees) }
        for (_, id) in people { try await send(.patch, "/api/v1/users/\(id)", Suspension(suspended: false)) }
    }

    // MARK: People

    private struct UserDraft: Encodable {
        let name, displayName: String
        let roles: [String]
        let clearance: String
    }
    private struct Suspension: Encodable { let suspended: Bool }

    /// Identifiers by `user:NAME`.
    private func people(known: [User]) async throws -> [String: String] {
        var ids = Dictionary(known.map { ("user:" + $0.name, $0.id) }, uniquingKeysWith: { first, _ in first })
        for person in file.users where ids["user:" + person.name] == nil {
            let draft = UserDraft(
                name: person.name, displayName: person.displayName, roles: person.roles, clearance: person.clearance)
            let made: Named = try await client.json(.post("/api/v1/users", json: draft))
            try await send(.patch, "/api/v1/users/\(made.id)", Suspension(suspended: true))
            ids["user:" + person.name] = made.id
        }
        return ids
    }

    private struct GroupDraft: Encodable { let name: String }

    private func groups(_ people: [String: String]) async throws -> [String: String] {
        let known: [Named] = try await all("/api/v1/groups")
        var ids = Dictionary(known.map { ($0.name, $0.id) }, uniquingKeysWith: { first, _ in first })
        for group in file.groups where ids[group.name] == nil {
            let made: Named = try await client.json(.post("/api/v1/groups", json: GroupDraft(name: group.name)))
            ids[group.name] = made.id
        }
        for group in file.groups {
            let members = group.users.map { people["user:" + $0] } + group.groups.map { ids[$0] }
            for member in members {
                guard let id = ids[group.name], let member else { throw unknown(group.name) }
                try await client.bytes(PlatformRequest(method: .put, path: "/api/v1/groups/\(id)/members/\(member)"))
            }
        }
        return ids
    }

    // MARK: Documents

    private struct Filing: Encodable {
        let tags: [String]
        let effectiveFrom, effectiveUntil, supersededBy: String?
    }

    private func load(_ collection: TenantFile.Collection, _ grantees: [String: String]) async throws {
        let lookup = CollectionLookup(client: client)
        let target: CollectionLookup.Collection
        do {
            target = try await lookup.findOrCreate(collection.name, label: collection.label)
        } catch let problem as PlatformProblem where problem.status == 409 {
            return  // Finished by a load before this one, and no longer open to us.
        }
        var ids: [String: String] = [:]
        for document in collection.documents { ids[document.path] = try await upload(document, to: target.id) }
        if waits {
            _ = try await FolderUpload(client: client, collection: target.id, label: nil).waitUntilSettled()
        }
        for document in collection.documents {
            guard let id = ids[document.path] else { continue }
            let filing = Filing(
                tags: document.tags ?? [], effectiveFrom: document.effectiveFrom,
                effectiveUntil: document.effectiveUntil, supersededBy: document.supersededBy.flatMap { ids[$0] })
            try await send(.put, "/api/v1/documents/\(id)/filing", filing)
        }
        for document in collection.documents {
            guard let id = ids[document.path], let access = document.access else { continue }
            try await send(.put, "/api/v1/documents/\(id)/access", try rule(access, grantees))
        }
        for rule in collection.folders {
            var body = try self.rule(rule.access, grantees)
            body.path = rule.path
            try await send(.put, "/api/v1/collections/\(target.id)/folders/access", body)
        }
        try await send(.put, "/api/v1/collections/\(target.id)/access", try rule(collection.access, grantees))
    }

    private func upload(_ document: TenantFile.Document, to collection: String) async throws -> String {
        let file = folder + "/" + document.file
        guard let data = FileManager.default.contents(atPath: file) else { throw CommandFailure.unreadable(file) }
        var path = "/api/v1/collections/\(collection)/documents?path=\(document.path.percentEncoded)"
        if let label = document.label { path += "&label=\(label.percentEncoded)" }
        let request = PlatformRequest(
            method: .post, path: path, headers: [.contentType: "application/octet-stream"], body: [UInt8](data))
        while true {
            do {
                let made: Uploaded = try await client.json(request)
                return made.document
            } catch let problem as PlatformProblem where problem.status == 429 || problem.status == 503 {
                try await Task.sleep(for: FolderUpload.pause)
            }
        }
    }

    // MARK: Rules

    private struct Rule: Encodable {
        var path: String?
        let allow, deny: [String]?
    }

    private func rule(_ access: TenantFile.Access, _ grantees: [String: String]) throws -> Rule {
        Rule(
            allow: try access.allow?.map { try grantee($0, grantees) },
            deny: try access.deny?.map { try grantee($0, grantees) })
    }

    private func grantee(_ name: String, _ grantees: [String: String]) throws -> String {
        if name == "everyone" { return name }
        guard let id = grantees[name] else { throw unknown(name) }
        return id
    }

    private func unknown(_ name: String) -> WrongUsage {
        WrongUsage(description: "\(folder)/\(TenantFile.name): nobody is called \(name).")
    }

    // MARK: Requests

    private func send(_ method: HTTPRequest.Method, _ path: String, _ body: some Encodable) async throws {
        var request = try PlatformRequest.post(path, json: body)
        request.method = method
        try await client.bytes(request)
    }

    private func all<Item: Decodable>(_ path: String) async throws -> [Item] {
        var (items, cursor): ([Item], String?) = ([], nil)
        repeat {
            let after = cursor.map { "&cursor=\($0.percentEncoded)" } ?? ""
            let page: Listing<Item> = try await client.json(PlatformRequest(path: "\(path)?limit=200\(after)"))
            items += page.items
            cursor = page.next
        } while cursor != nil
        return items
    }
}
