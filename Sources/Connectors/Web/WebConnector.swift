import HTTPTypes
import Kit
import Outbound
import Synchronization

/// Pages of the web, found by asking for each: with `If-None-Match` or `If-Modified-Since` where the caller knows a
/// version. An item is its address as it was named, wherever redirects lead from there.
package struct WebConnector: Connector {
    let settings: WebSettings
    let form: CursorForm
    private let addresses: [OutboundURL]
    private let sitemaps: [OutboundURL]
    private let permissions: SourcePermissions
    private let client: RetryingClient
    /// Spares reading the sitemaps again for each page; made anew after a restart.
    private let memory = PlanMemory()

    /// Throws `.misconfigured`.
    package init(_ settings: WebSettings, client: RetryingClient) throws(SourceFailure) {
        try settings.validate()
        self.settings = settings
        self.client = client
        addresses = try WebSettings.read(settings.addresses)
        sitemaps = try WebSettings.read(settings.sitemaps)
        permissions = settings.permissions?.permissions ?? .unknown
        form = CursorForm(
            connector: "web.1",
            settings: [permissions.fingerprint, "\(addresses.count)"] + (addresses + sitemaps).map(\.text))
    }

    package func changes(since cursor: SourceCursor?, known: KnownTags) async throws -> ChangePage {
        let fields = try cursor.map { try form.fields(of: $0, count: 2) }
        let start = try fields?[1].number() ?? 0
        let plan = try await plan(fields?[0] ?? "")
        guard start <= plan.pages.count else { throw SourceFailure.cursorExpired }
        let end = min(plan.pages.count, start + settings.limits.pageItemsMax)
        let isLast = end == plan.pages.count
        let next = isLast ? ["", ExactText(0)] : [plan.hash, ExactText(end)]
        var page = ChangePage(next: try form.cursor(next), isLast: isLast, isListing: true)
        if start == 0 { page.skipped = plan.skipped }
        try await visit(plan.pages[start..<end], known, &page)
        return page
    }

    package func content(of item: SourceItem, bytesMax: Int) async throws -> SourceContent {
        guard let url = try? OutboundURL(item.key.text), isNamed(url) else { throw SourceFailure.gone }
        let bound = min(bytesMax, settings.limits.itemBytesMax)
        return try await client.asking(request(url, [:], bound)) { answer in
            switch answer.status {
            case 200, 203: break
            case 404, 410: throw SourceFailure.gone
            case 401: throw SourceFailure.unauthorised("\(url.origin) wants credentials (status 401).")
            case 403: throw SourceFailure.forbidden("\(url.origin) refuses the page (status 403).")
            default: throw SourceFailure.poison(.refused(status: answer.status))
            }
            guard let bytes = try await answer.body.bytes(upTo: bound) else {
                throw SourceFailure.poison(.tooLarge(bytesMax: bound))
            }
            let tag = WebVersion.tag(of: answer.headers) ?? WebVersion.tag(of: bytes)
            return SourceContent(bytes: bytes, tag: tag, mediaType: answer.headers.mediaType)
        }
    }

    package func test() async -> ConnectionReport {
        var report = ConnectionReport()
        guard let first = (sitemaps + addresses).first, await report.reach(first, client) else { return report }
        do {
            let plan = try await plan("")
            report.passed(.listing, "The list has \(plan.pages.count) pages; \(plan.skipped.count) are left out.")
            try await visitFirst(plan, &report)
        } catch {
            report.failed(error as? SourceFailure ?? .retryable(after: nil, "The test was cancelled."))
        }
        return report
    }

    private func visitFirst(_ plan: WebPlan, _ report: inout ConnectionReport) async throws {
        var page = ChangePage(next: try form.cursor([]), isLast: true, isListing: true)
        try await visit(plan.pages.prefix(1), .none, &page)
        if case .upsert = page.changes.first {
            report.passed(.items, "The first page can be read.")
        } else {
            let reason = page.skipped.first?.reason.sentence ?? "It is not there, or the list is empty."
            report.failed(.items, "The first page cannot be read. \(reason)")
        }
    }

    /// The hosts that the settings name: only they get the credentials, and only they are asked.
    private func isNamed(_ url: OutboundURL) -> Bool {
        addresses.contains(url) || sitemaps.contains { $0.origin == url.origin }
    }

    private func request(_ url: OutboundURL, _ headers: HTTPFields, _ bytesMax: Int) -> OutboundRequest {
        var request = OutboundRequest(.get, url, headers: headers)
        request.limits.bodyBytesMax = bytesMax
        if let authorization = settings.authorization,
            (addresses + sitemaps).contains(where: { $0.origin == url.origin })
        {
            request.headers[.authorization] = authorization.reveal()
        }
        return request
    }
}

