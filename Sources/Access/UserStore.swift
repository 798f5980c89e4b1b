import Kit
import Storage

/// One user of a tenant, without anything secret.
package struct User: Hashable, Sendable {
    package let id: SubjectID
    package let name: String
    package let displayName: String?
    package let roles: Set<Role>
    package let clearance: Classification
    package let isSuspended: Bool
    package let hasPassword: Bool
    package let created: Timestamp
}

/// What decides a user's rights; read on every authentication, so it opens no seal.
struct UserRights: Equatable, Sendable {
    let roles: Set<Role>
    let clearance: Classification
    let isSuspended: Bool
}

/// The users of one tenant.
struct UserStore {
    let connection: any SQLConnection
    let sealer: any Sealer
    let tenant: TenantID

    struct New {
        let subject: SubjectID
        let name: String
        let displayName: String?
        let password: PasswordRecord?
        let rights: UserRights
    }

    func insert(_ user: New, at now: Timestamp) throws {
        let displayName = try user.displayName.map { try seal(Array($0.utf8), "display_name", of: user.subject) }
        let password = try user.password.map { try seal($0.bytes, "password", of: user.subject) }
        try connection.execute(
            """
            INSERT INTO users
                (tenant, subject, name, name_index, display_name, password, roles, clearance, suspended, created)
            VALUES (
                \(tenant), \(user.subject), \(try seal(Array(user.name.utf8), "name", of: user.subject)),
                \(try index(of: user.name)), \(displayName), \(password), \(RoleSet(user.rights.roles)),
                \(user.rights.clearance), \(user.rights.isSuspended), \(now)
            )
            """)
    }

    func rights(of subject: SubjectID) throws -> UserRights? {
        let query: SQLStatement = """
            SELECT roles, clearance, suspended FROM users WHERE tenant = \(tenant) AND subject = \(subject)
            """
        return try connection.row(query).map(rights)
    }

    func find(_ subject: SubjectID) throws -> User? {
        try connection.row("SELECT * FROM users WHERE tenant = \(tenant) AND subject = \(subject)").map(user)
    }

    func subject(named name: String) throws -> SubjectID? {
        let index = try index(of: name)
        let query: SQLStatement = "SELECT subject FROM users WHERE tenant = \(tenant) AND name_index = \(index)"
        return try connection.row(query).map { try $0["subject"] }
    }

    /// Nil for no user, no password, or a suspended user.
    func password(of subject: SubjectID) throws -> PasswordRecord? {
        let query: SQLStatement = """
            SELECT password FROM users WHERE tenant = \(tenant) AND subject = \(subject) AND suspended = 0
            """
        guard let row = try connection.row(query), let sealed: [UInt8] = try row["password"] else { return nil }
        return PasswordRecord(
            bytes: try sealer.open(sealed, under: .tenant(tenant), context: context("password", subject)))
    }

    /// In order of their identifiers, after `last`.
    func list(after last: String, limit: Int) throws -> [User] {
        let query: SQLStatement = """
            SELECT * FROM users WHERE tenant = \(tenant) AND subject > \(last) ORDER BY subject LIMIT \(limit)
            """
        return try connection.rows(query).map(user)
    }

    func count() throws -> Int {
        try connection.row("SELECT COUNT(*) AS total FROM users WHERE tenant = \(tenant)").map { try $0["total"] } ?? 0
    }

    /// Administrators that are not suspended, at most two: enough to tell whether one is the last.
    func activeAdministrators() throws -> [SubjectID] {
        // The column holds words of a fixed list, of which only one contains `admin`.
        let query: SQLStatement = """
            SELECT subject FROM users
            WHERE tenant = \(tenant) AND suspended = 0 AND roles LIKE '%admin%' ORDER BY subject LIMIT 2
            """
        return try connection.rows(query).map { try $0["subject"] }
    }

    func update(_ subject: SubjectID, rights: UserRights) throws {
        try connection.execute(
            """
            UPDATE users SET roles = \(RoleSet(rights.roles)), clearance = \(rights.clearance),
                suspended = \(rights.isSuspended)
            WHERE tenant = \(tenant) AND subject = \(subject)
            """)
    }

    func update(_ subject: SubjectID, displayName: String) throws {
        let sealed = try seal(Array(displayName.utf8), "display_name", of: subject)
        try connection.execute(
            "UPDATE users SET display_name = \(sealed) WHERE tenant = \(tenant) AND subject = \(subject)")
    }

    func update(_ subject: SubjectID, password: PasswordRecord) throws {
        let sealed = try seal(password.bytes, "password", of: subject)
        try connection.execute(
            "UPDATE users SET password = \(sealed) WHERE tenant = \(tenant) AND subject = \(subject)")
    }

    /// The rows that name the user in other tables must be gone.
    func delete(_ subject: SubjectID) throws {
        try connection.execute("DELETE FROM users WHERE tenant = \(tenant) AND subject = \(subject)")
    }

    private func user(_ row: SQLRow) throws -> User {
        let subject: SubjectID = try row["subject"]
        let rights = try rights(row)
        let displayName: [UInt8]? = try row["display_name"]
        let password: [UInt8]? = try row["password"]
        return User(
            id: subject, name: try open(try row["name"], "name", of: subject),
            displayName: try displayName.map { try open($0, "display_name", of: subject) }, roles: rights.roles,
            clearance: rights.clearance, isSuspended: rights.isSuspended, hasPassword: password != nil,
            created: try row["created"])
    }

    private func rights(_ row: SQLRow) throws -> UserRights {
        let roles: RoleSet = try row["roles"]
        return UserRights(roles: roles.roles, clearance: try row["clearance"], isSuspended: try row["suspended"])
    }

    private func index(of name: String) throws -> String {
        Hex.encode(try sealer.blindIndex(NameRules.folded(name), tenant: tenant, purpose: "users.name"))
    }

    private func seal(_ bytes: [UInt8], _ column: String, of subject: SubjectID) throws -> [UInt8] {
        try sealer.seal(bytes, under: .tenant(tenant), context: context(column, subject))
    }

    private func open(_ sealed: [UInt8], _ column: String, of subject: SubjectID) throws -> String {
        try sealer.openText(sealed, under: .tenant(tenant), context: context(column, subject))
    }

    private func context(_ column: String, _ subject: SubjectID) -> SealContext {
        SealContext(table: "users", column: column, row: subject.description)
    }
}
