import Crypto
import Kit
import Outbound

/// All addresses of one listing, in their order, and a hash by which the next page knows that it is the same list.
struct WebPlan: Sendable {
    let pages: [OutboundURL]
    let skipped: [SkippedItem]
    let hash: ExactText

    init(pages: [OutboundURL], skipped: [SkippedItem]) {
        self.pages = pages
        self.skipped = skipped
        var form = CanonicalBytes(domain: "cloister.source.web.plan")
        for page in pages { form.append(page.text) }
        hash = ExactText(Hex.encode(SHA256.hash(data: form.bytes)))
    }
}

/// Reads sitemaps and robots.txt and makes the plan of one listing.
struct WebPlanner {
    private let limits: SourceLimits
    private let fetch: @Sendable (OutboundURL, _ bytesMax: Int) async throws -> (status: Int, bytes: [UInt8]?)
    private var pages: [OutboundURL]
    private var seen: Set<OutboundURL>
    private var skipped: [SkippedItem] = []
    private var lists: Set<OutboundURL> = []
    private var robots: [OutboundOrigin: RobotsRules] = [:]

    /// `fetch` gives the status, and the bytes unless they are more than asked for.
    init(
        addresses: [OutboundURL], limits: SourceLimits,
        fetch: @escaping @Sendable (OutboundURL, _ bytesMax: Int) async throws -> (status: Int, bytes: [UInt8]?)
    ) {
        self.limits = limits
        self.fetch = fetch
        pages = addresses
        seen = Set(addresses)
    }

    mutating func plan(_ sitemaps: [OutboundURL]) async throws -> WebPlan {
        var queue = sitemaps[...]
        while let url = queue.popFirst() {
            guard lists.insert(url).inserted else { continue }
            guard lists.count <= limits.listsMax else { throw SourceFailure.limit(.lists(limits.listsMax)) }
            let sitemap = try await sitemap(at: url)
            for link in sitemap.links {
                guard let target = try? url.resolve(link: link), target.origin == url.origin else {
                    try skip(nil, link, .elsewhere)
                    continue
                }
                if sitemap.isIndex { queue.append(target) } else { try await take(target) }
            }
        }
        return WebPlan(pages: pages, skipped: skipped)
    }

    private func sitemap(at url: OutboundURL) async throws -> Sitemap {
        let (status, bytes) = try await fetch(url, limits.listBytesMax)
        switch status {
        case 200:
            guard let bytes else { throw SourceFailure.limit(.listBytes(limits.listBytesMax)) }
            return try Sitemap(bytes, linksMax: limits.itemsMax)
        case 401: throw SourceFailure.unauthorised("The sitemap wants credentials (status 401).")
        case 403: throw SourceFailure.forbidden("The sitemap may not be read (status 403).")
        case 404, 410: throw SourceFailure.misconfigured("A sitemap is not there (status \(status)).")
        default: throw SourceFailure.retryable(after: nil, "A sitemap could not be read (status \(status)).")
        }
    }

    private mutating func take(_ url: OutboundURL) async throws {
        guard !seen.contains(url) else { return }
        let key = ExactText(url.text)
        guard url.text.utf8.count <= limits.pathBytesMax else { return try skip(key, url.text, .pathTooLong) }
        guard try await rules(for: url.origin).allows(url.target) else { return try skip(key, url.text, .notForRobots) }
        guard pages.count < limits.itemsMax else { throw SourceFailure.limit(.items(limits.itemsMax)) }
        seen.insert(url)
        pages.append(url)
    }

    /// Without a file everything is allowed; while the site fails nothing is (RFC 9309 section 2.3.1).
    private mutating func rules(for origin: OutboundOrigin) async throws -> RobotsRules {
        if let known = robots[origin] { return known }
        guard let url = try? OutboundURL("\(origin)/robots.txt") else { return .none }
        let (status, bytes) = try await fetch(url, RobotsRules.bytesMax)
        let rules: RobotsRules
        switch status {
        case 200...299:
            guard let bytes else { throw SourceFailure.limit(.listBytes(RobotsRules.bytesMax)) }
            rules = RobotsRules(bytes)
        case 300...499: rules = .none
        default: throw SourceFailure.retryable(after: nil, "The site's robots.txt could not be read.")
        }
        robots[origin] = rules
        return rules
    }

    private mutating func skip(_ key: ExactText?, _ path: String, _ reason: PoisonReason) throws {
        guard skipped.count < limits.itemsMax else { throw SourceFailure.limit(.items(limits.itemsMax)) }
        skipped.append(SkippedItem(key: key, path: path.shown(limits.pathBytesMax), reason: reason))
    }
}
