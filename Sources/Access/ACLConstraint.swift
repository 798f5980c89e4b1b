/// What one collection, folder or document says about its readers (DESIGN 7.3).
///
/// JSON: `{"allow": ["everyone"] or null, "deny": ["sub_..."]}`; an absent `deny` is empty.
package struct ACLConstraint: Hashable, Sendable {
    /// A reader must be in it. Nil sets no constraint; an empty set admits nobody.
    package var allow: Set<Grantee>?
    /// A reader must not be in it.
    package var deny: Set<Grantee>

    package init(allow: Set<Grantee>? = nil, deny: Set<Grantee> = []) {
        self.allow = allow
        self.deny = deny
    }
}

extension ACLConstraint: Codable {
    private enum CodingKeys: String, CodingKey {
        case allow, deny
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        allow = try container.decodeIfPresent(Set<Grantee>.self, forKey: .allow)
        deny = try container.decodeIfPresent(Set<Grantee>.self, forKey: .deny) ?? []
    }

    /// Sorted, so that equal constraints give equal bytes.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(allow?.sorted(), forKey: .allow)
        try container.encode(deny.sorted(), forKey: .deny)
    }
}
