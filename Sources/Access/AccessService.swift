import AuditTrail
import Kit
import Storage

/// Who is asking, for which tenant, and what may they do: tenants, users, groups, keys and sessions.
///
/// Every act takes the acting `Principal` and asks its rights again, so a caller past the routes is refused as well.
/// An act, its audit entry and its revocation signal are one transaction.
package final class AccessService: Sendable {
    let database: any Database
    let sealer: any Sealer
    let audit: AuditTrail
    let clock: WallClock
    let randomness: Randomness
    let settings: AccessSettings
    let makeKey: @Sendable (KeyScope) throws -> Void
    let cache: PrincipalCache
    let hasher: PasswordHasher
    var names: NameRules { NameRules(settings: settings) }

    /// `makeKey` makes the sealing key of a new tenant; it must be idempotent. Throws when the settings make no sense.
    package init(
        database: any Database, sealer: any Sealer, audit: AuditTrail, clock: WallClock, randomness: Randomness,
        settings: AccessSettings = AccessSettings(), makeKey: @escaping @Sendable (KeyScope) throws -> Void
    ) throws {
        try settings.validate()
        self.database = database
        self.sealer = sealer
        self.audit = audit
        self.clock = clock
        self.randomness = randomness
        self.settings = settings
        self.makeKey = makeKey
        cache = PrincipalCache(lifetime: settings.principalCacheLifetime, entriesMax: settings.principalCacheEntriesMax)
        hasher = PasswordHasher(
            costLog2: settings.scryptCostLog2, waitingMax: settings.passwordChecksMax, randomness: randomness)
    }

    /// Follows revocations until the database closes or the task is cancelled. `cached` answers only meanwhile.
    package func run() async {
        let signals = database.signals()
        cache.follow(true)
        for await case .revoked(let revocation) in signals { cache.drop(revocation) }
        cache.follow(false)
    }
}

/// What one act did, for its audit entry and for those who must hear of it.
struct Act<Value: Sendable>: Sendable {
    let value: Value
    let resource: String
    var facts: [String: String] = [:]
    var revokes: Revocation.Reach?
}

extension AccessService {
    /// Runs one act of `principal` in a transaction of its tenant, with the audit entry and the revocation inside.
    /// A refusal is recorded too, in a transaction of its own.
    func perform<Value: Sendable>(
        _ action: String, on resource: String, as principal: Principal, request: RequestID?,
        _ body: @escaping @Sendable (any Transaction) throws -> Act<Value>
    ) async throws -> Value {
        do {
            let act = try await database.write(.tenant(principal.tenant)) { [audit] transaction in
                let act = try body(transaction)
                let entry = AuditEntry(
                    action: action, subject: principal.subject, resource: act.resource, outcome: .allowed,
                    request: request, classification: nil, facts: act.facts)
                try audit.append(entry, in: transaction)
                if let reach = act.revokes {
                    transaction.publish(.revoked(Revocation(tenant: principal.tenant, reach: reach)))
                }
                return act
            }
            // This node need not wait for its own signal.
            if let reach = act.revokes { cache.drop(Revocation(tenant: principal.tenant, reach: reach)) }
            return act.value
        } catch let failure as AccessFailure where failure.isDenial {
            let entry = AuditEntry(
                action: action, subject: principal.subject, resource: resource, outcome: .denied, request: request,
                classification: nil, facts: [:])
            try await audit.record(entry, for: .tenant(principal.tenant))
            throw failure
        }
    }

    func users(_ principal: Principal, _ connection: any SQLConnection) -> UserStore {
        UserStore(connection: connection, sealer: sealer, tenant: principal.tenant)
    }

    func groups(_ principal: Principal, _ connection: any SQLConnection) -> GroupStore {
        GroupStore(connection: connection, sealer: sealer, tenant: principal.tenant)
    }

    func credentials(_ principal: Principal, _ connection: any SQLConnection) -> CredentialStore {
        CredentialStore(connection: connection, sealer: sealer, tenant: principal.tenant)
    }
}

extension AccessFailure {
    /// Somebody tried what they may not do, as opposed to asking for it wrongly.
    var isDenial: Bool {
        switch self {
        case .notPermitted, .ownPrivileges, .exceedsGiver, .lastAdministrator: true
        default: false
        }
    }
}
