/// Bounds of one source.
package struct SourceLimits: Hashable, Sendable {
    /// Of one listing.
    package var itemsMax = 1_000_000
    /// Of one page.
    package var pageItemsMax = 500
    /// Folders in folders.
    package var depthMax = 32
    package var pathBytesMax = 1024
    /// Of one document; larger ones are skipped.
    package var itemBytesMax = 64 << 20
    /// Of one listing answer, sitemap or page of keys.
    package var listBytesMax = 50 << 20
    /// Sitemaps that one listing reads.
    package var listsMax = 500

    package init() {}

    /// Throws `.misconfigured` for what cannot work.
    package func validate() throws(SourceFailure) {
        let all = [itemsMax, pageItemsMax, depthMax, pathBytesMax, itemBytesMax, listBytesMax, listsMax]
        guard all.allSatisfy({ $0 > 0 }) else { throw .misconfigured("Every limit of a source is at least 1.") }
        guard depthMax <= 64 else { throw .misconfigured("A source goes at most 64 folders deep.") }
        guard pageItemsMax <= 10_000 else { throw .misconfigured("A page has at most 10,000 items.") }
        guard pathBytesMax <= 4096 else { throw .misconfigured("A path has at most 4,096 bytes.") }
    }
}

extension String {
    /// For people and notes: at most `bytesMax` bytes, cut between characters, without control characters.
    func shown(_ bytesMax: Int) -> String {
        var text = ""
        var bytes = 0
        for scalar in unicodeScalars {
            let plain = scalar.properties.generalCategory == .control ? "\u{fffd}" : scalar
            bytes += UTF8.width(plain)
            guard bytes <= bytesMax else { break }
            text.unicodeScalars.append(plain)
        }
        return text
    }
}
