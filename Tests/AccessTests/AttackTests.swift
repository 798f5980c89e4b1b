import Kit
import Storage
import TestKit
import Testing

@testable import Access

/// Rows of the catalogue of attacks that products of this kind fell to, by their numbers.
@Suite struct AttackTests {
    @Test func `ATT-1 five hundred injection strings as credentials are all the same 401`() async throws {
        try await AccessWorld.each { world in
            let before = try await world.userCount()
            _ = try await world.service.mintKey(KeyDraft(name: "something to find"), as: world.admin)
            for text in InjectionStrings.all(500) {
                for credentials in [
                    PresentedCredentials(token: text), PresentedCredentials(sessionCookie: text),
                    PresentedCredentials(token: "clk_" + text), PresentedCredentials(localTenant: "x" + text),
                ] {
                    await #expect(throws: AuthenticationFailure.invalid) {
                        try await world.service.authenticate(credentials)
                    }
                    #expect(world.service.cached(credentials) == nil)
                }
            }
            #expect(try await world.userCount() == before)
        }
    }

    @Test func `ATT-1 injection strings as names and passwords are wrong credentials`() async throws {
        try await AccessWorld.each { world in
            for (number, text) in InjectionStrings.all(60).enumerated() {
                await #expect(throws: AccessFailure.wrongCredentials, "\(text.debugDescription)") {
                    try await world.signIn(text, password: Secret(text), tenant: text, peer: "peer \(number)")
                }
                await #expect(throws: AccessFailure.wrongCredentials) {
                    try await world.service.exchange(link: Secret(text), peer: "127.0.\(number).1")
                }
            }
            let count = try await world.userCount()
            #expect(count == 1)
        }
    }

    @Test func `ATT-3 a key holds no right that its minter lacks, at mint and at use`() async throws {
        try await AccessWorld.each { world in
            let anna = try await world.user("anna", [.developer])
            let session = try await world.signIn("anna").principal
            let wide = try await world.service.mintKey(
                KeyDraft(name: "wide", scopes: Set(Permission.allCases)), as: session)
            #expect(wide.key.scopes == RolePolicy.permissions(of: .developer))
            await #expect(throws: AccessFailure.exceedsGiver) {
                try await world.service.mintKey(KeyDraft(name: "admin", scopes: [.usersManage]), as: session)
            }
            _ = try await world.service.updateUser(anna.id, UserChange(roles: [.user]), as: world.admin)
            #expect(try await world.authenticate(key: wide.secret).permissions == RolePolicy.permissions(of: .user))
            // Rights that come later do not flow into a key that was minted without them.
            _ = try await world.service.updateUser(anna.id, UserChange(roles: [.admin]), as: world.admin)
            let after = try await world.authenticate(key: wide.secret).permissions
            #expect(after == RolePolicy.permissions(of: .developer))
        }
    }

    @Test(arguments: Role.allCases)
    func `ATT-4 nobody writes their own roles, clearance or suspension`(role: Role) async throws {
        try await AccessWorld.each { world in
            let anna = try await world.user("anna", [role])
            let principal = try await world.signIn("anna").principal
            let changes = [
                UserChange(roles: [.admin]), UserChange(roles: [.viewer]), UserChange(clearance: .topSecret),
                UserChange(clearance: .public), UserChange(isSuspended: true), UserChange(isSuspended: false),
                UserChange(displayName: "Anna", roles: [.admin]),
            ]
            for change in changes {
                await #expect(throws: AccessFailure.ownPrivileges) {
                    try await world.service.updateUser(anna.id, change, as: principal)
                }
            }
            let renamed = try await world.service.updateUser(
                anna.id, UserChange(displayName: "Dr. Anna"), as: principal)
            #expect(renamed.displayName == "Dr. Anna" && renamed.roles == [role] && renamed.clearance == .internal)
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `ATT-9 a change of rights is announced in the transaction that makes it`() async throws {
        try await AccessWorld.each { world in
            let anna = try await world.user("anna")
            let group = try await world.service.createGroup(name: "nurses", as: world.admin)
            let inner = try await world.service.createGroup(name: "night", as: world.admin)
            let principal = try await world.signIn("anna").principal
            let key = try await world.service.mintKey(KeyDraft(name: "k"), as: principal)
            let signals = world.database.signals()
            _ = try await world.service.updateUser(anna.id, UserChange(displayName: "A"), as: principal)
            _ = try await world.service.updateUser(anna.id, UserChange(roles: [.viewer]), as: world.admin)
            try await world.service.addMember(.subject(anna.id), to: group.id, as: world.admin)
            try await world.service.addMember(.group(inner.id), to: group.id, as: world.admin)
            try await world.service.revokeKey(key.key.id, as: world.admin)
            try await world.service.deleteUser(anna.id, as: world.admin)
            let subject = Revocation(tenant: world.tenant, reach: .subject(anna.id))
            let expected = [
                subject, subject, Revocation(tenant: world.tenant, reach: .tenant), subject, subject,
            ]
            var heard: [Revocation] = []
            for await case .revoked(let revocation) in signals {
                heard.append(revocation)
                if heard.count == expected.count { break }
            }
            #expect(heard == expected)
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `ATT-9 an open stream hears that its rights were cut, and of nobody else's`() async throws {
        try await AccessWorld.each { world in
            let anna = try await world.user("anna", [.developer])
            let bob = try await world.user("bob")
            let principal = try await world.signIn("anna").principal
            let other = try await world.signIn("anna").principal
            async let cut: Void = world.service.revoked(principal)
            _ = try await world.service.updateUser(bob.id, UserChange(roles: [.viewer]), as: world.admin)
            try await world.service.signOut(other)
            _ = try await world.service.updateUser(anna.id, UserChange(roles: [.viewer]), as: world.admin)
            await cut
            // Asked once more, it answers at once: what it was admitted with no longer holds.
            await world.service.revoked(principal)
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `ATT-9 an open stream ends with its session`() async throws {
        try await AccessWorld.sqlite { world in
            try await world.user("anna")
            let principal = try await world.signIn("anna").principal
            async let cut: Void = world.service.revoked(principal)
            while world.time.sleeping == 0 { await Task.yield() }
            world.time.advance(by: .seconds(12 * 3600))
            await cut
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `ATT-9 a cached principal is dropped with the revocation`() async throws {
        try await AccessWorld.each { world in
            let anna = try await world.user("anna", [.developer])
            let session = try await world.signIn("anna")
            let credentials = PresentedCredentials(sessionCookie: session.cookie.reveal())
            let follower = Task { await world.service.run() }
            while world.service.cached(credentials) == nil {
                _ = try await world.service.authenticate(credentials)
                await Task.yield()
            }
            var changing = credentials
            changing.isSafeMethod = false
            #expect(world.service.cached(changing) == nil)
            changing.csrfToken = session.csrf
            #expect(world.service.cached(changing) == session.principal)
            _ = try await world.service.updateUser(anna.id, UserChange(roles: [.viewer]), as: world.admin)
            #expect(world.service.cached(credentials) == nil)
            #expect(try await world.service.authenticate(credentials).roles == [.viewer])
            try await expectPlacesKeptApart(world)
            follower.cancel()
            await follower.value
            #expect(world.service.cached(credentials) == nil)
        }
    }

    /// A token that spells the name of a tenant, or somebody's cookie, does not find the principal of that place.
    private func expectPlacesKeptApart(_ world: AccessWorld) async throws {
        let local = PresentedCredentials(localTenant: "Acme Hospital")
        _ = try await world.service.authenticate(local)
        #expect(world.service.cached(local) == world.admin)
        let cookie = try await world.signIn("anna").cookie.reveal()
        _ = try await world.service.authenticate(PresentedCredentials(sessionCookie: cookie))
        for text in ["Acme Hospital", "local Acme Hospital", "\u{3}Acme Hospital", cookie] {
            #expect(world.service.cached(PresentedCredentials(token: text)) == nil)
            #expect(world.service.cached(PresentedCredentials(sessionCookie: "\u{2}" + text)) == nil)
        }
    }

    @Test func `ATT-10 ATT-16 ATT-17 ATT-18 another tenant's identifiers answer like unknown ones`() async throws {
        try await AccessWorld.each { world in
            let anna = try await world.user("anna")
            let session = try await world.signIn("anna")
            let group = try await world.service.createGroup(name: "nurses", as: world.admin)
            let key = try await world.service.mintKey(KeyDraft(name: "k"), as: session.principal)
            let other = try await world.service.createTenant(name: "Other")
            let stranger = try await world.service.authenticate(PresentedCredentials(localTenant: other.description))
            let service = world.service
            let attempts: [@Sendable () async throws -> Void] = [
                { _ = try await service.user(anna.id, as: stranger) },
                { _ = try await service.updateUser(anna.id, UserChange(isSuspended: true), as: stranger) },
                { try await service.deleteUser(anna.id, as: stranger) },
                { try await service.setPassword(AccessWorld.password, of: anna.id, as: stranger) },
                { _ = try await service.mintSignInLink(for: anna.id, as: stranger) },
                { _ = try await service.group(group.id, as: stranger) },
                { _ = try await service.members(of: group.id, PageRequest(), as: stranger) },
                { try await service.addMember(.subject(stranger.subject), to: group.id, as: stranger) },
                { try await service.removeMember(.subject(anna.id), from: group.id, as: stranger) },
                { try await service.revokeKey(key.key.id, as: stranger) },
            ]
            for attempt in attempts { await #expect(throws: AccessFailure.unknown) { try await attempt() } }
            let own = try await service.createGroup(name: "nurses", as: stranger)
            await #expect(throws: AccessFailure.unknown) {
                try await service.addMember(.subject(anna.id), to: own.id, as: stranger)
            }
            await #expect(throws: AccessFailure.unknown) {
                try await service.addMember(.group(group.id), to: own.id, as: stranger)
            }
            #expect(try await service.users(PageRequest(), as: stranger).items.map(\.id) == [stranger.subject])
            #expect(try await service.keys(PageRequest(), as: stranger).items.isEmpty)
            _ = try await world.authenticate(key: key.secret)
        }
    }

    @Test func `ATT-15 tokens share nothing with each other, with identifiers or with the time`() async throws {
        try await AccessWorld.sqlite { world in
            var seen: Set<String> = []
            for number in 0..<50 {
                let minted = try await world.service.mintKey(KeyDraft(name: "k\(number)"), as: world.admin)
                let link = try await world.service.mintSignInLink(for: world.admin.subject, as: world.admin)
                for secret in [minted.secret, link] { seen.insert(String(secret.reveal().dropFirst(4).prefix(16))) }
                #expect(!minted.secret.reveal().contains(minted.key.id.description.dropFirst(4)))
                await #expect(throws: AuthenticationFailure.invalid) { try await world.authenticate(key: link) }
                await #expect(throws: AuthenticationFailure.invalid) {
                    try await world.authenticate(cookie: Secret("cls_" + minted.secret.reveal().dropFirst(4)))
                }
                await #expect(throws: AccessFailure.wrongCredentials) {
                    try await world.service.exchange(
                        link: Secret("cll_" + minted.secret.reveal().dropFirst(4)), peer: "127.0.1.\(number)")
                }
            }
            #expect(seen.count == 100)
        }
    }

    @Test func `ATT-19 suspension kills sessions, keys and links at once, and lifting it revives none`() async throws {
        try await AccessWorld.each { world in
            let anna = try await world.user("anna")
            let session = try await world.signIn("anna")
            let key = try await world.service.mintKey(KeyDraft(name: "extension"), as: session.principal)
            let link = try await world.service.mintSignInLink(for: anna.id, as: world.admin)
            _ = try await world.service.updateUser(anna.id, UserChange(isSuspended: true), as: world.admin)
            func everythingIsDead() async {
                await #expect(throws: AuthenticationFailure.invalid) {
                    try await world.authenticate(cookie: session.cookie)
                }
                await #expect(throws: AuthenticationFailure.invalid) { try await world.authenticate(key: key.secret) }
                await #expect(throws: AccessFailure.wrongCredentials) {
                    try await world.service.exchange(link: link, peer: "local")
                }
            }
            await everythingIsDead()
            await #expect(throws: AccessFailure.wrongCredentials) { try await world.signIn("anna") }
            await #expect(throws: AccessFailure.unknown) {
                try await world.service.mintSignInLink(for: anna.id, as: world.admin)
            }
            _ = try await world.service.updateUser(anna.id, UserChange(isSuspended: false), as: world.admin)
            await everythingIsDead()
            world.time.advance(by: .seconds(60))
            _ = try await world.signIn("anna")
        }
    }
}

