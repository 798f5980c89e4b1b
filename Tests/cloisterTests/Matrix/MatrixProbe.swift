import HTTPKit
import HTTPTypes
import Kit

/// Where a reader may come across a document.
enum Surface: String, CaseIterable, Comparable, Sendable {
    case access, citation, document, hit, listing, passage, text

    static func < (left: Surface, right: Surface) -> Bool { left.rawValue < right.rawValue }
}

/// One person in the world of the matrix: sees what can be seen, and notes every word of a document that is not theirs.
struct MatrixProbe {
    /// Words of every document, so that each search finds all that may be found.
    static let wideQuery = "reference of this page night handover fridge generator visitors piano soup museum"

    let world: MatrixWorld
    let name: String
    private let caller: Caller
    private(set) var leaks: [String] = []
    private(set) var mistakes: [String] = []
    private(set) var seen: [String: Set<Surface>] = [:]
    private(set) var isRefused = false

    /// An administrator looks after the queue and the log, which name resources by identifier and no content.
    private var looksAfterQueue: Bool { name == "admin" }
    /// Who may see the names of the tenant's users may ask what one of them could read.
    private var mayAskAboutOthers: Bool { ["owner", "admin"].contains(name) }

    private init(_ world: MatrixWorld, _ name: String) {
        self.world = world
        self.name = name
        caller = world.caller(name)
    }

    static func result(of name: String, in world: MatrixWorld) async throws -> MatrixProbe {
        var probe = MatrixProbe(world, name)
        try await probe.run()
        return probe
    }

    private mutating func run() async throws {
        isRefused = try await caller.get("/api/v1/session").status == 401
        try await listings()
        for plant in Plant.all { try await look(for: plant) }
        try await wideSearches()
        for path in ["session", "users", "groups", "keys"] { try await tell(.get, "/api/v1/" + path) }
        for path in ["jobs?limit=100", "jobs?state=succeeded", "audit?limit=100"] {
            try await tell(.get, "/api/v1/" + path, identifiersAllowed: looksAfterQueue)
        }
        for plant in Plant.all where !plant.readers.contains(name) { try await change(plant) }
    }

    /// What the golden file shows: where each document was met.
    func cell(_ plant: Plant) -> String {
        if isRefused { return "refused" }
        let surfaces = seen[plant.name] ?? []
        if surfaces.isEmpty { return "hidden" }
        return surfaces == Set(Surface.allCases) ? "reads" : surfaces.sorted().map(\.rawValue).joined(separator: "+")
    }
}

// MARK: - Looking

extension MatrixProbe {
    private mutating func listings() async throws {
        try await tell(.get, "/api/v1/collections")
        for collection in world.collections {
            let address = "/api/v1/collections/\(collection)"
            let (one, progress) = (try await tell(.get, address), try await tell(.get, address + "/progress"))
            try await tell(.get, address + "/duplicates")
            let listing = try await tell(.get, address + "/documents?limit=100")
            let listed = Set(listing.json["items"]?.items.compactMap { $0["id"]?.text } ?? [])
            for plant in Plant.all where listed.contains(world.sent(plant).document) { note(plant, .listing) }
            guard one.status == 200 else { continue }
            let counts = ["queued", "processing", "ready", "failed"].map { progress.json[$0]?.number ?? -1 }
            let expected = Double(Plant.all.count { world.collection(of: $0) == collection && isMine($0) })
            check(one.json["documents"]?.number == expected, "\(address) counts other than \(expected): \(one.text)")
            check(counts == [0, 0, expected, 0], "progress of \(address) counts other than \(expected)")
            check(Double(listed.count) == expected, "\(address) lists \(listed.count) and not \(expected)")
        }
    }

    private mutating func look(for plant: Plant) async throws {
        let (sent, address) = (world.sent(plant), "/api/v1/documents/\(world.sent(plant).document)")
        if try await tell(.get, address).status == 200 { note(plant, .document) }
        if try await tell(.get, address + "/text").status == 200 { note(plant, .text) }
        try await tell(.get, address + "/text?version=\(sent.version)")
        for suffix in ["/pages", "/pages/1", "/pages/1/image", "/comparison/\(sent.version)"] {
            let answer = try await tell(.get, "\(address)/versions/\(sent.version)\(suffix)")
            check(isMine(plant) || answer.status == 404 || isRefused, "\(suffix) of \(plant.name): \(answer.status)")
        }
        if try await tell(.get, address + "/access").status == 200 { note(plant, .access) }
        let others = try await tell(.get, address + "/access?subject=\(world.subjects["owner"] ?? "")")
        let isTold = isMine(plant) && mayAskAboutOthers
        check((others.status == 200) == isTold, "asked about the owner and \(plant.name): \(others.text)")
        try await tell(.get, "/api/v1/jobs/\(sent.job)", identifiersAllowed: looksAfterQueue)
        let query: JSON = ["query": .text(plant.canary), "mode": "lexical", "limit": 100, "explain": true]
        if hits(try await tell(.post, "/api/v1/search", query)).contains(sent.document) { note(plant, .hit) }
        let answer = try await tell(.post, "/api/v1/ask", ["question": .text(plant.question)])
        let cited = answer.json["citations"]?.items.compactMap { $0["document"]?.text } ?? []
        if cited.contains(sent.document) { note(plant, .citation) }
    }