extension WebConnector {
    /// The plan with this hash, or a new one where `hash` is empty. Throws `.cursorExpired` when it is another now.
    private func plan(_ hash: ExactText) async throws -> WebPlan {
        if let kept = memory.kept(hash) { return kept }
        var planner = WebPlanner(addresses: addresses, limits: settings.limits) { url, bytesMax in
            do {
                return try await client.asking(request(url, [:], bytesMax)) { answer in
                    guard answer.status == 200 else { return (answer.status, nil) }
                    return (200, try await answer.body.bytes(upTo: bytesMax))
                }
            } catch SourceFailure.poison(.tooLarge) {
                return (200, nil)
            }
        }
        let new = try await planner.plan(sitemaps)
        memory.keep(new)
        guard hash.text.isEmpty || hash == new.hash else { throw SourceFailure.cursorExpired }
        return new
    }

    /// One page that fails is skipped. When all do, or the site asks to wait, it is the site's failure.
    private func visit(
        _ urls: ArraySlice<OutboundURL>, _ known: KnownTags, _ page: inout ChangePage
    ) async throws {
        var failures = 0
        for url in urls {
            try Task.checkCancellation()
            let key = ExactText(url.text)
            do {
                try await look(at: url, key, try await known.tag(key), &page)
            } catch let failure as SourceFailure {
                failures += 1
                if case .retryable(let after, _) = failure, after != nil || failures == urls.count { throw failure }
                page.skipped.append(skip(key, Self.reason(for: failure)))
            }
        }
    }

    private static func reason(for failure: SourceFailure) -> PoisonReason {
        switch failure {
        case .poison(let reason): reason
        case .misconfigured: .blocked
        default: .unavailable
        }
    }

    private func skip(_ key: ExactText, _ reason: PoisonReason) -> SkippedItem {
        SkippedItem(key: key, path: key.text.shown(settings.limits.pathBytesMax), reason: reason)
    }

    private func look(
        at url: OutboundURL, _ key: ExactText, _ tag: ExactText?, _ page: inout ChangePage
    ) async throws {
        let condition = WebVersion.condition(for: tag)
        let bound = settings.limits.itemBytesMax
        let found = try await client.asking(request(url, condition, bound)) { try await Self.found($0, bound) }
        switch found.status {
        case 200, 203:
            page.changes.append(.upsert(item(key, found)))
        case 304 where !condition.isEmpty: page.changes.append(.permissions(key, permissions))
        case 404, 410: page.changes.append(.removed(key))
        case 401, 402, 403, 407, 451:
            page.skipped.append(skip(key, .refused(status: found.status)))
            page.changes.append(.permissions(key, .unknown))
        default: page.skipped.append(skip(key, .refused(status: found.status)))
        }
    }

    private struct Found: Sendable {
        let status: Int
        var tag: ExactText = ""
        var mediaType: String?
        var size: Int?
        var modified: Timestamp?
    }

    /// The body is read only where nothing else tells the version.
    private static func found(_ answer: OutboundResponse, _ bytesMax: Int) async throws -> Found {
        var found = Found(status: answer.status)
        guard [200, 203].contains(answer.status) else { return found }
        found.mediaType = answer.headers.mediaType
        found.size = answer.headers[.contentLength].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
        found.modified = answer.headers[.lastModified].flatMap(SourceDate.fixed)
        guard found.size ?? 0 <= bytesMax else { throw SourceFailure.poison(.tooLarge(bytesMax: bytesMax)) }
        if let tag = WebVersion.tag(of: answer.headers) {
            found.tag = tag
        } else {
            guard let bytes = try await answer.body.bytes(upTo: bytesMax) else {
                throw SourceFailure.poison(.tooLarge(bytesMax: bytesMax))
            }
            found.tag = WebVersion.tag(of: bytes)
        }
        return found
    }

    private func item(_ key: ExactText, _ found: Found) -> SourceItem {
        SourceItem(
            key: key, path: key.text.shown(settings.limits.pathBytesMax), mediaType: found.mediaType, size: found.size,
            modified: found.modified, tag: found.tag, permissions: permissions, url: key.text)
    }
}

/// The last plan that was made.
private final class PlanMemory: Sendable {
    private let plan = Mutex<WebPlan?>(nil)

    func kept(_ hash: ExactText) -> WebPlan? { plan.withLock { $0?.hash == hash ? $0 : nil } }
    func keep(_ new: WebPlan) { plan.withLock { $0 = new } }
}
