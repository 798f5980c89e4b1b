import Foundation
import Kit

@testable import Connectors

/// The calls that the fake knows, by path.
struct FakeConfluenceAnswers {
    let wiki: FakeWiki
    let request: TestRequest
    let now: Timestamp?

    private let items: [String: String]
    private let expand: Set<String>
    private let json: FakeConfluenceJSON
    private var isCloud: Bool { wiki.edition == .cloud }

    init(wiki: FakeWiki, request: TestRequest, now: Timestamp?) {
        (self.wiki, self.request, self.now) = (wiki, request, now)
        items = request.items
        expand = Set((items["expand"] ?? "").split(separator: ",").map(String.init))
        json = FakeConfluenceJSON(wiki)
    }

    func answer() -> TestAnswer {
        let root = isCloud ? "/wiki/" : "/confluence/"
        if request.path.hasPrefix("/media/") { return media() }
        guard request.path.hasPrefix(root) else { return .status(404) }
        guard isSignedIn else { return request.header("authorization") == nil ? .status(200) : .status(401) }
        let parts = request.path.dropFirst(root.count).split(separator: "/").map { percentDecoded(String($0)) }
        if parts.starts(with: ["rest", "api"]) { return rest(Array(parts.dropFirst(2))) }
        if isCloud, parts.starts(with: ["api", "v2"]) { return second(Array(parts.dropFirst(2))) }
        if !isCloud, parts.count == 4, parts[0] == "download", let file = content(parts[2]) {
            return TestAnswer(headers: [("Content-Type", "application/pdf")], body: file.bytes)
        }
        return .status(404)
    }

    private var isSignedIn: Bool {
        let token = FakeConfluence.token
        let basic = "Basic " + Data("bot@example.test:\(token)".utf8).base64EncodedString()
        return request.header("authorization") == (isCloud ? basic : "Bearer \(token)")
    }

    private func rest(_ parts: [String]) -> TestAnswer {
        switch (parts.first, parts.count) {
        case ("content", 1) where !isCloud: listed(["blogpost", "page"].filter { $0 == items["type"] })
        case ("content", 2) where parts[1] == "scan" && !isCloud: listed(items["type"] == "page" ? ["page"] : [])
        case ("content", 2) where parts[1] == "search": search()
        case ("content", 2) where !isCloud: one(parts[1])
        case ("content", 5) where parts[2...].elementsEqual(["restriction", "byOperation", "read"]):
            restriction(parts[1])
        case ("content", 4) where isCloud && parts[2...].elementsEqual(["permission", "check"]): check(parts[1])
        case ("content", 6) where isCloud && parts[5] == "download": redirected(parts[1], parts[4])
        case ("user", 2): json(FakeConfluenceJSON(wiki).user("bot"))
        case ("group", _): group(Array(parts.dropFirst()))
        case ("space", 1) where !isCloud: page(wiki.spaces.values.sorted { $0.id < $1.id }.map { json.space($0) })
        case ("space", 3) where !isCloud: permissions(wiki.spaces[parts[1]])
        case ("space", 4) where !isCloud && parts[3] == "anonymous": guests(wiki.spaces[parts[1]])
        case ("permissions", 2) where !isCloud: json(wiki.admitsGuests ? [json.permission("use", .anonymous)] : [])
        default: .status(404)
        }
    }

    private func second(_ parts: [String]) -> TestAnswer {
        switch (parts.first, parts.count) {
        case ("spaces", 1):
            let keys = items["keys"]?.split(separator: ",").map(String.init)
            let spaces = wiki.spaces.values.filter { keys?.contains($0.key) ?? true }
            return page(spaces.sorted { $0.id < $1.id }.map { json.space($0) })
        case ("spaces", 3):
            guard let space = wiki.spaces.values.first(where: { "\($0.id)" == parts[1] }) else { return .status(404) }
            guard !space.isSecretive else { return .status(403) }
            return page(space.readers.sorted { "\($0)" < "\($1)" }.map { json.grant($0) } + [json.writer])
        case ("pages", 1):
            let ids = (items["id"] ?? "").split(separator: ",").compactMap { Int($0) }.sorted()
            let pages = ids.compactMap { wiki.contents[$0] }.filter { $0.type == "page" }
            return page(pages.map { json.parent(of: $0) })
        case ("pages", 2), ("folders", 2):
            let type = parts[0] == "pages" ? "page" : "folder"
            guard let found = content(parts[1]), found.type == type else { return .status(404) }
            return json(json.parent(of: found))
        case ("attachments", 2):
            guard let file = content(parts[1]), file.type == "attachment" else { return .status(404) }
            return json([
                "id": file.key, "status": file.status, "title": file.title, "pageId": "\(file.container ?? 0)",
                "version": ["number": file.version],
            ])
        default: return .status(404)
        }
    }

