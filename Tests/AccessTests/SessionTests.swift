import Kit
import TestKit
import Testing

@testable import Access

@Suite struct SessionTests {
    @Test func `a password begins a session with the rights of the user`() async throws {
        try await AccessWorld.each { world in
            let anna = try await world.user("anna", [.developer], clearance: .confidential)
            let signedIn = try await world.signIn(" ANNA ", tenant: "acme hospital")
            #expect(signedIn.principal.subject == anna.id)
            let principal = try await world.authenticate(cookie: signedIn.cookie)
            #expect(principal == signedIn.principal)
            #expect(principal.permissions == RolePolicy.permissions(of: .developer))
            #expect(principal.clearance == .confidential && principal.purpose == .general)
            #expect(try await world.audited().contains("sessions.sign_in allowed"))
        }
    }

    @Test func `a session ends after half an hour without use and twelve hours with it`() async throws {
        try await AccessWorld.each { world in
            try await world.user("anna")
            let idle = try await world.signIn("anna")
            world.time.advance(by: .seconds(1800))
            await #expect(throws: AuthenticationFailure.invalid) { try await world.authenticate(cookie: idle.cookie) }
            let used = try await world.signIn("anna")
            for _ in 0..<35 {
                world.time.advance(by: .seconds(1200))
                _ = try await world.authenticate(cookie: used.cookie)
            }
            world.time.advance(by: .seconds(1199))
            _ = try await world.authenticate(cookie: used.cookie)
            world.time.advance(by: .seconds(1))
            await #expect(throws: AuthenticationFailure.invalid) { try await world.authenticate(cookie: used.cookie) }
        }
    }

