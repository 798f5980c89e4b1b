import Crypto
import Kit
import Outbound

/// Turns content of Confluence into items: decides, and asks nobody.
///
/// A comment is an item of its own, as an attachment is: it has a version and an end of its own, and the version of its
/// page does not tell of it. It has its page's permissions.
struct ConfluencePage {
    let settings: ConfluenceSettings
    let base: OutboundURL
    let rights: ConfluenceRights

    func take(_ found: Lossy<ConfluenceContent>, _ page: inout ChangePage) {
        guard let content = found.value, content.id.text.isConfluenceID else { return pass(found.id?.text, &page) }
        let key = ExactText(content.id.text)
        guard ["page", "blogpost", "attachment", "comment"].contains(content.type) else { return }
        guard isShown(content) else {
            // In a listing what is not named is removed; elsewhere it must be said.
            if !page.isListing { page.changes.append(.removed(key)) }
            return
        }
        let item = item(content)
        guard item.size ?? 0 <= settings.limits.itemBytesMax else {
            page.changes.append(.permissions(key, item.permissions))
            return skip(key, item.path, .tooLarge(bytesMax: settings.limits.itemBytesMax), &page)
        }
        page.changes.append(.upsert(item))
    }

    /// Badly shaped: what is known of it stays, but nobody sees it until it can be read again.
    private func pass(_ id: String?, _ page: inout ChangePage) {
        guard let id, id.isConfluenceID else { return skip(nil, "", .unavailable, &page) }
        skip(ExactText(id), id, .unavailable, &page)
        page.changes.append(.permissions(ExactText(id), .unknown))
    }

    private func skip(_ key: ExactText?, _ path: String, _ reason: PoisonReason, _ page: inout ChangePage) {
        page.skipped.append(SkippedItem(key: key, path: path.shown(settings.limits.pathBytesMax), reason: reason))
    }

    private func isShown(_ content: ConfluenceContent) -> Bool {
        guard content.isShown(settings) else { return false }
        guard !content.isPage else { return true }
        // What belongs to no page, as the picture of a space does, is no document.
        guard let owner = content.owner else { return false }
        // A page that is not known keeps its attachments, and nobody sees them.
        return rights.node(owner)?.isShown ?? true
    }

    private func item(_ content: ConfluenceContent) -> SourceItem {
        let permissions = content.owner.map { rights.permissions(of: $0) } ?? .unknown
        let isFile = content.type == "attachment"
        return SourceItem(
            key: ExactText(content.id.text), path: shownPath(of: content),
            title: content.title.shown(settings.limits.pathBytesMax),
            mediaType: isFile ? content.extensions?.mediaType : "text/html",
            size: isFile ? content.extensions?.fileSize.flatMap { $0 >= 0 ? $0 : nil } : nil,
            modified: content.version.when.flatMap(SourceDate.stamp), tag: Self.tag(of: content),
            permissions: permissions, url: Self.address(content.links?.webui, base)?.text)
    }

    /// Where the whole path is too long, without what lies between: the name comes last, and tells the kind of a file.
    private func shownPath(of content: ConfluenceContent) -> String {
        let (path, bytesMax) = (Self.path(of: content), settings.limits.pathBytesMax)
        guard path.utf8.count > bytesMax else { return path.shown(bytesMax) }
        var short = content
        (short.ancestors, short.container) = (nil, nil)
        return Self.path(of: short).shown(bytesMax)
    }

    /// `HR/Handbook/Leave`, `HR/Leave/form.pdf`, `HR/Leave/comment 123`.
    static func path(of content: ConfluenceContent) -> String {
        let above =
            content.isPage
            ? (content.ancestors ?? []).compactMap(\.title) : [content.container?.title].compactMap { $0 }
        let name = content.type == "comment" ? "comment \(content.id.text)" : content.title
        return ([content.space?.key ?? ""] + above + [name]).map { title in
            // By scalars: a slash with a combining mark behind it is another `Character`.
            String(String.UnicodeScalarView(title.unicodeScalars.map { $0 == "/" ? "\u{2215}" : $0 }))
        }.joined(separator: "/")
    }

    /// The version, and a hash of the path: moving a page makes no new version.
    static func tag(of content: ConfluenceContent) -> ExactText {
        let hash = Hex.encode(SHA256.hash(data: Array(path(of: content).utf8))).prefix(16)
        return ExactText("\(content.version.number).\(hash)")
    }

    /// A link of the site below its own address; nil for what leads elsewhere.
    static func address(_ link: String?, _ base: OutboundURL) -> OutboundURL? {
        guard let link, link.hasPrefix("/") else { return nil }
        let root = base.path.hasSuffix("/") ? String(base.path.dropLast()) : base.path
        guard let url = try? base.resolve(link: root + link), url.origin == base.origin,
            url.path.hasPrefix(root + "/")
        else { return nil }
        return url
    }
}
