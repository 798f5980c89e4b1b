import Kit

/// How people file a document: words to find it by, and when what it says holds.
package struct DocumentFiling: Hashable, Sendable {
    /// Lower case, without spaces at the ends. Content.
    package var tags: Set<String>
    /// What the document says holds from this moment on.
    package var effectiveFrom: Timestamp?
    /// And not from this one on.
    package var effectiveUntil: Timestamp?
    /// The document of the same collection that says it anew.
    package var supersededBy: DocumentID?

    package static let tagsMax = 50
    package static let tagBytesMax = 100

    package init(
        tags: Set<String> = [], effectiveFrom: Timestamp? = nil, effectiveUntil: Timestamp? = nil,
        supersededBy: DocumentID? = nil
    ) {
        self.tags = tags
        self.effectiveFrom = effectiveFrom
        self.effectiveUntil = effectiveUntil
        self.supersededBy = supersededBy
    }

    /// Throws `badFiling` with the reason.
    func checked() throws(LibraryFailure) -> DocumentFiling {
        var filing = self
        filing.tags = try Self.checked(tags)
        if let from = effectiveFrom, let until = effectiveUntil, from >= until {
            throw .badFiling("It would end before it begins.")
        }
        return filing
    }

    static func checked(_ tags: Set<String>) throws(LibraryFailure) -> Set<String> {
        var clean: Set<String> = []
        for tag in tags {
            let words = tag.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
            let isPlain = !words.unicodeScalars.contains { $0.properties.generalCategory == .control }
            guard (1...tagBytesMax).contains(words.utf8.count), isPlain else {
                throw .badFiling("A tag has 1 to \(tagBytesMax) bytes and no control characters.")
            }
            clean.insert(words)
        }
        guard clean.count <= tagsMax else { throw .badFiling("A document has at most \(tagsMax) tags.") }
        return clean
    }
}

/// What a search is cut down to, before anything is scored. Empty: every document that holds today.
package struct DocumentFilter: Hashable, Sendable {
    /// All of them.
    package var tags: Set<String> = []
    /// Any of them; nil: whatever the label.
    package var labels: Set<Classification>?
    package var sources: Set<SourceID>?
    /// Below this folder, in whichever of the collections.
    package var folder: DocumentPath?
    package var updatedSince: Timestamp?
    package var updatedBefore: Timestamp?
    /// What held then; now when nil.
    package var effectiveOn: Timestamp?
    /// Also what no longer holds, not yet, or was said anew.
    package var includesOutdated = false

    package init() {}

    /// Whether it says more than which documents hold.
    var isSelective: Bool {
        !tags.isEmpty || labels != nil || sources != nil || folder != nil || updatedSince != nil
            || updatedBefore != nil
    }
}
