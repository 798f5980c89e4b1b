import Kit
import Storage

/// A user to be made.
package struct UserDraft: Sendable {
    package var name: String
    package var displayName: String?
    /// Without one, only sign-in links lead in.
    package var password: Secret?
    package var roles: Set<Role>
    package var clearance: Classification

    package init(
        name: String, displayName: String? = nil, password: Secret? = nil, roles: Set<Role>,
        clearance: Classification = .internal
    ) {
        self.name = name
        self.displayName = displayName
        self.password = password
        self.roles = roles
        self.clearance = clearance
    }
}

/// What to change about a user; nil leaves it.
package struct UserChange: Sendable {
    package var displayName: String?
    package var roles: Set<Role>?
    package var clearance: Classification?
    package var isSuspended: Bool?

    package init(
        displayName: String? = nil, roles: Set<Role>? = nil, clearance: Classification? = nil, isSuspended: Bool? = nil
    ) {
        self.displayName = displayName
        self.roles = roles
        self.clearance = clearance
        self.isSuspended = isSuspended
    }

    var touchesRights: Bool { roles != nil || clearance != nil || isSuspended != nil }

    func applied(to rights: UserRights) -> UserRights {
        UserRights(
            roles: roles ?? rights.roles, clearance: clearance ?? rights.clearance,
            isSuspended: isSuspended ?? rights.isSuspended)
    }
}

extension AccessService {
    /// Nobody gives what they do not have: `exceedsGiver`. Throws `nameTaken`, `invalid`, `tooMany`, `notPermitted`.
    package func createUser(
        _ draft: UserDraft, as principal: Principal, request: RequestID? = nil
    ) async throws -> User {
        let rights = UserRights(roles: draft.roles, clearance: draft.clearance, isSuspended: false)
        let (name, displayName) = (try names.name(draft.name), try draft.displayName.map(checkedDisplayName))
        try Self.checkNotEmpty(draft.roles)
        let password = try await hashed(draft.password, if: principal.permissions.contains(.usersManage))
        let new = UserStore.New(
            subject: randomness.identifier(), name: name, displayName: displayName, password: password, rights: rights)
        let now = clock.now()
        return try await perform("users.create", on: "users", as: principal, request: request) { [self] transaction in
            try principal.require(.usersManage)
            guard rights.isWithin(principal) else { throw AccessFailure.exceedsGiver }
            let users = users(principal, transaction)
            if try users.subject(named: name) != nil { throw AccessFailure.nameTaken }
            guard try users.count() < settings.usersMax else {
                throw AccessFailure.tooMany(what: "users", limit: settings.usersMax)
            }
            try users.insert(new, at: now)
            guard let user = try users.find(new.subject) else { throw AccessFailure.unknown }
            return Act(value: user, resource: new.subject.description, facts: rights.facts)
        }
    }

    /// Changes a user. About themselves, people change the display name only (ATT-4). Suspension ends every session,
    /// key and link of the user at once (ATT-19).
    package func updateUser(
        _ subject: SubjectID, _ change: UserChange, as principal: Principal, request: RequestID? = nil
    ) async throws -> User {
        let displayName = try change.displayName.map(checkedDisplayName)
        if let roles = change.roles { try Self.checkNotEmpty(roles) }
        let (resource, now) = (subject.description, clock.now())
        return try await perform("users.update", on: resource, as: principal, request: request) { [self] transaction in
            try Self.checkMayChange(subject, change, principal)
            let users = users(principal, transaction)
            guard let old = try users.rights(of: subject) else { throw AccessFailure.unknown }
            let new = change.applied(to: old)
            if new != old {
                try checkStep(from: old, to: new, of: subject, by: principal, users)
                try users.update(subject, rights: new)
                if new.isSuspended { try credentials(principal, transaction).revokeAll(of: subject, at: now) }
            }
            if let displayName { try users.update(subject, displayName: displayName) }
            guard let user = try users.find(subject) else { throw AccessFailure.unknown }
            return Act(
                value: user, resource: resource, facts: new.facts, revokes: new == old ? nil : .subject(subject))
        }
    }

