import Connectors
import Foundation
import Kit
import Synchronization

/// A source that a test writes: a listing in pages, or a feed of changes after the first listing; people, groups and
/// faults as told.
final class ScriptedSource: Connector {
    struct Page: Sendable {
        var text: String
        var path: String
        var permissions: SourcePermissions
        var version = 1
    }

    struct State: Sendable {
        var pages: [String: Page] = [:]
        var directory: SourceDirectory?
        var hasFeed = false
        /// In a source with a feed: what happened since the last look.
        var feed: [SourceChange] = []
        var skipped: [SkippedItem] = []
        var listingFailure: SourceFailure?
        var contentFailures: [String: SourceFailure] = [:]
        /// The process ends after so many documents.
        var contentsLeft = Int.max
        var contentsAsked = 0
        var listings = 0
        var pageItems = 3
        var whenAsked: @Sendable () -> Void = {}
    }

    /// What the source says when it is asked about a page; nil: it cannot be asked.
    typealias Verdict = @Sendable (_ account: String, _ key: String) async throws -> Bool?

    struct Crash: Error {}

    let state = Mutex(State())
    let verdict = Mutex<Verdict?>(nil)

    /// What happens each time a run has begun to ask what changed.
    let meanwhile = Mutex<(@Sendable () async -> Void)?>(nil)

    func readable(_ keys: [ExactText], by account: ExactText) async throws -> Set<ExactText>? {
        guard let verdict = verdict.withLock({ $0 }) else { return nil }
        var readable: Set<ExactText> = []
        for key in keys where try await verdict(account.text, key.text) == true { readable.insert(key) }
        return readable
    }

    /// How many contents and full listings were asked for.
    var asked: Int { state.withLock { $0.contentsAsked } }
    var listings: Int { state.withLock { $0.listings } }
    var pages: [String: Page] { state.withLock { $0.pages } }

    func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

    func put(_ key: String, _ text: String, path: String? = nil, _ permissions: SourcePermissions = .open) {
        change { state in
            let version = (state.pages[key]?.version ?? 0) + 1
            state.pages[key] = Page(text: text, path: path ?? key, permissions: permissions, version: version)
            if state.hasFeed, let item = Self.item(key, state.pages[key]) { state.feed.append(.upsert(item)) }
        }
    }

    func remove(_ key: String) {
        change { state in
            state.pages[key] = nil
            if state.hasFeed { state.feed.append(.removed(ExactText(key))) }
        }
    }

    func permit(_ key: String, _ permissions: SourcePermissions) {
        change { state in
            state.pages[key]?.permissions = permissions
            if state.hasFeed { state.feed.append(.permissions(ExactText(key), permissions)) }
        }
    }

    func changes(since cursor: SourceCursor?, known _: KnownTags) async throws -> ChangePage {
        await meanwhile.withLock { $0 }?()
        return try state.withLock { state in
            if let failure = state.listingFailure {
                state.listingFailure = nil
                throw failure
            }
            let place = cursor.map { String(decoding: $0.bytes, as: UTF8.self) } ?? "0"
            if place == "feed" {
                var page = try ChangePage(next: Self.cursor("feed"), isLast: true, isListing: false)
                (page.changes, state.feed) = (state.feed, [])
                return page
            }
            return try Self.listing(&state, from: Int(place) ?? 0)
        }
    }

    private static func listing(_ state: inout State, from start: Int) throws -> ChangePage {
        if start == 0 { state.listings += 1 }
        let keys = state.pages.keys.sorted()
        let end = min(keys.count, start + state.pageItems)
        let isLast = end >= keys.count
        if isLast { state.feed = [] }
        var page = try ChangePage(
            next: cursor(isLast ? (state.hasFeed ? "feed" : "0") : "\(end)"), isLast: isLast, isListing: true)
        page.changes = keys[min(start, end)..<end].compactMap { key in item(key, state.pages[key]).map { .upsert($0) } }
        if isLast { page.skipped = state.skipped }
        return page
    }

    func content(of item: SourceItem, bytesMax: Int) async throws -> SourceContent {
        try state.withLock { state in
            state.contentsAsked += 1
            state.whenAsked()
            guard state.contentsLeft > 0 else { throw Crash() }
            state.contentsLeft -= 1
            if let failure = state.contentFailures[item.key.text] { throw failure }
            guard let page = state.pages[item.key.text] else { throw SourceFailure.gone }
            return SourceContent(
                bytes: Array(page.text.utf8), tag: ExactText("v\(page.version)"), mediaType: "text/markdown")
        }
    }

    func test() async -> ConnectionReport { ConnectionReport() }

    func directory() async throws -> SourceDirectory? { state.withLock { $0.directory } }

    private static func item(_ key: String, _ page: Page?) -> SourceItem? {
        page.map {
            SourceItem(
                key: ExactText(key), path: $0.path, mediaType: "text/markdown", tag: ExactText("v\($0.version)"),
                permissions: $0.permissions, url: "https://wiki.example/\(key)")
        }
    }

    private static func cursor(_ text: String) throws -> SourceCursor {
        guard let cursor = SourceCursor(bytes: Array(text.utf8)) else { throw Crash() }
        return cursor
    }
}

extension SourcePermissions {
    static let open = SourcePermissions([SourceConstraint(allow: [.everyone])])

    static func only(_ principals: SourcePrincipal...) -> SourcePermissions {
        SourcePermissions([SourceConstraint(allow: Set(principals))])
    }
}

extension SourcePrincipal {
    static func person(_ name: String) -> SourcePrincipal { .user(ExactText(name)) }
    static func team(_ name: String) -> SourcePrincipal { .group(ExactText(name)) }
}
