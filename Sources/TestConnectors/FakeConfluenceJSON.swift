import Kit

@testable import Connectors

/// The documented shapes of the fake's answers.
struct FakeConfluenceJSON {
    private let wiki: FakeWiki
    private var isCloud: Bool { wiki.edition == .cloud }

    init(_ wiki: FakeWiki) { self.wiki = wiki }

    func user(_ key: String) -> [String: Any] {
        let isActive = wiki.users[key]?.isActive ?? true
        return isCloud
            ? [
                "type": "known", "accountId": key, "displayName": "Same Name",
                "accountStatus": isActive ? "active" : "closed",
            ]
            : [
                "type": "known", "userKey": key, "username": "login-\(key)", "displayName": "Same Name",
                "status": isActive ? "current" : "deactivated",
            ]
    }

    /// Data Center gives no id.
    func group(_ id: String) -> [String: Any] {
        let name = wiki.groups[id]?.name ?? String(id.dropFirst(2))
        return isCloud ? ["type": "group", "id": id, "name": name] : ["type": "group", "name": name]
    }

    /// The id is a number in v1 and a text in v2.
    func space(_ space: FakeWiki.Space) -> [String: Any] {
        [
            "id": isCloud ? "\(space.id)" : space.id as Any, "key": space.key, "name": space.name,
            "status": space.isArchived ? "archived" : "current",
        ]
    }

    func parent(of content: FakeWiki.Content) -> [String: Any] {
        var value: [String: Any] = ["id": "\(content.id)", "title": content.title, "status": content.status]
        if let parent = content.parent {
            value["parentId"] = "\(parent)"
            value["parentType"] = wiki.contents[parent]?.type ?? "page"
        }
        return value
    }

    func grant(_ subject: FakeWiki.Subject) -> [String: Any] {
        let principal =
            switch subject {
            case .user(let key): ["type": "user", "id": key]
            case .group(let id): ["type": "group", "id": id]
            case .anonymous: ["type": "role", "id": "anonymous-users"]
            }
        return ["id": "1", "principal": principal, "operation": ["key": "read", "targetType": "space"]]
    }

    /// A grant that is none to read.
    var writer: [String: Any] {
        [
            "id": "2", "principal": ["type": "group", "id": "g-writers"],
            "operation": ["key": "create", "targetType": "page"],
        ]
    }

    /// Of guests without a subject.
    func permission(_ operation: String, _ subject: FakeWiki.Subject) -> [String: Any] {
        var value: [String: Any] = [
            "operation": ["targetType": operation == "use" ? "application" : "space", "operationKey": operation]
        ]
        switch subject {
        case .user(let key): value["subject"] = user(key)
        case .group(let id): value["subject"] = group(id)
        case .anonymous: break
        }
        return value
    }

    func content(_ content: FakeWiki.Content, _ expand: Set<String>) -> [String: Any] {
        guard !content.isDamaged else { return ["id": "\(content.key)", "type": 7, "title": ["no"]] }
        var value: [String: Any] = [
            "id": content.key, "type": content.type, "status": content.status, "title": content.title,
            "version": ["number": content.version, "when": content.modified.text],
            "_links": [
                "webui": "/spaces/\(content.space)/pages/\(content.id)",
                "download": "/download/attachments/\(content.key)/file?version=\(content.version)&api=v2",
            ],
        ]
        guard !content.isBare else { return value }
        if expand.contains("space"), let space = wiki.spaces[content.space] { value["space"] = self.space(space) }
        if expand.contains("body.storage") { value["body"] = ["storage": ["value": content.body]] }
        if expand.contains("ancestors") { value["ancestors"] = content.type == "page" ? ancestors(of: content) : [] }
        if expand.contains("container") { value["container"] = container(of: content) }
        if expand.contains("restrictions.read.restrictions.user") {
            value["restrictions"] = ["read": restriction(content, start: 0, limit: wiki.expandedMax)]
        }
        if content.type == "attachment" {
            value["extensions"] = ["mediaType": "application/pdf", "fileSize": content.bytes.count]
        }
        return value
    }

    /// From the top down. Folders are not among them: whether the vendor names them is not documented.
    private func ancestors(of content: FakeWiki.Content) -> [[String: Any]] {
        var found: [[String: Any]] = []
        var next = content.parent
        while let id = next, let page = wiki.contents[id] {
            if page.type == "page" { found.insert(["id": "\(id)", "type": "page", "title": page.title], at: 0) }
            next = page.parent
        }
        return found
    }

    private func container(of content: FakeWiki.Content) -> [String: Any] {
        guard let id = content.container, let page = wiki.contents[id] else {
            return wiki.spaces[content.space].map { space($0) } ?? [:]
        }
        return ["id": "\(id)", "type": page.type, "title": page.title, "status": page.status]
    }

    /// Only what is set on the content itself, never what it inherits (CONFSERVER-45609).
    func restriction(_ content: FakeWiki.Content, start: Int, limit: Int) -> [String: Any] {
        var (users, groups): ([String], [String]) = ([], [])
        for reader in content.readers {
            switch reader {
            case .user(let key): users.append(key)
            case .group(let id): groups.append(id)
            case .anonymous: break
            }
        }
        func page(_ all: [[String: Any]]) -> [String: Any] {
            let results = Array(all.dropFirst(start).prefix(limit))
            return ["results": results, "start": start, "limit": limit, "size": results.count]
        }
        return [
            "operation": "read",
            "restrictions": [
                "user": page(users.sorted().map { user($0) }), "group": page(groups.sorted().map { group($0) }),
            ],
        ]
    }
}