    /// Removes a user with everything that leads in. The tenant's operator account stays.
    package func deleteUser(_ subject: SubjectID, as principal: Principal, request: RequestID? = nil) async throws {
        let (resource, now) = (subject.description, clock.now())
        try await perform("users.delete", on: resource, as: principal, request: request) { [self] transaction in
            try principal.require(.usersManage)
            guard subject != principal.subject else { throw AccessFailure.ownPrivileges }
            let users = users(principal, transaction)
            guard let rights = try users.rights(of: subject) else { throw AccessFailure.unknown }
            let tenant = try TenantStore(connection: transaction, sealer: sealer).find(principal.tenant)
            guard subject != tenant?.operatorSubject else {
                throw AccessFailure.invalid(field: "user", reason: "is the operator account of the tenant")
            }
            try Self.checkAdministratorRemains(without: subject, rights, users)
            let credentials = credentials(principal, transaction)
            try credentials.revokeAll(of: subject, at: now)
            try credentials.deleteKeys(of: subject)
            try groups(principal, transaction).removeEverywhere(subject)
            try users.delete(subject)
            return Act(value: (), resource: resource, revokes: .subject(subject))
        }
    }

    package func user(_ subject: SubjectID, as principal: Principal) async throws -> User {
        if subject != principal.subject { try principal.require(.usersRead) }
        let user = try await database.read { [self] in try users(principal, $0).find(subject) }
        guard let user else { throw AccessFailure.unknown }
        return user
    }

    /// All users of the tenant, in order of their identifiers.
    package func users(_ page: PageRequest, as principal: Principal) async throws -> Page<User> {
        try principal.require(.usersRead)
        let after = try page.last(SubjectID.self)
        let found = try await database.read { [self] in
            try users(principal, $0).list(after: after, limit: page.limit + 1)
        }
        return Page(found, limit: page.limit) { $0.id.description }
    }

    /// Gives a user a new password and ends the user's sessions. Only for users with no more rights than the giver.
    package func setPassword(
        _ password: Secret, of subject: SubjectID, as principal: Principal, request: RequestID? = nil
    ) async throws {
        let record = try await hashed(password, if: principal.permissions.contains(.usersManage))
        let resource = subject.description
        try await perform("users.set_password", on: resource, as: principal, request: request) { [self] transaction in
            try principal.require(.usersManage)
            let users = users(principal, transaction)
            guard let rights = try users.rights(of: subject), let record else { throw AccessFailure.unknown }
            guard rights.isWithin(principal) else { throw AccessFailure.exceedsGiver }
            try users.update(subject, password: record)
            try credentials(principal, transaction).deleteSessions(of: subject, but: nil)
            return Act(value: (), resource: resource, revokes: .subject(subject))
        }
    }

    private func hashed(_ password: Secret?, if isAllowed: Bool) async throws -> PasswordRecord? {
        guard let password, isAllowed else { return nil }
        try names.password(password)
        return try await hasher.hash(password)
    }

    private func checkedDisplayName(_ text: String) throws(AccessFailure) -> String {
        try names.name(text, field: "displayName")
    }

    private static func checkNotEmpty(_ roles: Set<Role>) throws(AccessFailure) {
        if roles.isEmpty { throw .invalid(field: "roles", reason: "must name at least one role") }
    }

    private static func checkMayChange(
        _ subject: SubjectID, _ change: UserChange, _ principal: Principal
    ) throws(AccessFailure) {
        guard subject == principal.subject else { return try principal.require(.usersManage) }
        if change.touchesRights { throw .ownPrivileges }
        try principal.require(.sessionsOwn)
    }

    /// Taking rights away is free; what is added must be the giver's own, and an administrator must remain.
    private func checkStep(
        from old: UserRights, to new: UserRights, of subject: SubjectID, by principal: Principal, _ users: UserStore
    ) throws {
        let wakes = old.isSuspended && !new.isSuspended
        let added = new.permissions.subtracting(wakes ? [] : old.permissions)
        guard added.isSubset(of: principal.permissions) else { throw AccessFailure.exceedsGiver }
        if new.clearance > old.clearance || wakes, new.clearance > principal.clearance {
            throw AccessFailure.exceedsGiver
        }
        if !new.isAdministrator { try Self.checkAdministratorRemains(without: subject, old, users) }
    }

    private static func checkAdministratorRemains(
        without subject: SubjectID, _ rights: UserRights, _ users: UserStore
    ) throws {
        guard rights.isAdministrator else { return }
        if try users.activeAdministrators().allSatisfy({ $0 == subject }) { throw AccessFailure.lastAdministrator }
    }
}

extension UserRights {
    var permissions: Set<Permission> { RolePolicy.permissions(of: roles) }
    var isAdministrator: Bool { roles.contains(.admin) && !isSuspended }

    /// No permission and no clearance that `principal` lacks.
    func isWithin(_ principal: Principal) -> Bool {
        permissions.isSubset(of: principal.permissions) && clearance <= principal.clearance
    }

    /// For the audit log: no content.
    var facts: [String: String] {
        [
            "roles": roles.map(\.rawValue).sorted().joined(separator: ","), "clearance": clearance.rawValue,
            "suspended": String(isSuspended),
        ]
    }
}