    private mutating func wideSearches() async throws {
        for mode in ["fused", "dense", "lexical"] {
            let query: JSON = ["query": .text(Self.wideQuery), "mode": .text(mode), "limit": 100, "explain": true]
            let found = hits(try await tell(.post, "/api/v1/search", query))
            for plant in Plant.all where found.contains(world.sent(plant).document) { note(plant, .passage) }
        }
        try await tell(.post, "/api/v1/ask", ["question": .text(Plant.labelled.question)], accept: "text/event-stream")
    }

    private func hits(_ answer: Answer) -> Set<String> {
        let found = answer.json["hits"]?.items ?? []
        return Set(found.flatMap { [$0["document"]] + ($0["alsoIn"]?.items ?? []) }.compactMap { $0?.text })
    }
}

// MARK: - Changing what one may not see

extension MatrixProbe {
    /// A document that is hidden answers to every verb like one that never was.
    private mutating func change(_ plant: Plant) async throws {
        let nowhere = "doc_" + String(repeating: "7", count: 26)
        let (hidden, unknown) = (world.sent(plant).document, "/api/v1/documents/\(nowhere)")
        let verbs: [(HTTPRequest.Method, String, JSON?)] = [
            (.get, "", nil), (.get, "/text", nil), (.get, "/access", nil), (.delete, "", nil),
            (.get, "/versions/\(world.sent(plant).version)/pages", nil),
            (.get, "/versions/\(world.sent(plant).version)/comparison/\(world.sent(plant).version)", nil),
            (.post, "/move", ["path": "open/taken.md"]), (.put, "/access", ["allow": ["everyone"], "deny": []]),
            (.post, "/move", ["path": "../out.md"]), (.put, "/access", ["allow": 7]),
        ]
        for (method, suffix, body) in verbs {
            let answer = try await tell(method, "/api/v1/documents/\(hidden)" + suffix, body)
            let other = try await tell(method, unknown + suffix, body)
            check((400..<500).contains(answer.status), "\(method) \(suffix) of \(plant.name): \(answer.status)")
            check(answer.anonymous == other.anonymous, "\(method) \(suffix) tells hidden from unknown: \(answer.text)")
        }
    }
}

// MARK: - Noting

extension MatrixProbe {
    private func isMine(_ plant: Plant) -> Bool { plant.readers.contains(name) }

    private mutating func note(_ plant: Plant, _ surface: Surface) { seen[plant.name, default: []].insert(surface) }

    private mutating func check(_ isRight: Bool, _ mistake: String) {
        if !isRight { mistakes.append("\(name): \(mistake)") }
    }

    /// Sends the request and searches the whole answer for what this person must not know.
    @discardableResult
    private mutating func tell(
        _ method: HTTPRequest.Method, _ path: String, _ body: JSON? = nil, accept: String? = nil,
        identifiersAllowed: Bool = false
    ) async throws -> Answer {
        let answer = try await caller.send(
            method, path, body.map(Caller.encode) ?? [], type: "application/json", accept: accept)
        let said = answer.text.lowercased() + answer.headers.map { $0.value.lowercased() }.joined(separator: "\n")
        check(answer.status < 500, "\(method) \(path) failed: \(answer.text)")
        check(!isRefused || answer.status == 401, "\(method) \(path) was not refused: \(answer.status)")
        for plant in Plant.all where !isMine(plant) {
            let sent = world.sent(plant)
            if said.contains(plant.canary) { leaks.append("\(name), \(method) \(path): content \(plant.name)") }
            for id in [sent.document, sent.version] where !identifiersAllowed && !path.contains(id) && said.contains(id)
            {
                leaks.append("\(name), \(method) \(path): identifier of \(plant.name)")
            }
        }
        return answer
    }
}
