import Kit
import TestKit
import Testing

@testable import Access

@Suite struct KeyTests {
    @Test func `a key acts as its minter with the scopes it was given`() async throws {
        try await AccessWorld.each { world in
            let anna = try await world.user("anna")
            let session = try await world.signIn("anna")
            let minted = try await world.service.mintKey(
                KeyDraft(name: "ci", scopes: [.searchQuery, .documentsRead], expiresInDays: 7), as: session.principal)
            #expect(minted.key.expires == world.time.now + .seconds(7 * 86_400))
            let principal = try await world.authenticate(key: minted.secret)
            #expect(principal.subject == anna.id && principal.tenant == world.tenant)
            #expect(principal.permissions == [.searchQuery, .documentsRead])
            #expect(principal.clearance == .internal && principal.credential == .apiKey(minted.key.id))
            let listed = try await world.service.keys(PageRequest(), as: session.principal)
            #expect(listed.items == [minted.key])
        }
    }

    @Test func `a key dies when it expires and when it is revoked`() async throws {
        try await AccessWorld.each { world in
            try await world.user("anna")
            let anna = try await world.signIn("anna").principal
            let short = try await world.service.mintKey(KeyDraft(name: "short", expiresInDays: 1), as: anna)
            let long = try await world.service.mintKey(KeyDraft(name: "long", expiresInDays: 30), as: anna)
            world.time.advance(by: .seconds(86_399))
            _ = try await world.authenticate(key: short.secret)
            world.time.advance(by: .seconds(1))
            await #expect(throws: AuthenticationFailure.invalid) { try await world.authenticate(key: short.secret) }
            try await world.service.revokeKey(long.key.id, as: anna)
            try await world.service.revokeKey(long.key.id, as: anna)
            await #expect(throws: AuthenticationFailure.invalid) { try await world.authenticate(key: long.secret) }
        }
    }

    @Test func `a key minted with a key ends no later and with it`() async throws {
        try await AccessWorld.each { world in
            try await world.user("anna")
            let anna = try await world.signIn("anna").principal
            let parent = try await world.service.mintKey(
                KeyDraft(name: "parent", scopes: [.keysOwn, .searchQuery], expiresInDays: 2), as: anna)
            let asParent = try await world.authenticate(key: parent.secret)
            let child = try await world.service.mintKey(KeyDraft(name: "child", expiresInDays: 90), as: asParent)
            #expect(child.key.scopes == [.keysOwn, .searchQuery])
            #expect(child.key.expires == parent.key.expires)
            let asChild = try await world.authenticate(key: child.secret)
            let grandchild = try await world.service.mintKey(KeyDraft(name: "grandchild"), as: asChild)
            try await world.service.revokeKey(parent.key.id, as: anna)
            for key in [parent, child, grandchild] {
                await #expect(throws: AuthenticationFailure.invalid) { try await world.authenticate(key: key.secret) }
            }
        }
    }

    @Test func `somebody else's key answers like none, unless the caller manages keys`() async throws {
        try await AccessWorld.each { world in
            try await world.user("anna")
            try await world.user("bob")
            let (anna, bob) = (try await world.signIn("anna").principal, try await world.signIn("bob").principal)
            let key = try await world.service.mintKey(KeyDraft(name: "annas"), as: anna)
            await #expect(throws: AccessFailure.unknown) { try await world.service.revokeKey(key.key.id, as: bob) }
            await #expect(throws: AccessFailure.unknown) {
                try await world.service.revokeKey(APIKeyID(high: 1, low: 1), as: bob)
            }
            #expect(try await world.service.keys(PageRequest(), as: bob).items.isEmpty)
            #expect(try await world.service.keys(PageRequest(), as: world.admin).items == [key.key])
            try await world.service.revokeKey(key.key.id, as: world.admin)
            await #expect(throws: AuthenticationFailure.invalid) { try await world.authenticate(key: key.secret) }
        }
    }

    @Test func `lifetimes and numbers are bounded, and viewers have no keys`() async throws {
        var settings = AccessWorld.settings
        settings.keysPerSubjectMax = 2
        try await AccessWorld.each(settings: settings) { world in
            for days in [0, -1, 367, Int.max] {
                await #expect(throws: AccessFailure.self) {
                    try await world.service.mintKey(KeyDraft(name: "k", expiresInDays: days), as: world.admin)
                }
            }
            for name in ["one", "two"] { _ = try await world.service.mintKey(KeyDraft(name: name), as: world.admin) }
            await #expect(throws: AccessFailure.tooMany(what: "keys", limit: 2)) {
                try await world.service.mintKey(KeyDraft(name: "three"), as: world.admin)
            }
            try await world.user("vic", [.viewer])
            let viewer = try await world.signIn("vic").principal
            await #expect(throws: AccessFailure.notPermitted(.keysOwn)) {
                try await world.service.mintKey(KeyDraft(name: "k"), as: viewer)
            }
        }
    }
}
