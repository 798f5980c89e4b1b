import Kit
import Outbound
import Synchronization
import TestKit

@testable import Connectors

/// A loopback fake of Confluence, Cloud and Data Center, written from the vendor's REST documentation and from what is
/// known of its search (limits of a page by expansion, an index that lags). It is not Confluence.
final class FakeConfluence: SourceWorld {
    static let token = "ATATTwJalrXUtnFEMI"

    let state: Mutex<FakeWiki>
    let edition: ConfluenceSettings.Edition
    let time: VirtualClock?
    private let server = Mutex<LoopbackServer?>(nil)

    private init(_ edition: ConfluenceSettings.Edition, _ time: VirtualClock?) {
        self.edition = edition
        self.time = time
        state = Mutex(FakeWiki(edition))
    }

    static func run<Result>(
        _ edition: ConfluenceSettings.Edition, time: VirtualClock? = nil,
        _ body: (FakeConfluence) async throws -> Result
    ) async throws -> Result {
        let fake = FakeConfluence(edition, time)
        return try await LoopbackServer.run {
            fake.answer($0)
        } body: { server in
            fake.server.withLock { $0 = server }
            defer { fake.server.withLock { $0 = nil } }
            return try await body(fake)
        }
    }

    private func answer(_ request: TestRequest) -> TestAnswer {
        let now = time?.now
        return state.withLock { wiki in
            if let refusal = wiki.refusal(request, at: now) { return refusal }
            return FakeConfluenceAnswers(wiki: wiki, request: request, now: wiki.now ?? now).answer()
        }
    }

    func change<Result: Sendable>(_ change: (inout FakeWiki) -> Result) -> Result { state.withLock { change(&$0) } }

    var requests: [TestRequest] { server.withLock { $0?.requests ?? [] } }
    var port: Int { server.withLock { $0?.port ?? 0 } }

    var settings: ConfluenceSettings {
        let path = edition == .cloud ? "" : "/confluence"
        var settings = ConfluenceSettings(
            url: "http://127.0.0.1:\(port)\(path)", edition: edition,
            email: edition == .cloud ? "bot@example.test" : nil, token: Secret(Self.token))
        settings.fullEvery = .zero
        settings.requestsPerMinute = 1_000_000
        return settings
    }

    func connector(_ settings: ConfluenceSettings? = nil) throws -> ConfluenceConnector {
        guard let server = server.withLock({ $0 }) else { throw TooManyPages() }
        // Who waits moves the time, at once.
        let clock = time.map { time in WallClock(now: { time.now }, sleep: { time.advance(by: $0) }) } ?? .system
        return try ConfluenceConnector(
            settings ?? self.settings, client: try server.client(clock: clock), clock: clock)
    }

    // MARK: the contract

    func put(_ name: String, _ bytes: [UInt8]) {
        let storage = "<p>\(Self.escaped(String(decoding: bytes, as: UTF8.self)))</p>"
        change { wiki in
            if let id = wiki.pageID(titled: name) {
                wiki.edit(id) { $0.body = storage }
            } else {
                wiki.named[ExactText(name)] = wiki.page(name, in: "HR", body: storage)
            }
        }
    }

    func remove(_ name: String) {
        change { wiki in
            if let id = wiki.pageID(titled: name) { wiki.contents[id] = nil }
        }
    }

    func key(_ name: String) -> ExactText {
        ExactText(change { wiki in wiki.named[ExactText(name)].map { "\($0)" } ?? "none" })
    }

    func content(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
        let title = Self.escaped(name).replacing("\"", with: "&quot;")
        let text = Self.escaped(String(decoding: bytes, as: UTF8.self)).replacing("\"", with: "&quot;")
        return Array(
            ("<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>\(title)</title></head><body><h1>\(title)</h1>"
                + "<p>\(text)</p></body></html>").utf8)
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    func connector(pageItemsMax: Int) throws -> any Connector {
        var settings = settings
        settings.limits.pageItemsMax = pageItemsMax
        return try connector(settings)
    }

    func otherConnector() throws -> any Connector {
        var settings = settings
        settings.spaces = ["OTHER"]
        return try connector(settings)
    }
}

/// What lies in the fake, and who may read it by its own reckoning.
struct FakeWiki: Sendable {
    enum Subject: Hashable, Sendable { case user(String), group(String), anonymous }

    struct User: Sendable {
        /// The account id of the cloud, the user key of Data Center.
        let key: String
        var isActive = true
    }

    struct Group: Sendable {
        let id: String
        var name: String
        var users: Set<String> = []
        /// Ids of groups in it; Data Center only.
        var groups: Set<String> = []
    }

    struct Space: Sendable {
        let id: Int
        let key: String
        var name: String
        var readers: Set<Subject>
        var isArchived = false
        /// The account may not read its permissions.
        var isSecretive = false
    }

    struct Content: Sendable {
        let id: Int
        var type = "page"
        var space: String
        var parent: Int?
        var container: Int?
        var title: String
        var body = ""
        var bytes: [UInt8] = []
        var version = 1
        var status = "current"
        var modified: Timestamp
        var readers: Set<Subject> = []
        /// Answered in another shape than the documented one.
        var isDamaged = false
        /// Answered without what was asked to be expanded.
        var isBare = false
        /// The account may not see it, though what lies below it names it.
        var isHidden = false

        var key: String { type == "attachment" ? "att\(id)" : "\(id)" }
    }

