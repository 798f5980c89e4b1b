import Kit
import Storage

// How this target's small sets are written in a column: raw values, sorted, joined by commas, so that equal sets are
// equal text. An unknown word makes the row unreadable rather than less restricted.

struct RoleSet: SQLBindable, SQLDecodable {
    let roles: Set<Role>

    init(_ roles: Set<Role>) { self.roles = roles }

    init?(sqlValue: SQLValue) {
        guard let roles: Set<Role> = parse(sqlValue) else { return nil }
        self.roles = roles
    }

    var sqlValue: SQLValue { joined(roles) }
}

struct ScopeSet: SQLBindable, SQLDecodable {
    let permissions: Set<Permission>

    init(_ permissions: Set<Permission>) { self.permissions = permissions }

    init?(sqlValue: SQLValue) {
        guard let permissions: Set<Permission> = parse(sqlValue) else { return nil }
        self.permissions = permissions
    }

    var sqlValue: SQLValue { joined(permissions) }
}

private func joined<Word: RawRepresentable<String> & Hashable>(_ words: Set<Word>) -> SQLValue {
    .text(words.map(\.rawValue).sorted().joined(separator: ","))
}

private func parse<Word: RawRepresentable<String> & Hashable>(_ value: SQLValue) -> Set<Word>? {
    guard case .text(let text) = value else { return nil }
    let words = text.split(separator: ",")
    let known = words.compactMap { Word(rawValue: String($0)) }
    return known.count == words.count ? Set(known) : nil
}

/// Who may be in a group: a user or another group.
package enum GroupMember: Hashable, Sendable {
    case subject(SubjectID)
    case group(GroupID)
}

extension GroupMember: LosslessStringConvertible {
    package init?(_ text: String) {
        if let subject = SubjectID(text) {
            self = .subject(subject)
        } else if let group = GroupID(text) {
            self = .group(group)
        } else {
            return nil
        }
    }

    package var description: String {
        switch self {
        case .subject(let subject): subject.description
        case .group(let group): group.description
        }
    }
}

extension GroupMember: SQLBindable, SQLDecodable {
    package var sqlValue: SQLValue { .text(description) }

    package init?(sqlValue: SQLValue) {
        guard case .text(let text) = sqlValue else { return nil }
        self.init(text)
    }
}
