import Kit

/// What each base role may do. Policies are data: a role is a set of permissions, a user has the union of its roles.
///
/// The golden table `Tests/AccessTests/Golden/authorization.txt` prints the whole of it.
package enum RolePolicy {
    package static func permissions(of roles: Set<Role>) -> Set<Permission> {
        roles.reduce(into: []) { $0.formUnion(permissions(of: $1)) }
    }

    package static func permissions(of role: Role) -> Set<Permission> {
        switch role {
        case .viewer: viewer
        case .user: user
        case .developer: developer
        case .admin: Set(Permission.allCases)
        }
    }

    /// Reads, searches and asks; keeps its own profile and sessions.
    private static let viewer: Set<Permission> = [
        .tenantRead, .sessionsOwn, .collectionsRead, .documentsRead, .searchQuery, .answersAsk,
    ]

    /// Also brings documents in, follows the jobs this starts, and has keys of its own.
    private static let user: Set<Permission> = viewer.union([.documentsWrite, .jobsRead, .jobsCancel, .keysOwn])

    /// Also arranges collections and who may see them, for which it sees the names of users and groups. What connects
    /// to other systems, and with which credentials, is for administrators; a developer sees how current it is.
    private static let developer: Set<Permission> = user.union([
        .collectionsManage, .documentsDelete, .usersRead, .groupsRead, .sourcesRead,
    ])
}

extension Principal {
    /// Throws `notPermitted` unless the principal has `permission`. Every service call asks, so that a caller past the
    /// routes is refused too (XCC-3).
    package func require(_ permission: Permission) throws(AccessFailure) {
        guard permissions.contains(permission) else { throw .notPermitted(permission) }
    }
}
