import Kit

/// Who there is at a source: what its permissions mean.
package struct SourceDirectory: Hashable, Sendable {
    package var accounts: [SourceAccount]
    package var groups: [SourceGroup]

    package init(accounts: [SourceAccount] = [], groups: [SourceGroup] = []) {
        self.accounts = accounts
        self.groups = groups
    }

    /// The accounts in each group, groups in groups included. A member that the directory does not name is in nothing:
    /// whoever cannot be told apart from nobody gets nothing.
    package var membership: [ExactText: Set<ExactText>] {
        let known = Set(accounts.lazy.filter(\.isActive).map(\.id))
        let byID = Dictionary(groups.map { ($0.id, $0) }) { first, _ in first }
        return byID.mapValues { group in
            var (seen, waiting, members): (Set<ExactText>, [SourceGroup], Set<ExactText>) = ([group.id], [group], [])
            while let next = waiting.popLast() {
                members.formUnion(next.accounts.intersection(known))
                waiting += next.groups.filter { seen.insert($0).inserted }.compactMap { byID[$0] }
            }
            return members
        }
    }
}

/// Somebody with an account at a source.
package struct SourceAccount: Hashable, Sendable {
    /// The id that `SourcePrincipal.user` carries; never given to somebody else.
    package let id: ExactText
    /// The name of signing in there, for people and for matching; nil where the source keeps it back.
    package let name: String?
    /// Nil where the source keeps it back or has not verified it.
    package let email: String?
    /// An account that is closed is nobody.
    package let isActive: Bool

    package init(id: ExactText, name: String?, email: String? = nil, isActive: Bool = true) {
        self.id = id
        self.name = name
        self.email = email
        self.isActive = isActive
    }
}

package struct SourceGroup: Hashable, Sendable {
    /// The id that `SourcePrincipal.group` carries; a group that is renamed keeps it.
    package let id: ExactText
    package let name: String
    package let accounts: Set<ExactText>
    /// Groups in this group.
    package let groups: Set<ExactText>

    package init(id: ExactText, name: String, accounts: Set<ExactText>, groups: Set<ExactText> = []) {
        self.id = id
        self.name = name
        self.accounts = accounts
        self.groups = groups
    }
}