extension AccessWorld {
    func userCount() async throws -> Int {
        try await service.users(PageRequest(limit: 200), as: admin).items.count
    }
}

/// Statement fragments, quotes, comments, encodings and control characters in many combinations.
enum InjectionStrings {
    private static let heads = [
        "%", "_", "'", "\"", "' OR '1'='1", "'; DROP TABLE users; --", "\\' OR 1=1 --", "admin'--", "1) OR (1=1",
        "%27 OR 1=1",
        "' UNION SELECT tenant, name FROM tenants --", "$1", "?1", ":name", "\u{0}", "\u{0}' OR 1=1",
        "${jndi:ldap://x}",
        "{{7*7}}", "../../etc/passwd", "\r\nSet-Cookie: a=b", "ʼ OR 1=1", "＇ OR 1=1", "\u{202E}'", "NULL", "0x27",
        "' || (SELECT pg_sleep(10)) || '", "'; SELECT load_extension('x'); --",
    ]
    private static let tails = ["", "--", "/*", "*/", ";", "' AND '1'='1", "\n", "\u{FFFD}", "' LIKE '%", "\\"]

    static func all(_ count: Int) -> [String] {
        let pairs = heads.flatMap { head in tails.map { head + $0 } }
        return (0..<count).map { pairs[$0 % pairs.count] + ($0 < pairs.count ? "" : " #\($0)") }
    }
}