    // MARK: content

    private func content(_ key: String) -> FakeWiki.Content? {
        guard let id = Int(key.hasPrefix("att") ? String(key.dropFirst(3)) : key) else { return nil }
        guard let content = wiki.contents[id], content.key == key, !content.isHidden else { return nil }
        return content
    }

    private func one(_ key: String) -> TestAnswer {
        guard let content = content(key) else { return .status(404) }
        return json(json.content(content, expand))
    }

    /// From the database.
    private func listed(_ types: [String]) -> TestAnswer {
        let status = items["status"] ?? "current"
        let found = wiki.contents.values.filter { content in
            types.contains(content.type) && content.status == status && !content.isHidden
                && items["spaceKey"].map { $0 == content.space } ?? true
        }
        return page(found.sorted { $0.id < $1.id }, isCursor: request.path.hasSuffix("scan"))
    }

    /// From the index; what it finds is shown as it is now, if it is still there.
    private func search() -> TestAnswer {
        guard let cql = items["cql"] else { return .status(400) }
        let statuses = items["cqlcontext"] == nil ? ["current"] : ["current", "archived"]
        var found = Array((wiki.index ?? wiki.contents).values)
        for term in cql.replacing(" and ", with: "\n").split(separator: "\n").map(String.init) {
            guard let test = test(term) else { return .status(400) }
            found = found.filter(test)
        }
        let shown = found.compactMap { wiki.contents[$0.id] }.filter { statuses.contains($0.status) && !$0.isHidden }
            .filter { items["includeArchivedSpaces"] == "true" || wiki.spaces[$0.space]?.isArchived == false }
        return page(shown.sorted { $0.id < $1.id }, isCursor: isCloud)
    }

    private func test(_ term: String) -> ((FakeWiki.Content) -> Bool)? {
        func list(_ start: String) -> [String]? {
            guard term.hasPrefix(start), term.hasSuffix(")") else { return nil }
            return term.dropFirst(start.count).dropLast().split(separator: ",")
                .map { $0.trimmingCharacters(in: .whitespaces) }
        }
        if let types = list("type in (") { return { types.contains($0.type) } }
        if let ids = list("id in (").map({ Set($0.compactMap { Int($0) }) }) {
            return { ids.contains($0.id) && $0.type != "attachment" }
        }
        if term.hasPrefix("id = "), let id = Int(term.dropFirst(5)) {
            return { $0.id == id && $0.type != "attachment" }
        }
        if let keys = list("space in (") {
            return { content in keys.contains { $0 == "\"\(content.space)\"" } }
        }
        if term.hasPrefix("lastmodified >= now(\"-"), term.hasSuffix("m\")"),
            let minutes = Int(term.dropFirst(22).dropLast(3)), let now
        {
            return { $0.modified >= now - .seconds(60 * minutes) }
        }
        return nil
    }

    private func page(_ contents: [FakeWiki.Content], isCursor: Bool) -> TestAnswer {
        let most = expand.contains { $0.hasPrefix("body") } ? 50 : expand.isEmpty ? 1000 : 200
        return page(contents, most: min(most, wiki.pageMax), isCursor: isCursor) { json.content($0, expand) }
    }

    private func page(_ values: [[String: Any]]) -> TestAnswer {
        page(values, most: min(250, wiki.pageMax), isCursor: request.path.contains("/v2/")) { $0 }
    }

