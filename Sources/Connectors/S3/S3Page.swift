import Kit
import Outbound

/// Where a listing of a bucket goes on.
struct S3Place: Equatable, Sendable {
    var prefixIndex = 0
    var prefix: ExactText
    /// Empty: the beginning of the prefix.
    var token: ExactText = ""
    /// The last key that was seen.
    var last: ExactText = ""
    var count = 0

    init(_ cursor: SourceCursor?, _ form: CursorForm, _ prefixes: [ExactText]) throws(SourceFailure) {
        prefix = prefixes[0]
        guard let cursor else { return }
        let fields = try form.fields(of: cursor, count: 4)
        prefixIndex = try fields[0].number()
        guard prefixes.indices.contains(prefixIndex) else { throw .cursorExpired }
        prefix = prefixes[prefixIndex]
        (token, last, count) = (fields[1], fields[2], try fields[3].number())
    }

    func cursor(_ form: CursorForm) throws(SourceFailure) -> SourceCursor {
        try form.cursor([ExactText(prefixIndex), token, last, ExactText(count)])
    }
}

/// Turns one answer of the store into a page: decides, and asks nobody.
struct S3Page {
    private let connector: S3Connector
    private let place: S3Place

    private var limits: SourceLimits { connector.settings.limits }

    init(_ connector: S3Connector, _ place: S3Place) {
        self.connector = connector
        self.place = place
    }

    func page(of listing: S3Listing) throws(SourceFailure) -> ChangePage {
        let keys = listing.entries.map { listing.key(of: $0) }
        try check(keys.compactMap { $0 })
        let next = try next(after: listing, last: keys.compactMap { $0 }.last ?? place.last)
        let first = try S3Place(nil, connector.form, connector.prefixes)
        let isLast = next == nil
        var page = ChangePage(
            next: try (next ?? first).cursor(connector.form),
            isLast: isLast, isListing: true)
        for (key, entry) in zip(keys, listing.entries) { take(key, entry, &page) }
        return page
    }

    /// Keys come in the order of their bytes and begin with the prefix; so a list that goes in a circle is found out.
    private func check(_ keys: [ExactText]) throws(SourceFailure) {
        var last = place.last
        for key in keys {
            guard last.text.isEmpty || last < key else {
                throw .misbehaved("The store lists keys twice or out of order.")
            }
            guard key.text.utf8.starts(with: place.prefix.text.utf8) else {
                throw .misbehaved("The store lists keys that were not asked for.")
            }
            last = key
        }
    }

    /// Nil at the end of the last prefix.
    private func next(after listing: S3Listing, last: ExactText) throws(SourceFailure) -> S3Place? {
        var next = place
        // A page without keys must not be free: it would make the list endless.
        next.count += listing.entries.isEmpty ? S3Listing.entriesMax : listing.entries.count
        guard next.count <= limits.itemsMax || !listing.isTruncated && listing.entries.isEmpty else {
            throw .limit(.items(limits.itemsMax))
        }
        guard listing.isTruncated else {
            next.prefixIndex += 1
            guard connector.prefixes.indices.contains(next.prefixIndex) else { return nil }
            (next.prefix, next.token, next.last) = (connector.prefixes[next.prefixIndex], "", "")
            next.count = place.count + listing.entries.count
            return next
        }
        guard !listing.token.isEmpty, ExactText(listing.token) != place.token else {
            throw .misbehaved("The store says that its list goes on, but not where.")
        }
        (next.token, next.last) = (ExactText(listing.token), last)
        return next
    }

    private func take(_ key: ExactText?, _ entry: S3Listing.Entry, _ page: inout ChangePage) {
        let size = Int(entry.size).flatMap { $0 >= 0 ? $0 : nil }
        guard let key else { return skip(nil, entry.key, .badName, &page) }
        // What consoles make to show an empty folder.
        if key.text.hasSuffix("/"), size == 0 { return }
        guard connector.selection.wants(key.text) else { return }
        guard key.text.utf8.count <= limits.pathBytesMax else { return skip(key, key.text, .pathTooLong, &page) }
        guard let url = connector.address(of: key) else { return skip(key, key.text, .badName, &page) }
        guard S3Text.isTag(entry.tag) else { return skip(key, key.text, .unavailable, &page) }
        guard !["GLACIER", "DEEP_ARCHIVE"].contains(entry.storageClass) else {
            return skip(key, key.text, .archived, &page)
        }
        guard size ?? 0 <= limits.itemBytesMax else {
            return skip(key, key.text, .tooLarge(bytesMax: limits.itemBytesMax), &page)
        }
        page.changes.append(
            .upsert(
                SourceItem(
                    key: key, path: key.text.shown(limits.pathBytesMax), size: size,
                    modified: SourceDate.stamp(entry.modified), tag: ExactText(entry.tag),
                    permissions: connector.permissions, url: url.text)))
    }

    private func skip(_ key: ExactText?, _ path: String, _ reason: PoisonReason, _ page: inout ChangePage) {
        page.skipped.append(SkippedItem(key: key, path: path.shown(limits.pathBytesMax), reason: reason))
    }
}
