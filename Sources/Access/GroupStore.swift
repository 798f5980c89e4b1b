import Kit
import Storage

/// One group of a tenant and how many direct members it has.
package struct Group: Hashable, Sendable {
    package let id: GroupID
    package let name: String
    package let memberCount: Int
    /// Filled by a source; people do not edit it.
    package let isManaged: Bool
    package let created: Timestamp
}

/// The groups of one tenant and who is in them. A group may hold groups; no group holds itself.
struct GroupStore {
    let connection: any SQLConnection
    let sealer: any Sealer
    let tenant: TenantID

    func insert(_ group: GroupID, name: String, at now: Timestamp) throws {
        let sealed = try sealer.seal(name, under: .tenant(tenant), context: Self.context(group))
        try connection.execute(
            """
            INSERT INTO user_groups (tenant, group_id, name, name_index, created)
            VALUES (\(tenant), \(group), \(sealed), \(try index(of: name)), \(now))
            """)
    }

    func isNameTaken(_ name: String) throws -> Bool {
        let index = try index(of: name)
        let query: SQLStatement = """
            SELECT group_id FROM user_groups WHERE tenant = \(tenant) AND name_index = \(index)
            """
        return try connection.row(query) != nil
    }

    func exists(_ group: GroupID) throws -> Bool {
        let query: SQLStatement = "SELECT 1 AS one FROM user_groups WHERE tenant = \(tenant) AND group_id = \(group)"
        return try connection.row(query) != nil
    }

    func count() throws -> Int {
        let query: SQLStatement = """
            SELECT COUNT(*) AS total FROM user_groups WHERE tenant = \(tenant) AND owner IS NULL
            """
        return try connection.row(query).map { try $0["total"] } ?? 0
    }

    func find(_ group: GroupID) throws -> Group? {
        try connection.row("\(Self.selection) WHERE g.tenant = \(tenant) AND g.group_id = \(group)").map(self.group)
    }

    /// Those that people fill, in order of their identifiers, after `last`.
    func list(after last: String, limit: Int) throws -> [Group] {
        let query: SQLStatement = """
            \(Self.selection) WHERE g.tenant = \(tenant) AND g.owner IS NULL AND g.group_id > \(last)
            ORDER BY g.group_id LIMIT \(limit)
            """
        return try connection.rows(query).map(group)
    }

    /// Direct members in order of their text, after `last`.
    func members(of group: GroupID, after last: String, limit: Int) throws -> [GroupMember] {
        let query: SQLStatement = """
            SELECT member FROM group_members
            WHERE tenant = \(tenant) AND group_id = \(group) AND member > \(last) ORDER BY member LIMIT \(limit)
            """
        return try connection.rows(query).map { try $0["member"] }
    }

    func memberCount(of group: GroupID) throws -> Int {
        let query: SQLStatement = """
            SELECT COUNT(*) AS total FROM group_members WHERE tenant = \(tenant) AND group_id = \(group)
            """
        return try connection.row(query).map { try $0["total"] } ?? 0
    }

    /// Whether this changed anything.
    func add(_ member: GroupMember, to group: GroupID) throws -> Bool {
        try connection.execute(
            """
            INSERT INTO group_members (tenant, group_id, member) VALUES (\(tenant), \(group), \(member))
            ON CONFLICT DO NOTHING
            """) > 0
    }

    /// Whether this changed anything.
    func remove(_ member: GroupMember, from group: GroupID) throws -> Bool {
        try connection.execute(
            """
            DELETE FROM group_members
            WHERE tenant = \(tenant) AND group_id = \(group) AND member = \(member)
            """) > 0
    }

    func removeEverywhere(_ subject: SubjectID) throws {
        try connection.execute(
            "DELETE FROM group_members WHERE tenant = \(tenant) AND member = \(GroupMember.subject(subject))")
    }

    /// Every group that holds `member`, directly or through groups. `UNION` drops what was seen, so the recursion is
    /// bounded by the number of groups even if a cycle had ever slipped in.
    func groups(holding member: GroupMember) throws -> Set<GroupID> {
        let query: SQLStatement = """
            WITH RECURSIVE above (group_id) AS (
                SELECT group_id FROM group_members WHERE tenant = \(tenant) AND member = \(member)
                UNION
                SELECT m.group_id FROM group_members m JOIN above a ON m.member = a.group_id
                WHERE m.tenant = \(tenant)
            )
            SELECT group_id FROM above
            """
        return Set(try connection.rows(query).map { try $0["group_id"] })
    }

    /// The longest chain of groups that ends in `group`, itself counted.
    func height(above group: GroupID) throws -> Int {
        let query: SQLStatement = """
            WITH RECURSIVE above (group_id, depth) AS (
                SELECT group_id, 1 FROM user_groups WHERE tenant = \(tenant) AND group_id = \(group)
                UNION
                SELECT m.group_id, a.depth + 1 FROM group_members m JOIN above a ON m.member = a.group_id
                WHERE m.tenant = \(tenant) AND a.depth < \(Self.recursionMax)
            )
            SELECT MAX(depth) AS depth FROM above
            """
        return try connection.row(query).map { try $0["depth"] } ?? 0
    }

    /// The longest chain of groups that starts with `group`, itself counted.
    func depth(below group: GroupID) throws -> Int {
        let query: SQLStatement = """
            WITH RECURSIVE below (group_id, depth) AS (
                SELECT group_id, 1 FROM user_groups WHERE tenant = \(tenant) AND group_id = \(group)
                UNION
                SELECT g.group_id, b.depth + 1
                FROM group_members m JOIN below b ON m.group_id = b.group_id
                JOIN user_groups g ON g.tenant = m.tenant AND g.group_id = m.member
                WHERE m.tenant = \(tenant) AND b.depth < \(Self.recursionMax)
            )
            SELECT MAX(depth) AS depth FROM below
            """
        return try connection.row(query).map { try $0["depth"] } ?? 0
    }

    /// Far above `groupDepthMax`, which keeps chains short; only ends a recursion that a defect would make endless.
    private static let recursionMax = 1000

    private static let selection: SQLStatement = """
        SELECT g.group_id, g.name, g.created, g.owner,
            (SELECT COUNT(*) FROM group_members m WHERE m.tenant = g.tenant AND m.group_id = g.group_id) AS members
        FROM user_groups g
        """

    private func group(_ row: SQLRow) throws -> Group {
        let group: GroupID = try row["group_id"]
        let name = try sealer.openText(try row["name"], under: .tenant(tenant), context: Self.context(group))
        let owner: String? = try row["owner"]
        return Group(
            id: group, name: name, memberCount: try row["members"], isManaged: owner != nil, created: try row["created"]
        )
    }

    func index(of name: String) throws -> String {
        Hex.encode(try sealer.blindIndex(NameRules.folded(name), tenant: tenant, purpose: "user_groups.name"))
    }

    static func context(_ group: GroupID) -> SealContext {
        SealContext(table: "user_groups", column: "name", row: group.description)
    }
}
