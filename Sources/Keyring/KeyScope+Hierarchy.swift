import Kit

extension KeyScope {
    /// The scope whose wrapping key wraps this one's key; nil below the root key and for a segment, which has no key
    /// of its own.
    var parent: KeyScope? {
        switch self {
        case .platform, .tenant, .segment: nil
        case .collection(let tenant, _): .tenant(tenant)
        case .document(let tenant, let collection, _): .collection(tenant, collection)
        }
    }

    /// 0 for what the root key wraps, then one more for each level: parents sort before their children.
    var depth: Int { parent.map { $0.depth + 1 } ?? 0 }

    /// `ten_…/col_…/doc_…`: the name of the key's rows. A child's name starts with its parent's name and a slash.
    var path: String {
        switch self {
        case .platform: "platform"
        case .tenant(let tenant): "\(tenant)"
        case .collection(let tenant, let collection): "\(tenant)/\(collection)"
        case .document(let tenant, let collection, let document): "\(tenant)/\(collection)/\(document)"
        case .segment(let tenant, let segment): "\(tenant)/\(segment)"
        }
    }

    /// Whether destroying `scopes` takes this scope with it: it is one of them, or somewhere below one.
    func isInside(_ scopes: Set<KeyScope>) -> Bool {
        if scopes.contains(self) { return true }
        return container?.isInside(scopes) ?? false
    }

    /// The scope whose end is this one's end too.
    private var container: KeyScope? {
        if case .segment(let tenant, _) = self { return .tenant(tenant) }
        return parent
    }
}
