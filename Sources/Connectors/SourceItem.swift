import Kit

/// One document of a source, without its bytes.
package struct SourceItem: Hashable, Sendable, Codable {
    /// Stays the same as long as the source calls it the same document. Only for the connector that made it.
    package var key: ExactText
    /// For people: the path in the folder, the key in the bucket, the address.
    package var path: String
    package var title: String?
    /// As the source says, `text/html`, without parameters. A hint: what it is, its bytes say.
    package var mediaType: String?
    /// As the source says; the content is bounded whatever this is.
    package var size: Int?
    package var modified: Timestamp?
    /// Another version has another tag.
    package var tag: ExactText
    package var permissions: SourcePermissions
    /// Where people open it at the source.
    package var url: String?

    package init(
        key: ExactText, path: String, title: String? = nil, mediaType: String? = nil, size: Int? = nil,
        modified: Timestamp? = nil, tag: ExactText, permissions: SourcePermissions, url: String? = nil
    ) {
        self.key = key
        self.path = path
        self.title = title
        self.mediaType = mediaType
        self.size = size
        self.modified = modified
        self.tag = tag
        self.permissions = permissions
        self.url = url
    }
}

/// The bytes of an item and the version that they are.
package struct SourceContent: Hashable, Sendable {
    package let bytes: [UInt8]
    package let tag: ExactText
    package let mediaType: String?

    package init(bytes: [UInt8], tag: ExactText, mediaType: String? = nil) {
        self.bytes = bytes
        self.tag = tag
        self.mediaType = mediaType
    }
}

package enum SourceChange: Hashable, Sendable {
    /// New, changed, or simply there: in a listing every item comes by.
    case upsert(SourceItem)
    /// Its content is what the caller knows; these are its permissions now.
    case permissions(ExactText, SourcePermissions)
    case removed(ExactText)
}

/// An item that was passed over, so that one bad item does not stop the rest. What is known of it stays, but for its
/// permissions, if the page changes those.
package struct SkippedItem: Hashable, Sendable {
    /// Nil when it cannot even be named.
    package let key: ExactText?
    /// For people; cut to `SourceLimits.pathBytesMax`.
    package let path: String
    package let reason: PoisonReason

    package init(key: ExactText?, path: String, reason: PoisonReason) {
        self.key = key
        self.path = path
        self.reason = reason
    }
}

/// Some of what a connector found, and where it goes on.
package struct ChangePage: Sendable {
    package var changes: [SourceChange] = []
    package var skipped: [SkippedItem] = []
    /// For the next call: the rest, or after the last page what happens from now on.
    package var next: SourceCursor
    package var isLast: Bool
    /// True when this page is part of a full listing: what no page of it names, nor skips, is not there any more.
    package var isListing: Bool

    package init(next: SourceCursor, isLast: Bool, isListing: Bool) {
        self.next = next
        self.isLast = isLast
        self.isListing = isListing
    }
}

/// The caller's memory, asked by connectors that can spare the other side a download (If-None-Match).
package struct KnownTags: Sendable {
    package let tag: @Sendable (ExactText) async throws -> ExactText?

    package init(tag: @escaping @Sendable (ExactText) async throws -> ExactText?) { self.tag = tag }

    package static let none = KnownTags { _ in nil }
}
