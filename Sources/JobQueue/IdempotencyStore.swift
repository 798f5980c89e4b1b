import HTTPKit
import Kit
import Storage

/// Remembers what repeated requests were answered, in the tenant's database: bodies sealed, keys and requests as
/// keyed hashes.
package final class IdempotencyStore: IdempotencyLedger {
    /// A claim whose worker died is free again after this.
    package static let runningMax = Duration.seconds(120)
    package static let keptFor = Duration.seconds(86_400)

    private let database: any Database
    private let sealer: any Sealer
    private let clock: WallClock

    package init(database: any Database, sealer: any Sealer, clock: WallClock) {
        self.database = database
        self.sealer = sealer
        self.clock = clock
    }

    package func claim(_ request: IdempotentRequest) async throws -> IdempotencyClaim {
        let names = try names(of: request)
        let now = clock.now()
        return try await database.write(.tenant(request.tenant)) { [self] transaction in
            try transaction.execute(
                """
                DELETE FROM idempotency_keys WHERE tenant = \(request.tenant) AND expires <= \(now)
                """)
            let inserted = try transaction.execute(
                """
                INSERT INTO idempotency_keys (tenant, subject, key_index, digest, expires)
                VALUES (\(request.tenant), \(request.subject), \(names.key), \(names.digest), \(now + Self.runningMax))
                ON CONFLICT (tenant, subject, key_index) DO NOTHING
                """)
            return inserted == 1 ? .fresh : try known(request, names, in: transaction)
        }
    }

    package func complete(_ request: IdempotentRequest, with reply: KeptReply) async throws {
        let names = try names(of: request)
        let sealed = try sealer.seal(reply.body, under: .tenant(request.tenant), context: context(request, names))
        let expires = clock.now() + Self.keptFor
        try await database.write(.tenant(request.tenant)) { transaction in
            _ = try transaction.execute(
                """
                UPDATE idempotency_keys SET status = \(reply.status), content_type = \(reply.contentType),
                    body = \(sealed), expires = \(expires)
                WHERE tenant = \(request.tenant) AND subject = \(request.subject) AND key_index = \(names.key)
                    AND digest = \(names.digest)
                """)
        }
    }

    package func abandon(_ request: IdempotentRequest) async throws {
        let names = try names(of: request)
        try await database.write(.tenant(request.tenant)) { transaction in
            _ = try transaction.execute(
                """
                DELETE FROM idempotency_keys
                WHERE tenant = \(request.tenant) AND subject = \(request.subject) AND key_index = \(names.key)
                    AND digest = \(names.digest) AND status IS NULL
                """)
        }
    }

    /// Everything kept for a subject: a step of its erasure.
    package func erase(_ subject: SubjectID, in transaction: any Transaction) throws {
        guard case .tenant(let tenant) = transaction.scope else { throw JobFailure.wrongScope }
        try transaction.execute("DELETE FROM idempotency_keys WHERE tenant = \(tenant) AND subject = \(subject)")
    }

    private struct Names {
        let key: [UInt8]
        let digest: [UInt8]
    }

    private func names(of request: IdempotentRequest) throws -> Names {
        var canonical = CanonicalBytes(domain: "cloister.idempotency.1")
        canonical.append(request.operation)
        canonical.append(request.body)
        return Names(
            key: try sealer.blindIndex(Array(request.key.utf8), tenant: request.tenant, purpose: "idempotency.key"),
            digest: try sealer.blindIndex(canonical.bytes, tenant: request.tenant, purpose: "idempotency.request"))
    }

    private func context(_ request: IdempotentRequest, _ names: Names) -> SealContext {
        SealContext(
            table: "idempotency_keys", column: "body", row: "\(request.subject)/\(Hex.encode(names.key))")
    }

    private func known(
        _ request: IdempotentRequest, _ names: Names, in transaction: any Transaction
    ) throws -> IdempotencyClaim {
        let row = try transaction.row(
            """
            SELECT digest, status, content_type, body FROM idempotency_keys
            WHERE tenant = \(request.tenant) AND subject = \(request.subject) AND key_index = \(names.key)
            """)
        guard let row else { return .running }
        let digest: [UInt8] = try row["digest"]
        guard digest == names.digest else { return .mismatch }
        guard let status: Int = try row["status"] else { return .running }
        let body: [UInt8] = try row["body"]
        return .done(
            KeptReply(
                status: status, contentType: try row["content_type"],
                body: try sealer.open(body, under: .tenant(request.tenant), context: context(request, names))))
    }
}