    @Test func `what may change something needs the CSRF token of this session`() async throws {
        try await AccessWorld.each { world in
            try await world.user("anna")
            let (one, other) = (try await world.signIn("anna"), try await world.signIn("anna"))
            _ = try await world.authenticate(cookie: one.cookie, csrf: one.csrf, safe: false)
            for csrf in [nil, "", other.csrf, one.cookie.reveal()] {
                await #expect(throws: AuthenticationFailure.csrf) {
                    try await world.authenticate(cookie: one.cookie, csrf: csrf, safe: false)
                }
            }
        }
    }

    @Test func `signing out ends this session and not the other`() async throws {
        try await AccessWorld.each { world in
            try await world.user("anna")
            let (one, other) = (try await world.signIn("anna"), try await world.signIn("anna"))
            try await world.service.signOut(one.principal)
            await #expect(throws: AuthenticationFailure.invalid) { try await world.authenticate(cookie: one.cookie) }
            _ = try await world.authenticate(cookie: other.cookie)
        }
    }

    @Test func `the oldest session makes room for one more than the limit`() async throws {
        var settings = AccessWorld.settings
        settings.sessionsPerSubjectMax = 2
        try await AccessWorld.each(settings: settings) { world in
            try await world.user("anna")
            var sessions: [SignedIn] = []
            for _ in 0..<3 {
                sessions.append(try await world.signIn("anna"))
                world.time.advance(by: .seconds(1))
            }
            await #expect(throws: AuthenticationFailure.invalid) {
                try await world.authenticate(cookie: sessions[0].cookie)
            }
            for session in sessions[1...] { _ = try await world.authenticate(cookie: session.cookie) }
        }
    }

    @Test func `a new password ends the other sessions, and the old one works no more`() async throws {
        try await AccessWorld.each { world in
            try await world.user("anna")
            let (mine, other) = (try await world.signIn("anna"), try await world.signIn("anna"))
            let new = Secret("a quite different phrase")
            await #expect(throws: AccessFailure.wrongCredentials) {
                try await world.service.changeOwnPassword(
                    from: Secret("not my password"), to: new, as: mine.principal, peer: "192.0.2.1")
            }
            try await world.service.changeOwnPassword(
                from: AccessWorld.password, to: new, as: mine.principal, peer: "192.0.2.1")
            _ = try await world.authenticate(cookie: mine.cookie)
            await #expect(throws: AuthenticationFailure.invalid) { try await world.authenticate(cookie: other.cookie) }
            await #expect(throws: AccessFailure.wrongCredentials) { try await world.signIn("anna") }
            world.time.advance(by: .seconds(900))
            _ = try await world.signIn("anna", password: new)
        }
    }

    @Test func `a link signs in once, within ten minutes, and only from this machine`() async throws {
        try await AccessWorld.each { world in
            let anna = try await world.user("anna")
            let link = try await world.service.mintSignInLink(for: anna.id, as: world.admin)
            await #expect(throws: AccessFailure.wrongCredentials) {
                try await world.service.exchange(link: link, peer: "192.0.2.1")
            }
            let session = try await world.service.exchange(link: link, peer: "127.0.0.1")
            #expect(session.principal.subject == anna.id)
            _ = try await world.authenticate(cookie: session.cookie)
            await #expect(throws: AccessFailure.wrongCredentials) {
                try await world.service.exchange(link: link, peer: "::1")
            }
            let late = try await world.service.mintSignInLink(for: anna.id, as: world.admin)
            world.time.advance(by: .seconds(600))
            await #expect(throws: AccessFailure.wrongCredentials) {
                try await world.service.exchange(link: late, peer: "127.0.0.1")
            }
        }
    }

    @Test func `of many that use one link at once, one gets in`() async throws {
        try await AccessWorld.each { world in
            let link = try await world.service.mintSignInLink(for: world.admin.subject, as: world.admin)
            let entered = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<8 {
                    group.addTask { (try? await world.service.exchange(link: link, peer: "127.0.0.\(number)")) != nil }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(entered == 1)
        }
    }

    @Test(arguments: [
        ("local", true), ("127.0.0.1", true), ("127.3.2.1", true), ("::1", true), ("::ffff:127.0.0.1", true),
        ("192.0.2.1", false), ("::2", false), ("127.0.0.1.example.org", false), ("127.0.0", false), ("", false),
        ("::ffff:10.0.0.1", false), ("127.0.0.999", false),
    ])
    func `loopback is told from the rest`(peer: String, isLoopback: Bool) {
        #expect(AccessService.isLoopback(peer) == isLoopback)
    }

    @Test func `the local entry means the operator of the tenant it names`() async throws {
        try await AccessWorld.each { world in
            for reference in ["", "Acme Hospital", world.tenant.description] {
                let principal = try await world.service.authenticate(PresentedCredentials(localTenant: reference))
                #expect(principal == world.admin)
            }
            _ = try await world.service.createTenant(name: "Second")
            for reference in ["", "Third", "ten_00000000000000000000000000"] {
                await #expect(throws: AuthenticationFailure.invalid) {
                    try await world.service.authenticate(PresentedCredentials(localTenant: reference))
                }
            }
            await #expect(throws: AuthenticationFailure.missing) {
                try await world.service.authenticate(PresentedCredentials())
            }
        }
    }

    @Test func `a job has its subject's rights of this moment`() async throws {
        try await AccessWorld.each { world in
            let anna = try await world.user("anna", [.developer])
            let job = JobID(high: 1, low: 2)
            func principal() async throws -> Principal {
                try await world.service.principal(
                    tenant: world.tenant, subject: anna.id, purpose: Purpose(rawValue: "care"), job: job)
            }
            let before = try await principal()
            #expect(before.roles == [.developer] && before.credential == .job(job) && before.purpose.rawValue == "care")
            _ = try await world.service.updateUser(anna.id, UserChange(roles: [.viewer]), as: world.admin)
            #expect(try await principal().permissions == RolePolicy.permissions(of: .viewer))
            _ = try await world.service.updateUser(anna.id, UserChange(isSuspended: true), as: world.admin)
            await #expect(throws: AccessFailure.unknown) { try await principal() }
        }
    }

    @Test func `somebody else's rights are shown to those who read users, within the tenant`() async throws {
        try await AccessWorld.each { world in
            let anna = try await world.user("anna", clearance: .restricted)
            let shown = try await world.service.principal(of: anna.id, askedBy: world.admin)
            #expect(shown.subject == anna.id && shown.clearance == .restricted)
            let asAnna = try await world.signIn("anna").principal
            await #expect(throws: AccessFailure.notPermitted(.usersRead)) {
                try await world.service.principal(of: world.admin.subject, askedBy: asAnna)
            }
            let other = try await world.service.createTenant(name: "Other")
            let stranger = try await world.service.authenticate(PresentedCredentials(localTenant: other.description))
            await #expect(throws: AccessFailure.unknown) {
                try await world.service.principal(of: anna.id, askedBy: stranger)
            }
        }
    }
}
