/// One page of a listing and where the next one starts.
package struct Page<Item: Sendable>: Sendable {
    package let items: [Item]
    /// Opaque to the caller; nil on the last page.
    package let next: String?

    package init(items: [Item], next: String?) {
        self.items = items
        self.next = next
    }

    package func map<Other: Sendable>(_ transform: (Item) throws -> Other) rethrows -> Page<Other> {
        Page<Other>(items: try items.map(transform), next: next)
    }
}

/// What a caller asks of a listing.
package struct PageRequest: Sendable {
    package static let limitDefault = 50
    package static let limitMax = 200

    /// 1 ... `limitMax`.
    package let limit: Int
    /// The last key of the page before; nil for the first page. It grants nothing: rights are checked on every page.
    package let after: String?

    package init(limit: Int = limitDefault, after: String? = nil) {
        self.limit = min(max(limit, 1), Self.limitMax)
        self.after = after
    }
}
