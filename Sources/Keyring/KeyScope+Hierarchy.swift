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

    /// The scope of a key's rows; nil for a text that `path` gives for none.
    init?(path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let tenant = TenantID(parts[0])
        let collection = parts.count > 1 ? CollectionID(parts[1]) : nil
        let document = parts.count > 2 ? DocumentID(parts[2]) : nil
        switch (parts.count, tenant, collection, document) {
        case (1, nil, _, _) where path == "platform": self = .platform
        case (1, let tenant?, _, _): self = .tenant(tenant)
        case (2, let tenant?, let collection?, _): self = .collection(tenant, collection)
        case (3, let tenant?, let collection?, let document?): self = .document(tenant, collection, document)
        default: return nil
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
