import AuditTrail
import Foundation
import Keyring
import Kit
import Storage
import TestKit
import TestStorage

@testable import Access

/// One tenant with its operator, on a real engine with real keys and a clock that the test moves.
struct AccessWorld: Sendable {
    let service: AccessService
    let database: any Database
    let keyring: Keyring
    let audit: AuditTrail
    let time: VirtualClock
    let tenant: TenantID
    /// The tenant's operator over the local entry.
    let admin: Principal

    static let password = Secret("correct horse battery")
    static let schemas = [AuditMigrations.schema, AccessMigrations.schema]

    static var settings: AccessSettings {
        var settings = AccessSettings()
        // The cheapest scrypt allowed: tests are about what happens around it.
        settings.scryptCostLog2 = 10
        return settings
    }

    /// Runs `body` on SQLite and on PostgreSQL.
    static func each(
        settings: AccessSettings = settings, isolation: isolated (any Actor)? = #isolation,
        _ body: (AccessWorld) async throws -> Void
    ) async throws {
        try await TestDatabases.each(schemas: schemas) { _, database in
            try await make(on: database, settings: settings, body)
        }
    }

    /// For what does not depend on the engine.
    static func sqlite(
        settings: AccessSettings = settings, isolation: isolated (any Actor)? = #isolation,
        _ body: (AccessWorld) async throws -> Void
    ) async throws {
        try await TestDatabases.sqlite(schemas: schemas) { try await make(on: $0, settings: settings, body) }
    }

    static func make(
        on database: any Database, settings: AccessSettings = settings, isolation: isolated (any Actor)? = #isolation,
        _ body: (AccessWorld) async throws -> Void
    ) async throws {
        try await TestEnvironment.withTemporaryDirectory { directory in
            let time = VirtualClock()
            let keyring = try Keyring.open(
                directory: directory + "/keys", rootKey: Randomness.system.bytes(32), clock: time.clock)
            let audit = AuditTrail(
                database: database, sealer: keyring, clock: time.clock, randomness: .system)
            let service = try AccessService(
                database: database, sealer: keyring, audit: audit, clock: time.clock, randomness: .system,
                settings: settings, makeKey: { try keyring.createKey($0) })
            let tenant = try await service.createTenant(name: "Acme Hospital")
            let admin = try await service.authenticate(PresentedCredentials(localTenant: tenant.description))
            try await body(
                AccessWorld(
                    service: service, database: database, keyring: keyring, audit: audit, time: time, tenant: tenant,
                    admin: admin))
        }
    }

    /// A user with the usual password.
    @discardableResult
    func user(
        _ name: String, _ roles: Set<Role> = [.user], clearance: Classification = .internal
    ) async throws -> User {
        try await service.createUser(
            UserDraft(name: name, password: Self.password, roles: roles, clearance: clearance), as: admin)
    }

    func signIn(
        _ name: String, password: Secret = password, tenant: String = "", peer: String = "192.0.2.1"
    ) async throws -> SignedIn {
        try await service.signIn(SignInAttempt(tenant: tenant, name: name, password: password, peer: peer))
    }

    /// What a request with this cookie would become.
    func authenticate(cookie: Secret, csrf: String? = nil, safe: Bool = true) async throws -> Principal {
        try await service.authenticate(
            PresentedCredentials(sessionCookie: cookie.reveal(), csrfToken: csrf, isSafeMethod: safe))
    }

    func authenticate(key: Secret) async throws -> Principal {
        try await service.authenticate(PresentedCredentials(token: key.reveal()))
    }

    /// Actions of the tenant's audit log with their outcomes, oldest first.
    func audited() async throws -> [String] {
        let page = try await audit.entries(for: admin, page: PageRequest(limit: 200))
        return page.items.reversed().map { "\($0.record.entry.action) \($0.record.entry.outcome.rawValue)" }
    }
}
