import Kit
import Synchronization

/// Who may read what, found out once for a run.
///
/// Confluence shows content to who may view its space and passes the read restriction of the content and of everything
/// above it. The vendor's answers hold only restrictions set on the content itself; inherited ones come back empty
/// (CONFSERVER-45609). So every ancestor is asked for, in bulk, and kept for the run. What cannot be read is
/// `.unknown`. There is no denying in Confluence.
final class ConfluenceRights: Sendable {
    /// A page, or a folder that pages lie in.
    struct Node: Sendable {
        enum Restriction: Sendable { case none, only(Set<SourcePrincipal>), unknown }

        struct Parent: Hashable, Sendable {
            let id: String
            /// `page`, or what the cloud has besides.
            let type: String
        }

        var own: Restriction
        var isShown = true
        var type = "page"
        var title = ""
        var space: ConfluenceSpace?
        /// Pages that v1 names, to be fetched at once; what counts is `parent`.
        var ancestors: [Parent] = []
        var parent: Parent?
        /// False when it is not known what it lies in.
        var hasPlace = true
    }

    static let expansion =
        "restrictions.read.restrictions.user,restrictions.read.restrictions.group,ancestors,version,space,container"
    /// Ids of one query: with 20 digits each it stays far below what an address may hold.
    private static let idsMax = 100
    /// Deeper trees are taken as unreadable.
    private static let depthMax = 100
    private static let nodesMax = 200_000
    private static let restrictionPagesMax = 50

    let run: Timestamp
    private let api: ConfluenceAPI
    private let settings: ConfluenceSettings
    private let spaces: ConfluenceSpaces
    private let nodes = Mutex<[String: Node]>([:])

    init(_ api: ConfluenceAPI, _ settings: ConfluenceSettings, run: Timestamp) {
        self.api = api
        self.settings = settings
        self.run = run
        spaces = ConfluenceSpaces(api)
    }

    func node(_ id: String) -> Node? { nodes.withLock { $0[id] } }

    /// Everything that `permissions` needs for pages and blog posts in `contents`, and for what the others belong to.
    func prepare(_ contents: [ConfluenceContent]) async throws {
        nodes.withLock { if $0.count > Self.nodesMax { $0 = [:] } }
        try await learn(contents)
        let wanted = Set(contents.compactMap(\.owner))
        for _ in 0..<Self.depthMax {
            let missing = missing(wanted)
            guard !missing.isEmpty else { break }
            try await fetch(missing)
        }
        for space in wanted.compactMap({ node($0)?.space }) { try await spaces.learn(space) }
    }

    /// Of a page or blog post, and of all that is attached to it. The page's own rule first.
    func permissions(of id: String) -> SourcePermissions {
        nodes.withLock { nodes in
            guard let space = nodes[id]?.space, let rule = spaces.rule(of: space.key) else { return .unknown }
            var constraints: [SourceConstraint] = []
            var seen: Set<String> = []
            var next: String? = id
            while let id = next {
                guard let node = nodes[id], node.hasPlace, seen.insert(id).inserted else { return .unknown }
                switch node.own {
                case .none: break
                case .only(let principals): constraints.append(SourceConstraint(allow: principals))
                case .unknown: return .unknown
                }
                next = node.parent?.id
            }
            return SourcePermissions(constraints + [rule])
        }
    }
}

extension ConfluenceRights {
    /// What is not known yet of `ids` and all above them, as far as that can be seen now.
    private func missing(_ ids: Set<String>) -> [Node.Parent] {
        nodes.withLock { nodes in
            var (seen, found): (Set<String>, [Node.Parent]) = ([], [])
            var waiting = ids.map { Node.Parent(id: $0, type: "page") }
            while let next = waiting.popLast() {
                guard seen.insert(next.id).inserted else { continue }
                guard let node = nodes[next.id] else {
                    found.append(next)
                    continue
                }
                waiting += node.ancestors
                if let parent = node.parent { waiting.append(parent) }
            }
            return found.sorted { $0.id < $1.id }
        }
    }

    private func fetch(_ wanted: [Node.Parent]) async throws {
        let pages = wanted.filter { $0.type == "page" }.map(\.id)
        for start in stride(from: 0, to: pages.count, by: Self.idsMax) {
            let ids = pages[start..<min(pages.count, start + Self.idsMax)]
            let section = ConfluenceSection.search("id in (\(ids.joined(separator: ", ")))", settings)
            let query = section.items(limit: ids.count, expand: Self.expansion)
            try await learn(
                try await api.all(ConfluenceContent.self, section.path, query, pagesMax: ids.count + 1)
                    .filter { ids.contains($0.id.text) })
        }
        for parent in wanted where node(parent.id) == nil { try await fetchOne(parent) }
    }

