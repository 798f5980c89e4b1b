import AuditTrail
import Kit
import Storage

extension AccessService {
    /// The name of the account that the owner of the machine acts as in a tenant.
    package static let operatorName = "operator"

    /// The kind of the audit trail's intent around the making of a tenant's key.
    static let keyIntent = "access.tenant_key"

    /// For `AuditTrail.replayOpenIntents`: makes the key again, which is idempotent. A tenant whose making was cut off
    /// there does not exist, and its key seals nothing.
    package var intentHandlers: [String: AuditTrail.IntentHandler] {
        [
            Self.keyIntent: { [makeKey] _, payload in
                guard let tenant = TenantID(String(decoding: payload, as: UTF8.self)) else { return }
                try makeKey(.tenant(tenant))
            }
        ]
    }

    /// Makes a tenant, its sealing key and its first administrator, `operator`, who has no password: the local entry
    /// and sign-in links lead to it. An act of the platform, recorded in the platform's log. Throws `nameTaken`.
    package func createTenant(name: String, request: RequestID? = nil) async throws -> TenantID {
        let name = try names.name(name)
        let (tenant, subject) = (randomness.identifier(TenantID.self), randomness.identifier(SubjectID.self))
        let keyEntry = AuditEntry(action: "keys.create", resource: tenant.description, request: request)
        let intent = try await database.write(.platform) { [sealer, audit] transaction in
            if try TenantStore(connection: transaction, sealer: sealer).isNameTaken(name) {
                throw AccessFailure.nameTaken
            }
            return try audit.beginIntent(
                kind: Self.keyIntent, payload: Array(tenant.description.utf8), entry: keyEntry, in: transaction)
        }
        try makeKey(.tenant(tenant))
        let now = clock.now()
        try await database.write(.platform) { [sealer, audit] transaction in
            let tenants = TenantStore(connection: transaction, sealer: sealer)
            if try tenants.isNameTaken(name) { throw AccessFailure.nameTaken }
            try tenants.insert(tenant, name: name, operatorSubject: subject, at: now)
            let rights = UserRights(roles: [.admin], clearance: .topSecret, isSuspended: false)
            let account = UserStore.New(
                subject: subject, name: Self.operatorName, displayName: nil, password: nil, rights: rights)
            try UserStore(connection: transaction, sealer: sealer, tenant: tenant).insert(account, at: now)
            let entry = AuditEntry(
                action: "tenants.create", resource: tenant.description, request: request,
                facts: ["operator": subject.description])
            try audit.append(entry, in: transaction)
            try audit.completeIntent(intent, entry: keyEntry, in: transaction)
        }
        return tenant
    }

    /// By identifier or name; empty means the only one there is. Nil when there is none, or several for an empty
    /// reference. For wiring and the local entry; no route answers it.
    package func findTenant(_ reference: String) async throws -> TenantID? {
        try await database.read { [sealer] in
            try TenantStore(connection: $0, sealer: sealer).find(reference)?.tenant
        }
    }

    /// The name of the caller's own tenant.
    package func tenantName(for principal: Principal) async throws -> String {
        try principal.require(.tenantRead)
        let name = try await database.read { [sealer] in
            try TenantStore(connection: $0, sealer: sealer).name(of: principal.tenant)
        }
        guard let name else { throw AccessFailure.unknown }
        return name
    }
}
