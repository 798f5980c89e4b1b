import Kit
import Outbound

/// Pages of the web: a list of addresses, sitemaps, or both.
package struct WebSettings: Sendable {
    package var addresses: [String]
    /// Pages of a sitemap are on its own host; the site's robots.txt is kept to.
    package var sitemaps: [String]
    /// The value of `Authorization`, sent to the hosts that are named here and nowhere else.
    package var authorization: Secret?
    /// The web says nothing about who may read. Required.
    package var permissions: ConfiguredPermissions?
    package var limits: SourceLimits

    package static let addressesMax = 10_000

    package init(addresses: [String] = [], sitemaps: [String] = [], permissions: ConfiguredPermissions?) {
        self.addresses = addresses
        self.sitemaps = sitemaps
        self.permissions = permissions
        limits = SourceLimits()
        limits.pageItemsMax = 50
    }

    /// Throws `.misconfigured`.
    package func validate() throws(SourceFailure) {
        guard permissions != nil else {
            throw .misconfigured("Say who may read these pages: the web states no permissions.")
        }
        guard !addresses.isEmpty || !sitemaps.isEmpty else {
            throw .misconfigured("Name at least one address or sitemap.")
        }
        guard addresses.count <= Self.addressesMax, sitemaps.count <= limits.listsMax else {
            throw .misconfigured("At most \(Self.addressesMax) addresses can be named. Use a sitemap.")
        }
        _ = try Self.read(addresses)
        _ = try Self.read(sitemaps)
        guard authorization.map({ Self.isFieldValue($0.reveal()) }) ?? true else {
            throw .misconfigured("The authorization is one line of printable characters.")
        }
        try limits.validate()
    }

    /// Every address once, in the order in which they are named.
    static func read(_ texts: [String]) throws(SourceFailure) -> [OutboundURL] {
        var urls: [OutboundURL] = []
        var seen: Set<OutboundURL> = []
        for (index, text) in texts.enumerated() {
            do throws(URLFault) {
                let url = try OutboundURL(text)
                if seen.insert(url).inserted { urls.append(url) }
            } catch {
                throw .misconfigured("Address \(index + 1): \(error.sentence)")
            }
        }
        return urls
    }

    private static func isFieldValue(_ text: String) -> Bool {
        (1...8192).contains(text.utf8.count) && text.utf8.allSatisfy { (0x20...0x7e).contains($0) }
    }
}