    private func page<Value>(
        _ values: [Value], most: Int, isCursor: Bool, _ form: (Value) -> [String: Any]
    ) -> TestAnswer {
        let limit = min(most, items["limit"].flatMap { Int($0) } ?? 25)
        let mark = isCursor ? items["cursor"].map { String($0.dropFirst(4)) } : items["start"]
        guard limit > 0, let start = mark.map({ Int($0) }) ?? 0, start <= values.count else { return .status(400) }
        let end = min(values.count, start + limit)
        var links: [String: Any] = ["base": "http://other.test", "context": isCloud ? "/wiki" : "/confluence"]
        if end < values.count {
            let place = isCursor ? "cursor=raw%3D\(end)" : "start=\(end)"
            links["next"] = "\(request.path)?limit=\(limit)&\(place)"
        }
        return json([
            "results": values[start..<end].map(form), "start": start, "limit": limit, "size": end - start,
            "totalSize": values.count, "_links": links,
        ])
    }

    private func restriction(_ key: String) -> TestAnswer {
        guard let content = content(key) else { return .status(404) }
        let (start, limit) = (Int(items["start"] ?? "0") ?? 0, min(200, Int(items["limit"] ?? "100") ?? 100))
        return json(json.restriction(content, start: start, limit: min(limit, wiki.expandedMax)))
    }

    private func check(_ key: String) -> TestAnswer {
        let question = try? JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any]
        let subject = question?["subject"] as? [String: String]
        guard request.method == "POST", question?["operation"] as? String == "read", subject?["type"] == "user",
            let id = subject?["identifier"], let content = content(key)
        else { return .status(404) }
        return json(["hasPermission": wiki.mayRead(id, content.id), "errors": [String]()])
    }

    /// To another host, as the cloud keeps its files elsewhere.
    private func redirected(_ page: String, _ key: String) -> TestAnswer {
        guard let file = content(key), "\(file.container ?? 0)" == page else { return .status(404) }
        let port = request.header("host")?.split(separator: ":").last ?? "80"
        return .status(302, [("Location", "http://media.test:\(port)/media/\(key)")])
    }

    private func media() -> TestAnswer {
        guard request.header("authorization") == nil, let file = content(String(request.path.dropFirst(7))) else {
            return .status(400)
        }
        return TestAnswer(headers: [("Content-Type", "application/pdf")], body: file.bytes)
    }

    // MARK: people

    private func group(_ parts: [String]) -> TestAnswer {
        let groups = wiki.groups.values.sorted { $0.id < $1.id }
        guard !parts.isEmpty else { return page(groups.map { json.group($0.id) }) }
        guard parts.count == 2, let group = groups.first(where: { (isCloud ? $0.id : $0.name) == parts[0] }) else {
            return .status(404)
        }
        switch parts[1] {
        case "membersByGroupId" where isCloud, "member" where !isCloud:
            return page(group.users.sorted().map { json.user($0) })
        case "groupancestor" where !isCloud:
            var (outer, waiting): (Set<String>, [String]) = ([], [group.id])
            while let next = waiting.popLast() {
                waiting += groups.filter { $0.groups.contains(next) }.map(\.id).filter { outer.insert($0).inserted }
            }
            return page(outer.sorted().map { json.group($0) })
        default: return .status(404)
        }
    }

    private func permissions(_ space: FakeWiki.Space?) -> TestAnswer {
        guard let space else { return .status(404) }
        guard !space.isSecretive else { return .status(403) }
        return json(
            space.readers.subtracting([.anonymous]).sorted { "\($0)" < "\($1)" }.map { json.permission("read", $0) }
                + [json.permission("administer", .user("bot"))])
    }

    private func guests(_ space: FakeWiki.Space?) -> TestAnswer {
        guard let space, !space.isSecretive else { return .status(space == nil ? 404 : 403) }
        return json(space.readers.contains(.anonymous) ? [json.permission("read", .anonymous)] : [])
    }

    private func json(_ value: Any) -> TestAnswer {
        guard let data = try? JSONSerialization.data(withJSONObject: value) else { return .status(500) }
        return TestAnswer(headers: [("Content-Type", "application/json")], body: Array(data))
    }
}
