import Kit
import Storage
import TestKit

@testable import AuditTrail

/// What an intruder can do who has the database's password and no key.
extension AuditBench {
    func tamper(_ statements: [SQLStatement]) async throws {
        try await database.write(.platform) { transaction in
            for statement in statements { try transaction.execute(statement) }
        }
    }

    func edit(_ sequence: Int64, of tenant: TenantID, _ assignment: SQLStatement) async throws {
        try await tamper([
            "UPDATE audit_leaves SET \(assignment) WHERE owner = \(tenant) AND sequence = \(sequence)"
        ])
    }

    func rewriteRow(of tenant: TenantID, as head: AuditHead, tag: [UInt8]) async throws {
        try await database.write(.platform) { try AuditStore(connection: $0).save(head, tag: tag) }
    }

    func leaves(of tenant: TenantID) async throws -> [AuditLeaf] {
        let log = AuditLog(scope: .tenant(tenant), year: 2026)
        return try await database.read { try AuditStore(connection: $0).leaves(of: log, from: 1, limit: 1000) }
    }

    func head(of tenant: TenantID) async throws -> StoredHead {
        try await database.read { connection in
            guard let head = try AuditStore(connection: connection).newestHead(of: .tenant(tenant)) else {
                throw AuditFailure.unknownPage
            }
            return head
        }
    }

    /// Recomputes every public hash over the rows as they are, and makes the log's row fit but for its tag.
    func forgeHashes(of tenant: TenantID) async throws {
        let log = AuditLog(scope: .tenant(tenant), year: 2026)
        var head = AuditHead(opening: log, after: nil, at: clock.now)
        for leaf in try await leaves(of: tenant) {
            let hash = AuditLeaf.hash(
                log: log, sequence: leaf.sequence, time: leaf.time, commitment: leaf.commitment)
            head.append(hash, at: leaf.time)
            try await edit(leaf.sequence, of: tenant, "leaf_hash = \(hash), chain = \(head.chain)")
        }
        try await rewriteRow(of: tenant, as: head, tag: await self.head(of: tenant).tag)
    }
}
