import AuditTrail
import Kit
import Storage
import TestKit
import Testing

@testable import Access

@Suite struct UserTests {
    @Test func `a tenant begins with an operator who administers it`() async throws {
        try await AccessWorld.each { world in
            #expect(world.admin.roles == [.admin])
            #expect(world.admin.clearance == .topSecret)
            #expect(world.admin.permissions == Set(Permission.allCases))
            #expect(world.admin.credential == .localOperator)
            let me = try await world.service.user(world.admin.subject, as: world.admin)
            #expect(me.name == "operator" && !me.hasPassword)
            #expect(try await world.service.tenantName(for: world.admin) == "Acme Hospital")
            #expect(try await world.service.findTenant("acme HOSPITAL ") == world.tenant)
            #expect(try await world.service.findTenant("") == world.tenant)
            await #expect(throws: AccessFailure.nameTaken) {
                try await world.service.createTenant(name: "ACME hospital")
            }
        }
    }

    @Test func `a tenant whose making was cut off leaves an intent that start-up closes`() async throws {
        try await AccessWorld.each { world in
            struct Cut: Error {}
            let half = try AccessService(
                database: world.database, sealer: world.keyring, audit: world.audit, clock: world.time.clock,
                randomness: .system, settings: AccessWorld.settings, makeKey: { _ in throw Cut() })
            await #expect(throws: Cut.self) { try await half.createTenant(name: "Half") }
            #expect(try await world.service.findTenant("Half") == nil)
            try await world.audit.replayOpenIntents(handlers: world.service.intentHandlers)
            _ = try await world.service.createTenant(name: "Half")
            #expect(try await world.audit.verify(.platform).size == 8)
        }
    }

    @Test func `a user is listed with what was given, and names are taken whatever their case`() async throws {
        try await AccessWorld.each { world in
            let draft = UserDraft(
                name: " anna ", displayName: "Dr. Anna Meyer", roles: [.user, .viewer], clearance: .restricted)
            let anna = try await world.service.createUser(draft, as: world.admin)
            #expect(anna.name == "anna" && anna.displayName == "Dr. Anna Meyer" && !anna.isSuspended)
            #expect(anna.roles == [.user, .viewer] && anna.clearance == .restricted)
            await #expect(throws: AccessFailure.nameTaken) { try await world.user("ANNA") }
            let all = try await world.service.users(PageRequest(), as: world.admin)
            #expect(all.items.contains(anna) && all.items.count == 2 && all.next == nil)
        }
    }

    @Test func `pages of users follow each other without loss or repetition`() async throws {
        try await AccessWorld.each { world in
            for number in 0..<6 { try await world.user("user\(number)") }
            var (seen, after) = ([SubjectID](), String?.none)
            repeat {
                let page = try await world.service.users(PageRequest(limit: 3, after: after), as: world.admin)
                seen += page.items.map(\.id)
                after = page.next
            } while after != nil
            #expect(seen.count == 7 && Set(seen).count == 7)
            await #expect(throws: AccessFailure.self) {
                try await world.service.users(PageRequest(after: "x\u{0}"), as: world.admin)
            }
        }
    }

    @Test(arguments: [
        ("", "name"), ("  ", "name"), ("a\u{7}b", "name"), (String(repeating: "x", count: 101), "name"),
    ])
    func `a bad name is refused by its field`(name: String, field: String) async throws {
        try await AccessWorld.sqlite { world in
            let failure = await #expect(throws: AccessFailure.self) { try await world.user(name) }
            guard case .invalid(let named, _) = failure else { return #expect(Bool(false), "\(failure as Any)") }
            #expect(named == field)
        }
    }

    @Test func `short and endless passwords and no roles at all are refused`() async throws {
        try await AccessWorld.sqlite { world in
            for password in ["short", String(repeating: "x", count: 1025)] {
                await #expect(throws: AccessFailure.self) {
                    try await world.service.createUser(
                        UserDraft(name: "anna", password: Secret(password), roles: [.user]), as: world.admin)
                }
            }
            await #expect(throws: AccessFailure.invalid(field: "roles", reason: "must name at least one role")) {
                try await world.user("anna", [])
            }
        }
    }

    @Test func `only administrators make and change users, and every refusal is recorded`() async throws {
        try await AccessWorld.each { world in
            try await world.user("dev", [.developer])
            let developer = try await world.signIn("dev").principal
            await #expect(throws: AccessFailure.notPermitted(.usersManage)) {
                try await world.service.createUser(UserDraft(name: "eve", roles: [.admin]), as: developer)
            }
            await #expect(throws: AccessFailure.notPermitted(.usersManage)) {
                try await world.service.updateUser(world.admin.subject, UserChange(roles: [.viewer]), as: developer)
            }
            await #expect(throws: AccessFailure.notPermitted(.usersManage)) {
                try await world.service.deleteUser(world.admin.subject, as: developer)
            }
            let audited = try await world.audited()
            for action in ["users.create denied", "users.update denied", "users.delete denied"] {
                #expect(audited.contains(action))
            }
        }
    }

    @Test func `nobody gives more than they have`() async throws {
        try await AccessWorld.each { world in
            try await world.user("boss", [.admin], clearance: .internal)
            let boss = try await world.signIn("boss").principal
            await #expect(throws: AccessFailure.exceedsGiver) {
                try await world.service.createUser(
                    UserDraft(name: "spy", roles: [.user], clearance: .topSecret), as: boss)
            }
            let key = try await world.service.mintKey(KeyDraft(name: "people", scopes: [.usersManage]), as: boss)
            let scoped = try await world.authenticate(key: key.secret)
            await #expect(throws: AccessFailure.exceedsGiver) {
                try await world.service.createUser(UserDraft(name: "eve", roles: [.admin]), as: scoped)
            }
            let viewer = try await world.user("vic", [.viewer])
            await #expect(throws: AccessFailure.exceedsGiver) {
                try await world.service.updateUser(viewer.id, UserChange(roles: [.admin]), as: scoped)
            }
            await #expect(throws: AccessFailure.exceedsGiver) {
                try await world.service.setPassword(AccessWorld.password, of: world.admin.subject, as: scoped)
            }
            await #expect(throws: AccessFailure.exceedsGiver) {
                try await world.service.mintSignInLink(for: world.admin.subject, as: boss)
            }
        }
    }

    @Test func `the last active administrator stays one`() async throws {
        try await AccessWorld.each { world in
            let boss = try await world.user("boss", [.admin], clearance: .topSecret)
            let asBoss = try await world.signIn("boss").principal
            try await suspend(world.admin.subject, as: asBoss, world)
            // The operator's principal of a moment ago: the service asks the database, not the value.
            for change in [UserChange(roles: [.user]), UserChange(isSuspended: true)] {
                await #expect(throws: AccessFailure.lastAdministrator) {
                    try await world.service.updateUser(boss.id, change, as: world.admin)
                }
            }
            await #expect(throws: AccessFailure.lastAdministrator) {
                try await world.service.deleteUser(boss.id, as: world.admin)
            }
            #expect(try await world.service.user(boss.id, as: asBoss).roles == [.admin])
        }
    }

    @Test func `a deleted user is gone with every way in, and the operator account stays`() async throws {
        try await AccessWorld.each { world in
            let anna = try await world.user("anna")
            let session = try await world.signIn("anna")
            let key = try await world.service.mintKey(KeyDraft(name: "laptop"), as: session.principal)
            let group = try await world.service.createGroup(name: "nurses", as: world.admin)
            try await world.service.addMember(.subject(anna.id), to: group.id, as: world.admin)
            try await world.service.deleteUser(anna.id, as: world.admin)
            await #expect(throws: AuthenticationFailure.invalid) {
                try await world.authenticate(cookie: session.cookie)
            }
            await #expect(throws: AuthenticationFailure.invalid) { try await world.authenticate(key: key.secret) }
            await #expect(throws: AccessFailure.unknown) { try await world.service.user(anna.id, as: world.admin) }
            #expect(try await world.service.group(group.id, as: world.admin).memberCount == 0)
            try await world.user("boss", [.admin], clearance: .topSecret)
            let boss = try await world.signIn("boss").principal
            await #expect(throws: AccessFailure.self) {
                try await world.service.deleteUser(world.admin.subject, as: boss)
            }
        }
    }

    @Test func `an act whose audit entry cannot be written does not happen`() async throws {
        try await AccessWorld.sqlite { world in
            try await world.database.write(.platform) { try $0.execute("DROP TABLE audit_leaves") }
            await #expect(throws: (any Error).self) { try await world.user("anna") }
            let query = try await world.database.read { try $0.rows("SELECT subject FROM users").count }
            #expect(query == 1)
        }
    }

    private func suspend(_ subject: SubjectID, as principal: Principal, _ world: AccessWorld) async throws {
        _ = try await world.service.updateUser(subject, UserChange(isSuspended: true), as: principal)
    }
}
