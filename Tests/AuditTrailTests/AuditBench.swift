import AuditTrail
import Foundation
import Keyring
import Kit
import Storage
import TestKit
import TestStorage

/// A trail over one engine, with real keys and a clock that stands still.
struct AuditBench: Sendable {
    let database: any Database
    let keyring: Keyring
    let clock = VirtualClock()
    let trail: AuditTrail

    init(_ database: any Database, keys: String) throws {
        self.database = database
        keyring = try Keyring.open(directory: keys, rootKey: Randomness.system.bytes(RootKey.byteCount))
        trail = AuditTrail(database: database, sealer: keyring, clock: self.clock.clock, randomness: .system)
    }

    /// Runs `body` on both engines.
    static func each(_ body: (AuditBench) async throws -> Void) async throws {
        let schemas = [AuditMigrations.schema, notes]
        try await TestDatabases.each(schemas: schemas) { engine, database in
            try await TestEnvironment.withTemporaryDirectory { path in
                try await body(AuditBench(database, keys: path + "/keys"))
            }
        }
    }

    /// A tenant with a key.
    func makeTenant() throws -> TenantID {
        let tenant = Randomness.system.identifier(TenantID.self)
        try keyring.createKey(.tenant(tenant))
        return tenant
    }

    /// A tenant with a log of `count` records.
    func makeLog(_ count: Int) async throws -> TenantID {
        let tenant = try makeTenant()
        try await database.write(.tenant(tenant)) { transaction in
            for number in 1...count { try trail.append(entry(number), in: transaction) }
        }
        return tenant
    }

    func entry(_ number: Int, action: String = "notes.write") -> AuditEntry {
        AuditEntry(action: action, resource: "note \(number)", facts: ["number": "\(number)"])
    }

    func fault(in tenant: TenantID, anchors: [AuditCheckpoint] = []) async throws -> AuditFault? {
        try await trail.verify(.tenant(tenant), anchors: anchors).fault
    }

    /// A table for acts.
    private static let notes = Schema(
        owner: "AuditTrailTests",
        migrations: [Migration("notes.001", ["CREATE TABLE notes (number INTEGER PRIMARY KEY)"])],
        sealedTables: [], plainTables: ["notes"])
}

extension Principal {
    static func reader(of tenant: TenantID, permissions: Set<Permission> = [.auditRead]) -> Principal {
        Principal(
            tenant: tenant, subject: Randomness.system.identifier(), groups: [], roles: [.admin],
            clearance: .internal, purpose: .general, permissions: permissions, credential: .localOperator)
    }
}
