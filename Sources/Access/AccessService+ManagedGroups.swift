import Kit
import Storage

/// A group that a source fills: whom that system calls so. Every principal of a source is one, a single account too, so
/// that access rules never change when people come, go or are recognised.
package struct ManagedGroup: Hashable, Sendable {
    /// What the source calls it; the same for as long as it means the same.
    package let key: String
    /// For explanations; cut to what a name may be.
    package let name: String
    package let members: Set<SubjectID>

    package init(key: String, name: String, members: Set<SubjectID>) {
        self.key = key
        self.name = name
        self.members = members
    }
}

extension AccessService {
    package static let managedGroupsMax = 100_000

    /// Whether the caller is still the one that counts; asked in the transaction, which it undoes by throwing.
    package typealias Check = @Sendable (any Transaction) throws -> Void

    /// Makes and fills the groups of `owner` that are named, and gives them in that order. Throws `tooMany`.
    package func setManagedGroups(
        _ named: [ManagedGroup], of owner: SourceID, as principal: Principal, check: @escaping Check
    ) async throws -> [GroupID?] {
        try await manage(owner, as: principal, check) { [self] groups, known in
            guard known.count + named.count <= Self.managedGroupsMax else {
                throw AccessFailure.tooMany(what: "groups of a source", limit: Self.managedGroupsMax)
            }
            return try named.reduce(into: Filled()) { filled, group in
                let index = try groups.index(ofKey: group.key, owner: owner.description)
                let id = try known[index] ?? insert(group, owner: owner, index: index, groups)
                filled.add(id, touched: try groups.fill(id, with: group.members))
            }
        }
    }

    /// Fills the groups of `owner` that are there already; those that `named`, the whole of its directory, does not
    /// name are emptied. One act: nobody is in the one and not yet out of the other. Nil for those that are not there.
    package func refillManagedGroups(
        _ named: [ManagedGroup], of owner: SourceID, as principal: Principal, check: @escaping Check
    ) async throws -> [GroupID?] {
        try await manage(owner, as: principal, check) { [self] groups, known in
            var (filled, rest) = (Filled(), known)
            for group in named {
                let index = try groups.index(ofKey: group.key, owner: owner.description)
                guard let id = rest.removeValue(forKey: index) else {
                    filled.ids.append(nil)
                    continue
                }
                try rename(id, to: group.name, groups)
                filled.add(id, touched: try groups.fill(id, with: group.members))
            }
            for id in rest.values { filled.touched.formUnion(try groups.fill(id, with: [])) }
            return filled
        }
    }

    private struct Filled {
        /// In the order in which they were named.
        var ids: [GroupID?] = []
        var touched: Set<SubjectID> = []

        mutating func add(_ id: GroupID, touched subjects: Set<SubjectID>) {
            ids.append(id)
            touched.formUnion(subjects)
        }
    }

    private func manage(
        _ owner: SourceID, as principal: Principal, _ check: @escaping Check,
        _ body: @escaping @Sendable (GroupStore, [String: GroupID]) throws -> Filled
    ) async throws -> [GroupID?] {
        let resource = owner.description
        return try await perform("groups.sync", on: resource, as: principal, request: nil) { [self] tx in
            try principal.require(.sourcesManage)
            try check(tx)
            let groups = groups(principal, tx)
            let filled = try body(groups, try groups.managed(by: resource))
            let facts = ["groups": "\(filled.ids.count)", "changed": "\(filled.touched.count)"]
            return Act(value: filled.ids, resource: resource, facts: facts, revokes: Self.reach(of: filled.touched))
        }
    }

    /// For the end of a source: its groups go, out of every group that people put them in.
    package func deleteManagedGroups(of owner: SourceID, as principal: Principal) async throws {
        let resource = owner.description
        try await perform("groups.sync", on: resource, as: principal, request: nil) { [self] tx in
            try principal.require(.sourcesManage)
            let groups = groups(principal, tx)
            let known = try groups.managed(by: resource)
            for id in known.values { try groups.delete(id) }
            return Act(value: (), resource: resource, facts: ["deleted": "\(known.count)"], revokes: .tenant)
        }
    }

    /// The users of these names; names of nobody are left out.
    package func subjects(named names: Set<String>, as principal: Principal) async throws -> [String: SubjectID] {
        try principal.require(.usersRead)
        return try await database.read { [self] connection in
            let users = users(principal, connection)
            return try names.reduce(into: [:]) { $0[$1] = try users.subject(named: $1) }
        }
    }

    private func insert(
        _ group: ManagedGroup, owner: SourceID, index: String, _ groups: GroupStore
    ) throws -> GroupID {
        let id = randomness.identifier(GroupID.self)
        let owner = owner.description
        try groups.insertManaged(id, name: Self.shown(group.name), owner: owner, index: index, at: clock.now())
        return id
    }

    private func rename(_ id: GroupID, to name: String, _ groups: GroupStore) throws {
        guard let old = try groups.find(id), old.name != Self.shown(name) else { return }
        try groups.rename(id, to: Self.shown(name))
    }

    /// A few people hear of it alone, more than a few as the whole tenant.
    private static func reach(of touched: Set<SubjectID>) -> Revocation.Reach? {
        switch touched.count {
        case 0: nil
        case 1: touched.first.map { .subject($0) }
        default: .tenant
        }
    }

    private static func shown(_ name: String) -> String { String(name.prefix(200)) }
}
