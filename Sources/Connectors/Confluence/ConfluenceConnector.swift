import Foundation
import Kit
import Outbound
import Synchronization

/// Pages, blog posts, attachments and comments of a Confluence site. An item is its content id.
///
/// With 10,000 pages a listing costs some 150 requests: pages come 200 at a time with their restrictions, ancestors by
/// the hundred, permissions once for each space. So a listing every five minutes stays below 400 requests a minute, and
/// revoked rights, moves and deletions are seen within it; in between the search tells what was edited.
package struct ConfluenceConnector: Connector {
    let settings: ConfluenceSettings
    let form: CursorForm
    let api: ConfluenceAPI
    let clock: WallClock
    private let memory = RunMemory()

    static let keysMax = 100

    /// Throws `.misconfigured`.
    package init(
        _ settings: ConfluenceSettings, client: RetryingClient, clock: WallClock = .system
    ) throws(SourceFailure) {
        try settings.validate()
        self.settings = settings
        self.clock = clock
        api = try ConfluenceAPI(settings, client: client, clock: clock)
        form = CursorForm(connector: "confluence.1", settings: settings.forms)
    }

    package func changes(since cursor: SourceCursor?, known _: KnownTags) async throws -> ChangePage {
        let place = try ConfluencePlace(cursor, form, fullEvery: settings.fullEvery, now: clock.now())
        let sections = ConfluenceSection.all(settings, place)
        guard sections.indices.contains(place.section) else { throw SourceFailure.cursorExpired }
        let list = try await list(sections[place.section], place)
        guard list.results.count <= settings.limits.pageItemsMax else {
            throw SourceFailure.misbehaved("Confluence lists more than was asked for.")
        }
        let rights = memory.rights(of: place) { ConfluenceRights(api, settings, run: place.begun) }
        try await rights.prepare(list.values)
        let next = try place.after(next: try list.next(), items: list.results.count, sections: sections.count)
        guard place.count + list.results.count <= settings.limits.itemsMax else {
            throw SourceFailure.limit(.items(settings.limits.itemsMax))
        }
        var page = ChangePage(
            next: try next.cursor(form), isLast: next.mode == .between, isListing: place.mode == .listing)
        let items = ConfluencePage(settings: settings, base: api.base, rights: rights)
        for found in list.results { items.take(found, &page) }
        return page
    }

    package func content(of item: SourceItem, bytesMax: Int) async throws -> SourceContent {
        let bound = min(bytesMax, settings.limits.itemBytesMax)
        guard item.key.text.isConfluenceID else { throw SourceFailure.gone }
        do {
            let isFile = item.key.text.hasPrefix("att")
            return isFile ? try await file(item, bound) : try await text(item, bound)
        } catch SourceFailure.forbidden {
            throw SourceFailure.poison(.unreadable)
        } catch SourceFailure.misbehaved, SourceFailure.retryable(after: nil, ConfluenceAPI.failed) {
            // One bad document must not stop the others; it is tried again.
            throw SourceFailure.poison(.unavailable)
        } catch SourceFailure.limit {
            throw SourceFailure.poison(.tooLarge(bytesMax: settings.limits.listBytesMax))
        }
    }

    /// The cloud's own check, one request for each of at most `keysMax` keys; what it does not answer for is not
    /// confirmed. Data Center has none that asks about somebody else: nil.
    package func readable(_ keys: [ExactText], by account: ExactText) async throws -> Set<ExactText>? {
        guard api.isCloud else { return nil }
        let question = ["subject": ["type": "user", "identifier": account.text]] as [String: Any]
        let body = try? JSONSerialization.data(
            withJSONObject: question.merging(["operation": "read"]) { first, _ in first }, options: .sortedKeys)
        guard let body else { return [] }
        var readable: Set<ExactText> = []
        for key in keys.prefix(Self.keysMax) where key.text.isConfluenceID {
            do {
                let path = ["rest", "api", "content", key.text, "permission", "check"]
                let answer = try await api.post(ConfluenceCheck.self, path, Array(body))
                if answer.hasPermission { readable.insert(key) }
            } catch SourceFailure.gone, SourceFailure.forbidden, SourceFailure.misbehaved {}
        }
        return readable
    }

    func list(
        _ section: ConfluenceSection, _ place: ConfluencePlace
    ) async throws -> ConfluenceList<ConfluenceContent> {
        let limit = min(ConfluenceSettings.batchMax, settings.limits.pageItemsMax)
        let query = section.items(limit: limit, expand: ConfluenceRights.expansion)
        do {
            return try await api.list(ConfluenceContent.self, section.path, query, from: place.mark)
        } catch SourceFailure.gone {
            throw SourceFailure.misconfigured(
                "There is no Confluence of this edition at this address, or it lacks a space that is named.")
        }
    }
}

