import Kit
import Storage

/// The groups that sources fill. An owner's key of a group is found by its blind index and never read back.
extension GroupStore {
    /// What is stored of an owner's groups, by the blind index of their keys.
    func managed(by owner: String) throws -> [String: GroupID] {
        let query: SQLStatement = """
            SELECT group_id, owner_key FROM user_groups WHERE tenant = \(tenant) AND owner = \(owner)
            """
        return try connection.rows(query).reduce(into: [:]) { $0[try $1["owner_key"]] = try $1["group_id"] }
    }

    func index(ofKey key: String, owner: String) throws -> String {
        Hex.encode(
            try sealer.blindIndex(Array("\(owner)/\(key)".utf8), tenant: tenant, purpose: "user_groups.owner_key"))
    }

    /// The key's index stands in for that of the name, so that a managed group never takes a name from people.
    func insertManaged(_ group: GroupID, name: String, owner: String, index: String, at now: Timestamp) throws {
        let sealed = try sealer.seal(name, under: .tenant(tenant), context: Self.context(group))
        try connection.execute(
            """
            INSERT INTO user_groups (tenant, group_id, name, name_index, owner, owner_key, created)
            VALUES (\(tenant), \(group), \(sealed), \(index), \(owner), \(index), \(now))
            """)
    }

    func rename(_ group: GroupID, to name: String) throws {
        let sealed = try sealer.seal(name, under: .tenant(tenant), context: Self.context(group))
        try connection.execute(
            "UPDATE user_groups SET name = \(sealed) WHERE tenant = \(tenant) AND group_id = \(group)")
    }

    func subjects(in group: GroupID) throws -> Set<SubjectID> {
        let query: SQLStatement = "SELECT member FROM group_members WHERE tenant = \(tenant) AND group_id = \(group)"
        let members: [GroupMember] = try connection.rows(query).map { try $0["member"] }
        return Set(members.compactMap { if case .subject(let subject) = $0 { subject } else { nil } })
    }

    /// Whose membership changed.
    func fill(_ group: GroupID, with subjects: Set<SubjectID>) throws -> Set<SubjectID> {
        let before = try self.subjects(in: group)
        for subject in before.subtracting(subjects) { _ = try remove(.subject(subject), from: group) }
        for subject in subjects.subtracting(before) { _ = try add(.subject(subject), to: group) }
        return before.symmetricDifference(subjects)
    }

    /// Also out of the groups that people put it in.
    func delete(_ group: GroupID) throws {
        try connection.execute(
            """
            DELETE FROM group_members
            WHERE tenant = \(tenant) AND (group_id = \(group) OR member = \(GroupMember.group(group)))
            """)
        try connection.execute("DELETE FROM user_groups WHERE tenant = \(tenant) AND group_id = \(group)")
    }
}
