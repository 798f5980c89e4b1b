import Kit

/// Somebody an allow-set or a deny-set may name.
///
/// Text form, in JSON and in explanations: `everyone`, `sub_...` or `grp_...`.
package enum Grantee: Hashable, Sendable {
    /// Every member of the tenant, of today and of tomorrow.
    case everyone
    case subject(SubjectID)
    /// Members of the group, nested membership included.
    case group(GroupID)
}

extension Grantee: LosslessStringConvertible {
    /// Nil unless `text` is exactly one of the three forms.
    package init?(_ text: String) {
        if text == "everyone" {
            self = .everyone
        } else if let subject = SubjectID(text) {
            self = .subject(subject)
        } else if let group = GroupID(text) {
            self = .group(group)
        } else {
            return nil
        }
    }

    package var description: String {
        switch self {
        case .everyone: "everyone"
        case .subject(let subject): subject.description
        case .group(let group): group.description
        }
    }

    /// Whether the reader is, or belongs to, this grantee. The tenant is the caller's to compare: identifiers of
    /// another tenant never occur in a reader's groups.
    package func includes(_ reader: Principal) -> Bool {
        switch self {
        case .everyone: true
        case .subject(let subject): subject == reader.subject
        case .group(let group): reader.groups.contains(group)
        }
    }
}

extension Grantee: Comparable {
    /// Everyone first, then subjects, then groups, each by identifier: the order of the canonical form.
    package static func < (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.subject(let left), .subject(let right)): left < right
        case (.group(let left), .group(let right)): left < right
        default: left.rank < right.rank
        }
    }

    /// Also the tag of the canonical form.
    var rank: UInt8 {
        switch self {
        case .everyone: 0
        case .subject: 1
        case .group: 2
        }
    }
}

extension Grantee: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let grantee = Grantee(try container.decode(String.self)) else {
            let expected = "expected everyone, a sub_ or a grp_ identifier"
            throw DecodingError.dataCorruptedError(in: container, debugDescription: expected)
        }
        self = grantee
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
