import Kit

extension Page {
    /// Of a listing that was asked for one item more than `limit`, to learn whether there is a next page.
    init(_ found: [Item], limit: Int, key: (Item) -> String) {
        let items = Array(found.prefix(limit))
        self.init(items: items, next: found.count > limit ? items.last.map(key) : nil)
    }
}

extension PageRequest {
    /// The text after which the page starts, empty for the first. Throws `invalid` unless it is the key of an item:
    /// a cursor is the caller's to change, and what is no key must not reach an engine.
    func last<Key: LosslessStringConvertible>(_: Key.Type) throws(AccessFailure) -> String {
        guard let after else { return "" }
        guard Key(after) != nil else {
            throw .invalid(field: "cursor", reason: "must be the `next` of the page before")
        }
        return after
    }
}
