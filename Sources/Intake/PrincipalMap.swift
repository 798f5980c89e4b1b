import Access
import Connectors
import Kit

/// What the permissions of a source mean here. Each of its principals, a single account too, is a group that the source
/// fills: rules stay as they are when people come and go.
struct PrincipalMap {
    private let access: AccessService
    private let source: SourceID
    private let settings: PeopleSettings
    private let principal: Principal
    private let check: AccessService.Check
    private let names: [SourcePrincipal: String]
    private let members: [SourcePrincipal: Set<SubjectID>]
    private var groups: [SourcePrincipal: GroupID] = [:]
    /// How many accounts the source has, and how many of them are somebody here.
    let accounts: Int
    let recognised: Int
    /// Which accounts somebody of ours has at the source: for asking it at the moment of use.
    let accountsOf: [SubjectID: [ExactText]]

    /// Reads the directory of the source and fills the groups that are there already: from here on, the next question
    /// of everybody obeys it. Without a directory the groups of before are left as they are when `directory` is nil.
    init(
        _ directory: SourceDirectory?, of source: SourceID, _ settings: PeopleSettings, _ access: AccessService,
        as principal: Principal, check: @escaping AccessService.Check
    ) async throws {
        self.check = check
        self.access = access
        self.source = source
        self.settings = settings
        self.principal = principal
        let people = try await Self.people(directory?.accounts ?? [], settings, access, principal)
        let active = Set((directory?.accounts ?? []).filter(\.isActive).map(\.id))
        accounts = active.count
        recognised = people.keys.filter(active.contains).count
        accountsOf = people.filter { active.contains($0.key) }.reduce(into: [:]) {
            $0[$1.value, default: []].append($1.key)
        }
        (names, members) = Self.principals(of: directory ?? SourceDirectory(), people)
        guard settings.obeysSource, directory != nil else { return }
        try await refill()
    }

    /// The rules that a document of the source has for its readers here. What cannot be understood admits nobody.
    mutating func rules(for permissions: SourcePermissions) async throws -> [ACLConstraint] {
        guard settings.obeysSource else { return [] }
        let nobody = ACLConstraint(allow: [])
        guard permissions.isKnown, permissions.constraints.contains(where: { $0.allow != nil }) else { return [nobody] }
        try await learn(permissions.constraints.reduce(into: []) { $0.formUnion(($1.allow ?? []).union($1.deny)) })
        var rules: [ACLConstraint] = []
        for constraint in permissions.constraints where constraint.allow != nil || !constraint.deny.isEmpty {
            // A denied group of which we do not know who is in it may be anybody.
            guard constraint.deny.allSatisfy(isUnderstood) else { return [nobody] }
            rules.append(
                ACLConstraint(
                    allow: constraint.allow.map { Set($0.compactMap(grantee)) },
                    deny: Set(constraint.deny.compactMap(grantee))))
        }
        return rules
    }

    private func grantee(_ principal: SourcePrincipal) -> Grantee? {
        principal == .everyone ? .everyone : groups[principal].map { .group($0) }
    }

    private func isUnderstood(_ principal: SourcePrincipal) -> Bool {
        switch principal {
        case .everyone: true
        case .authenticated, .user, .group: members[principal] != nil
        }
    }

    /// Makes groups of principals that no document has named before.
    private mutating func learn(_ principals: Set<SourcePrincipal>) async throws {
        let new = Array(principals.filter { $0 != .everyone && groups[$0] == nil })
        guard !new.isEmpty else { return }
        let named = new.map { ManagedGroup(key: $0.form, name: name(of: $0), members: members[$0] ?? []) }
        let ids = try await access.setManagedGroups(named, of: source, as: principal, check: check)
        for (principal, id) in zip(new, ids) { groups[principal] = id }
    }

    private mutating func refill() async throws {
        let all = Array(members.keys)
        let named = all.map { ManagedGroup(key: $0.form, name: name(of: $0), members: members[$0] ?? []) }
        let ids = try await access.refillManagedGroups(named, of: source, as: principal, check: check)
        for (principal, id) in zip(all, ids) { groups[principal] = id }
    }

    private func name(of principal: SourcePrincipal) -> String { names[principal] ?? principal.form }

    private static func principals(
        of directory: SourceDirectory, _ people: [ExactText: SubjectID]
    ) -> ([SourcePrincipal: String], [SourcePrincipal: Set<SubjectID>]) {
        let active = directory.accounts.filter(\.isActive)
        var names: [SourcePrincipal: String] = [.authenticated: "everybody with an account"]
        var members: [SourcePrincipal: Set<SubjectID>] = [.authenticated: Set(active.compactMap { people[$0.id] })]
        for account in directory.accounts {
            names[.user(account.id)] = account.name ?? account.id.text
            members[.user(account.id)] = account.isActive ? Set([people[account.id]].compactMap { $0 }) : []
        }
        for group in directory.groups { names[.group(group.id)] = group.name }
        for (id, accounts) in directory.membership {
            members[.group(id)] = Set(accounts.compactMap { people[$0] })
        }
        return (names, members)
    }

    /// Whom of ours each account is. Two accounts may be one person; an account that could be two people is nobody.
    private static func people(
        _ accounts: [SourceAccount], _ settings: PeopleSettings, _ access: AccessService, _ principal: Principal
    ) async throws -> [ExactText: SubjectID] {
        let names = accounts.reduce(into: [ExactText: String]()) { $0[$1.id] = Self.user(for: $1, settings) }
        let subjects = try await access.subjects(named: Set(names.values), as: principal)
        return names.compactMapValues { subjects[$0] }
    }

    private static func user(for account: SourceAccount, _ settings: PeopleSettings) -> String? {
        let forms = [account.id.text, account.name, account.email].compactMap { $0 }
        if let named = forms.lazy.compactMap({ settings.accounts[$0] }).first { return named }
        return switch settings.match {
        case .none: nil
        case .username: account.name
        case .email: account.email
        }
    }
}