    /// What the search does not name: too new for its index, a folder, or hidden from us.
    private func fetchOne(_ parent: Node.Parent) async throws {
        do {
            guard api.isCloud else {
                let query = [(name: "expand", value: Self.expansion)]
                return try await learn([
                    try await api.get(ConfluenceContent.self, ["rest", "api", "content", parent.id], query)
                ])
            }
            let kinds = ["folder": "folders", "whiteboard": "whiteboards", "database": "databases", "embed": "embeds"]
            let path = ["api", "v2", kinds[parent.type] ?? "pages", parent.id]
            let found = try await api.get(ConfluenceParent.self, path)
            var node = Node(own: try await restriction(of: parent.id), type: parent.type, title: found.title ?? "")
            node.place(found)
            keep([parent.id: node])
        } catch let failure as SourceFailure where failure.isAboutOneAnswer {
            keep([parent.id: Node(own: .unknown, hasPlace: false)])
        }
    }

    private func learn(_ contents: [ConfluenceContent]) async throws {
        var nodes: [String: Node] = [:]
        for content in contents where content.isPage && content.id.text.isConfluenceID {
            var node = Node(own: try await restriction(of: content))
            node.isShown = content.isShown(settings)
            (node.type, node.title, node.space) = (content.type, content.title, content.space)
            if content.type == "page" {
                let ancestors = (content.ancestors ?? []).map { Node.Parent(id: $0.id.text, type: $0.type ?? "page") }
                node.hasPlace = content.ancestors != nil && ancestors.allSatisfy(\.id.isConfluenceID)
                node.parent = ancestors.last
                node.ancestors = ancestors.filter { $0.type == "page" && $0.id.isConfluenceID }
            }
            nodes[content.id.text] = node
        }
        if api.isCloud { try await place(&nodes) }
        keep(nodes)
    }

    /// Whether v1's ancestors name folders, the vendor does not say; v2 names what a page lies in, so it is asked.
    private func place(_ nodes: inout [String: Node]) async throws {
        let pages = nodes.filter { $0.value.type == "page" }.keys.sorted()
        for start in stride(from: 0, to: pages.count, by: 2 * Self.idsMax) {
            let ids = pages[start..<min(pages.count, start + 2 * Self.idsMax)]
            let query = [(name: "id", value: ids.joined(separator: ",")), (name: "limit", value: "250")]
            let found = try await api.all(ConfluenceParent.self, ["api", "v2", "pages"], query)
            let byID = Dictionary(found.map { ($0.id.text, $0) }) { first, _ in first }
            for id in ids {
                nodes[id]?.hasPlace = false
                if let parent = byID[id] { nodes[id]?.place(parent) }
            }
        }
    }

    private func keep(_ found: [String: Node]) { nodes.withLock { $0.merge(found) { $1 } } }

    private func restriction(of content: ConfluenceContent) async throws -> Node.Restriction {
        guard let subjects = content.restrictions?.read?.restrictions, let users = subjects.user,
            let groups = subjects.group
        else { return .unknown }
        guard users.isWhole, groups.isWhole else { return try await restriction(of: content.id.text) }
        return principals(users, groups)
    }

    /// Page by page, for content whose restriction did not come whole.
    private func restriction(of id: String) async throws -> Node.Restriction {
        var (principals, isEmpty, start): (Set<SourcePrincipal>, Bool, Int) = ([], true, 0)
        let path = ["rest", "api", "content", id, "restriction", "byOperation", "read"]
        do {
            for _ in 0..<Self.restrictionPagesMax {
                let query = [
                    (name: "expand", value: "restrictions.user,restrictions.group"), (name: "limit", value: "200"),
                    (name: "start", value: "\(start)"),
                ]
                let page = try await api.get(ConfluenceRestriction.self, path, query)
                guard let users = page.restrictions?.user, let groups = page.restrictions?.group else {
                    return .unknown
                }
                let count = max(users.results.count, groups.results.count)
                isEmpty = isEmpty && count == 0
                if case .only(let more) = self.principals(users, groups) { principals.formUnion(more) }
                guard count > 0, count >= min(users.limit ?? 200, groups.limit ?? 200) else {
                    return isEmpty ? .none : .only(principals)
                }
                start += count
            }
        } catch let failure as SourceFailure where failure.isAboutOneAnswer {}
        return .unknown
    }

    /// Who cannot be told by an id of his own is left out; a list of nobody else lets nobody in.
    private func principals(
        _ users: ConfluenceRestriction.Members<ConfluenceUser>, _ groups: ConfluenceRestriction.Members<ConfluenceGroup>
    ) -> Node.Restriction {
        guard !users.results.isEmpty || !groups.results.isEmpty else { return .none }
        return .only(
            Set(
                users.values.compactMap { $0.key(api.edition) }.map { .user($0) }
                    + groups.values.compactMap { $0.key(api.edition) }.map { .group($0) }))
    }
}

extension ConfluenceRights.Node {
    fileprivate mutating func place(_ found: ConfluenceParent) {
        hasPlace = true
        parent = found.parentId.map { Parent(id: $0.text, type: found.parentType ?? "page") }
        if let parent, !parent.id.isConfluenceID { hasPlace = false }
    }
}