    let edition: ConfluenceSettings.Edition
    var spaces: [String: Space] = [:]
    var contents: [Int: Content] = [:]
    var users: [String: User] = [:]
    var groups: [String: Group] = [:]
    var admitsGuests = true
    var now: Timestamp?
    /// What the search knows; nil: everything at once.
    var index: [Int: Content]?
    /// Of a list of restrictions that is expanded.
    var expandedMax = 200
    /// Smaller than the vendor's, to see pages.
    var pageMax = 1000
    var perMinute: Int?
    var override: (@Sendable (TestRequest) -> TestAnswer?)?
    /// Pages of the contract suite, also those that are deleted.
    var named: [ExactText: Int] = [:]
    private var nextID = 1001
    private var minute: (start: Timestamp, count: Int)?
    private(set) var refusals = 0

    static let start = Timestamp(microseconds: 1_767_225_600_000_000)

    init(_ edition: ConfluenceSettings.Edition) {
        self.edition = edition
        spaces["HR"] = Space(id: 1, key: "HR", name: "People", readers: [.group("g-staff")])
        groups["g-staff"] = Group(id: "g-staff", name: "staff")
    }

    mutating func space(_ key: String, _ readers: Set<Subject>) {
        spaces[key] = Space(id: spaces.count + 1, key: key, name: "Space \(key)", readers: readers)
    }

    mutating func user(_ key: String, in groups: [String] = [], isActive: Bool = true) {
        users[key] = User(key: key, isActive: isActive)
        for id in groups { self.groups[id, default: Group(id: id, name: Self.name(id))].users.insert(key) }
    }

    mutating func group(_ id: String, in outer: [String] = []) {
        groups[id] = groups[id] ?? Group(id: id, name: Self.name(id))
        for outer in outer { groups[outer, default: Group(id: outer, name: Self.name(outer))].groups.insert(id) }
    }

    private static func name(_ id: String) -> String { String(id.dropFirst(2)) }

    mutating func add(_ content: (Int) -> Content) -> Int {
        defer { nextID += 1 }
        contents[nextID] = content(nextID)
        return nextID
    }

    mutating func page(
        _ title: String, in space: String = "HR", under parent: Int? = nil, type: String = "page",
        body: String = "<p>text</p>", only readers: Set<Subject> = []
    ) -> Int {
        let modified = now ?? Self.start
        return add {
            Content(
                id: $0, type: type, space: space, parent: parent, title: title, body: body, modified: modified,
                readers: readers)
        }
    }

    mutating func attachment(_ name: String, on page: Int, _ bytes: [UInt8]) -> Int {
        let (modified, space) = (now ?? Self.start, contents[page]?.space ?? "")
        return add {
            Content(
                id: $0, type: "attachment", space: space, container: page, title: name, bytes: bytes,
                modified: modified)
        }
    }

    mutating func comment(_ body: String, on page: Int) -> Int {
        let (modified, space) = (now ?? Self.start, contents[page]?.space ?? "")
        let title = "Re: \(contents[page]?.title ?? "")"
        return add {
            Content(
                id: $0, type: "comment", space: space, container: page, title: title, body: body, modified: modified)
        }
    }

    /// A new version. Restrictions, moves and trashing are none: change `contents` for them.
    mutating func edit(_ id: Int, _ change: (inout Content) -> Void) {
        guard var content = contents[id] else { return }
        change(&content)
        content.version += 1
        content.modified = now ?? content.modified
        contents[id] = content
    }

    func pageID(titled title: String) -> Int? {
        contents.values.first { $0.type == "page" && $0.title.utf8.elementsEqual(title.utf8) }?.id
    }

    // MARK: the reference

    /// "Page restrictions" and "Space permissions" of the vendor's documentation: one must be able to view the space,
    /// and pass the view restriction of the page and of every page above it. Nil is a guest.
    func mayRead(_ user: String?, _ id: Int) -> Bool {
        guard let content = contents[id], content.status == "current", let space = spaces[content.space],
            !space.isArchived
        else { return false }
        if let user, users[user]?.isActive != true { return false }
        if let page = content.container { return mayRead(user, page) }
        var mine: Set<Subject> = user.map { [.user($0)] } ?? []
        if let user { mine.formUnion(groupsOf(user).map { .group($0) }) }
        let asGuest = admitsGuests && space.readers.contains(.anonymous)
        guard asGuest || !space.readers.isDisjoint(with: mine) else { return false }
        var next: Int? = id
        while let id = next {
            guard let page = contents[id] else { return false }
            if !page.readers.isEmpty, page.readers.isDisjoint(with: mine) { return false }
            next = page.parent
        }
        return true
    }

    private func groupsOf(_ user: String) -> Set<String> {
        var mine = Set(groups.values.filter { $0.users.contains(user) }.map(\.id))
        guard edition == .datacenter else { return mine }
        while true {
            let more = groups.values.filter { !$0.groups.isDisjoint(with: mine) }.map(\.id)
            guard !mine.isSuperset(of: more) else { return mine }
            mine.formUnion(more)
        }
    }

    // MARK: manners

    mutating func refusal(_ request: TestRequest, at now: Timestamp?) -> TestAnswer? {
        if let answer = override?(request) { return answer }
        guard let perMinute, let now else { return nil }
        let isSame = minute.map { now - $0.start < .seconds(60) } ?? false
        minute = isSame ? minute.map { ($0.start, $0.count + 1) } : (now, 1)
        guard let minute, minute.count > perMinute else { return nil }
        refusals += 1
        let wait = 60 - (now - minute.start).components.seconds
        return .status(429, [("Retry-After", "\(wait)")])
    }
}
