import Kit
import Storage

/// A member of a group as a listing shows it.
package struct NamedMember: Hashable, Sendable {
    package let member: GroupMember
    package let name: String
}

extension AccessService {
    /// Throws `nameTaken`, `invalid`, `tooMany`, `notPermitted`.
    package func createGroup(
        name: String, as principal: Principal, request: RequestID? = nil
    ) async throws -> Group {
        let (name, group, now) = (try names.name(name), randomness.identifier(GroupID.self), clock.now())
        return try await perform("groups.create", on: "groups", as: principal, request: request) { [self] transaction in
            try principal.require(.groupsManage)
            let groups = groups(principal, transaction)
            if try groups.isNameTaken(name) { throw AccessFailure.nameTaken }
            guard try groups.count() < settings.groupsMax else {
                throw AccessFailure.tooMany(what: "groups", limit: settings.groupsMax)
            }
            try groups.insert(group, name: name, at: now)
            let created = Group(id: group, name: name, memberCount: 0, isManaged: false, created: now)
            return Act(value: created, resource: group.description)
        }
    }

    /// Puts a user or a group into a group; already there is success. Throws `groupCycle` and `groupTooDeep`.
    ///
    /// Rights may shrink by it, where the group is denied something, so it is announced like a removal.
    package func addMember(
        _ member: GroupMember, to group: GroupID, as principal: Principal, request: RequestID? = nil
    ) async throws {
        let resource = group.description
        try await perform("groups.add_member", on: resource, as: principal, request: request) { [self] transaction in
            try principal.require(.groupsManage)
            let groups = groups(principal, transaction)
            try Self.checkIsEdited(group, groups)
            try check(member, mayJoin: group, groups, users(principal, transaction))
            let isNew = try groups.add(member, to: group)
            if isNew, try groups.memberCount(of: group) > settings.groupMembersMax {
                throw AccessFailure.tooMany(what: "members", limit: settings.groupMembersMax)
            }
            let facts = ["member": member.description]
            return Act(value: (), resource: resource, facts: facts, revokes: isNew ? member.reach : nil)
        }
    }

    /// Takes a member out; not there is success.
    package func removeMember(
        _ member: GroupMember, from group: GroupID, as principal: Principal, request: RequestID? = nil
    ) async throws {
        let resource = group.description
        try await perform("groups.remove_member", on: resource, as: principal, request: request) { [self] transaction in
            try principal.require(.groupsManage)
            let groups = groups(principal, transaction)
            try Self.checkIsEdited(group, groups)
            let wasThere = try groups.remove(member, from: group)
            let facts = ["member": member.description]
            return Act(value: (), resource: resource, facts: facts, revokes: wasThere ? member.reach : nil)
        }
    }

    /// All groups of the tenant, in order of their identifiers.
    package func groups(_ page: PageRequest, as principal: Principal) async throws -> Page<Group> {
        try principal.require(.groupsRead)
        let after = try page.last(GroupID.self)
        let found = try await database.read { [self] in
            try groups(principal, $0).list(after: after, limit: page.limit + 1)
        }
        return Page(found, limit: page.limit) { $0.id.description }
    }

    package func group(_ group: GroupID, as principal: Principal) async throws -> Group {
        try principal.require(.groupsRead)
        let found = try await database.read { [self] in try groups(principal, $0).find(group) }
        guard let found else { throw AccessFailure.unknown }
        return found
    }

    /// Direct members with their names, groups before users.
    package func members(
        of group: GroupID, _ page: PageRequest, as principal: Principal
    ) async throws -> Page<NamedMember> {
        try principal.require(.groupsRead)
        try principal.require(.usersRead)
        let after = try page.last(GroupMember.self)
        let found = try await database.read { [self] connection in
            let (groups, users) = (groups(principal, connection), users(principal, connection))
            guard try groups.exists(group) else { throw AccessFailure.unknown }
            return try groups.members(of: group, after: after, limit: page.limit + 1).compactMap { member in
                let name =
                    switch member {
                    case .subject(let subject): try users.find(subject)?.name
                    case .group(let inner): try groups.find(inner)?.name
                    }
                return name.map { NamedMember(member: member, name: $0) }
            }
        }
        return Page(found, limit: page.limit) { $0.member.description }
    }

    private static func checkIsEdited(_ group: GroupID, _ groups: GroupStore) throws {
        guard let found = try groups.find(group) else { throw AccessFailure.unknown }
        guard !found.isManaged else { throw AccessFailure.managedGroup }
    }

    private func check(
        _ member: GroupMember, mayJoin group: GroupID, _ groups: GroupStore, _ users: UserStore
    ) throws {
        switch member {
        case .subject(let subject):
            guard try users.rights(of: subject) != nil else { throw AccessFailure.unknown }
        case .group(let inner):
            guard try groups.exists(inner) else { throw AccessFailure.unknown }
            let above = try groups.groups(holding: .group(group))
            guard inner != group, !above.contains(inner) else { throw AccessFailure.groupCycle }
            let chain = try groups.height(above: group) + groups.depth(below: inner)
            guard chain <= settings.groupDepthMax else { throw AccessFailure.groupTooDeep }
        }
    }
}

extension GroupMember {
    /// Whose rights a change of this membership may change.
    var reach: Revocation.Reach {
        switch self {
        case .subject(let subject): .subject(subject)
        case .group: .tenant
        }
    }
}
