/// A sitemap or a sitemap index (sitemaps.org, protocol 0.9): its links, as they were written.
struct Sitemap: Equatable, Sendable {
    /// Links to more sitemaps, not to pages.
    let isIndex: Bool
    let links: [String]

    private static let roots = ["urlset": "url", "sitemapindex": "sitemap"]

    /// Throws `.misbehaved` for anything else, `.limit` when there are more than `linksMax`.
    init(_ bytes: [UInt8], linksMax: Int) throws(SourceFailure) {
        guard !bytes.starts(with: [0x1f, 0x8b]) else {
            throw .misconfigured("The sitemap is compressed. Name the plain one.")
        }
        do throws(XMLPullReader.Fault) {
            guard let (isIndex, links) = try Self.read(bytes, linksMax) else {
                throw XMLPullReader.Fault.malformed
            }
            (self.isIndex, self.links) = (isIndex, links)
        } catch {
            throw .misbehaved("The sitemap is not the XML that it should be.")
        }
        guard links.count <= linksMax else { throw .limit(.items(linksMax)) }
    }

    /// Nil when the root is another element. Stops at the first link too many.
    private static func read(_ bytes: [UInt8], _ linksMax: Int) throws(XMLPullReader.Fault) -> (Bool, [String])? {
        var reader = XMLPullReader(bytes)
        var path: [String] = []
        var links: [String] = []
        var text = ""
        var root = ""
        while let event = try reader.next() {
            switch event {
            case .start(let name):
                if path.isEmpty { root = name }
                guard roots[root] != nil else { return nil }
                path.append(name)
                text = ""
            case .text(let part): if text.utf8.count < XMLPullReader.textBytesMax { text += part }
            case .end:
                if path.count == 3, path[1] == roots[root], path[2] == "loc" { links.append(text.trimmed) }
                path.removeLast()
                text = ""
            }
            guard links.count <= linksMax else { break }
        }
        return (root == "sitemapindex", links)
    }
}
