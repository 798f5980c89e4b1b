import Crypto
import Kit

/// Who may read, in the words of the source. Which reader of ours that is, the caller knows.
package enum SourcePrincipal: Hashable, Sendable {
    /// By the source's own id, never by a name that may be given to somebody else.
    case user(ExactText)
    case group(ExactText)
    /// Guests as well.
    case everyone
    /// Everybody with an account at the source.
    case authenticated

    /// Unambiguous and stable, for fingerprints and stored rules.
    package var form: String {
        switch self {
        case .user(let id): "user:\(id.text)"
        case .group(let id): "group:\(id.text)"
        case .everyone: "everyone"
        case .authenticated: "authenticated"
        }
    }
}

/// One rule of a source: of a file, of a folder above it, of a space.
package struct SourceConstraint: Hashable, Sendable, Codable {
    /// Nil: this rule lets everybody pass. Empty: nobody.
    package var allow: Set<SourcePrincipal>?
    package var deny: Set<SourcePrincipal>

    package init(allow: Set<SourcePrincipal>?, deny: Set<SourcePrincipal> = []) {
        self.allow = allow
        self.deny = deny
    }

    package static let nobody = SourceConstraint(allow: [])
}

/// Who may read an item, as the source states it: its own rule, then those of everything above it (DESIGN 7.3).
package struct SourcePermissions: Hashable, Sendable {
    /// False when the source did not say, or said what we could not read: then nobody may.
    package let isKnown: Bool
    /// The item's own first. A reader must be in every allow-set that is there, and in no deny-set.
    package let constraints: [SourceConstraint]

    package init(_ constraints: [SourceConstraint]) {
        isKnown = true
        self.constraints = constraints
    }

    private init() {
        isKnown = false
        constraints = [.nobody]
    }

    package static let unknown = SourcePermissions()

    /// Whether somebody who is all of `reader` may read: its ids, its groups, and `.everyone` and `.authenticated`
    /// where they apply. The reference for "what would user X see"; no allow-set anywhere means nobody.
    package func admits(_ reader: Set<SourcePrincipal>) -> Bool {
        guard isKnown, constraints.contains(where: { $0.allow != nil }) else { return false }
        return constraints.allSatisfy { rule in
            rule.deny.isDisjoint(with: reader) && rule.allow.map { !$0.isDisjoint(with: reader) } ?? true
        }
    }

    /// Changes exactly when the permissions do: 64 hexadecimal digits of SHA-256.
    package var fingerprint: String {
        var form = CanonicalBytes(domain: "cloister.source.permissions.1")
        form.append(isKnown ? 1 : 0)
        for rule in constraints {
            form.append(rule.allow == nil ? 0 : 1)
            form.append(Self.bytes(of: rule.allow ?? []))
            form.append(Self.bytes(of: rule.deny))
        }
        return Hex.encode(SHA256.hash(data: form.bytes))
    }

    private static func bytes(of principals: Set<SourcePrincipal>) -> [UInt8] {
        var form = CanonicalBytes(domain: "principals")
        for text in principals.map({ ExactText($0.form) }).sorted() { form.append(text.text) }
        return form.bytes
    }
}

/// What the operator says about a source that states no permissions of its own. There is no default: a source without
/// it is refused.
package enum ConfiguredPermissions: Hashable, Sendable {
    case everyone
    case authenticated
    case only([SourcePrincipal])

    var permissions: SourcePermissions {
        switch self {
        case .everyone: SourcePermissions([SourceConstraint(allow: [.everyone])])
        case .authenticated: SourcePermissions([SourceConstraint(allow: [.authenticated])])
        case .only(let principals): SourcePermissions([SourceConstraint(allow: Set(principals))])
        }
    }
}