extension ConfluenceConnector {
    private static let expansion = "body.storage,version,space,ancestors,container"

    private func text(_ item: SourceItem, _ bytesMax: Int) async throws -> SourceContent {
        let content = try await single(item.key.text, Self.expansion)
        guard ["page", "blogpost", "comment"].contains(content.type) else { throw SourceFailure.gone }
        guard ConfluencePage.tag(of: content) == item.tag else { throw SourceFailure.changed }
        guard let storage = content.body?.storage?.value else { throw SourceFailure.poison(.unavailable) }
        guard storage.utf8.count <= settings.limits.itemBytesMax else {
            throw SourceFailure.poison(.tooLarge(bytesMax: settings.limits.itemBytesMax))
        }
        let body = StorageFormat.html(storage)
        let bytes = Array(HTMLText.document(title: content.title, body: body).utf8)
        guard bytes.count <= bytesMax else { throw SourceFailure.poison(.tooLarge(bytesMax: bytesMax)) }
        return SourceContent(bytes: bytes, tag: item.tag, mediaType: "text/html")
    }

    /// Throws `.gone` also for what the settings do not name.
    private func single(_ id: String, _ expand: String) async throws -> ConfluenceContent {
        let content: ConfluenceContent
        if api.isCloud {
            let section = ConfluenceSection.search("id = \(id)", settings)
            let query = section.items(limit: 1, expand: expand)
            let found = try await api.list(ConfluenceContent.self, section.path, query)
            guard !found.results.isEmpty else { throw SourceFailure.gone }
            guard let value = found.values.first else { throw SourceFailure.poison(.unavailable) }
            content = value
        } else {
            let path = ["rest", "api", "content", id]
            content = try await api.get(ConfluenceContent.self, path, [(name: "expand", value: expand)])
        }
        guard content.id.text == id, content.isShown(settings) else { throw SourceFailure.gone }
        return content
    }

    private func file(_ item: SourceItem, _ bytesMax: Int) async throws -> SourceContent {
        let (version, url) = api.isCloud ? try await cloudFile(item) : try await serverFile(item)
        guard item.tag.text.hasPrefix("\(version).") else { throw SourceFailure.changed }
        let (bytes, mediaType) = try await api.download(url, bytesMax: bytesMax)
        return SourceContent(bytes: bytes, tag: item.tag, mediaType: mediaType)
    }

    private func cloudFile(_ item: SourceItem) async throws -> (version: Int, url: OutboundURL) {
        let found = try await api.get(ConfluenceAttachment.self, ["api", "v2", "attachments", item.key.text])
        guard found.status == "current", let page = (found.pageId ?? found.blogPostId)?.text, page.isConfluenceID else {
            throw SourceFailure.gone
        }
        // v2 does not say which space it is in.
        if !settings.spaces.isEmpty { _ = try await single(page, "space,version") }
        let path = ["rest", "api", "content", page, "child", "attachment", item.key.text, "download"]
        return (found.version.number, try api.address(path, []))
    }

    private func serverFile(_ item: SourceItem) async throws -> (version: Int, url: OutboundURL) {
        let found = try await single(item.key.text, "version,space,container")
        guard found.type == "attachment" else { throw SourceFailure.gone }
        let root = api.base.path.hasSuffix("/") ? String(api.base.path.dropLast()) : api.base.path
        guard let url = ConfluencePage.address(found.links?.download, api.base),
            url.path.hasPrefix(root + "/download/")
        else { throw SourceFailure.poison(.unavailable) }
        return (found.version.number, url)
    }
}

/// What the last run found out; made anew after a restart, and for every run.
private final class RunMemory: Sendable {
    private let rights = Mutex<ConfluenceRights?>(nil)

    func rights(of place: ConfluencePlace, _ make: () -> ConfluenceRights) -> ConfluenceRights {
        rights.withLock { rights in
            if let rights, rights.run == place.begun, !place.isBeginning { return rights }
            let new = make()
            rights = new
            return new
        }
    }
}
