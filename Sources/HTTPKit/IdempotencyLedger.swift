import HTTPTypes
import Kit

/// A request that its sender may repeat without repeating its effect (draft-ietf-httpapi-idempotency-key-header).
package struct IdempotentRequest: Hashable, Sendable {
    package let tenant: TenantID
    package let subject: SubjectID
    /// The client's `Idempotency-Key`: 1 to 255 visible ASCII characters.
    package let key: String
    /// `POST /api/v1/collections`, with the query. Equal key and other operation or body is a mismatch.
    package let operation: String
    package let body: [UInt8]

    package init(tenant: TenantID, subject: SubjectID, key: String, operation: String, body: [UInt8]) {
        self.tenant = tenant
        self.subject = subject
        self.key = key
        self.operation = operation
        self.body = body
    }
}

/// A reply as it is kept for repetition. It may hold content: the ledger seals it.
package struct KeptReply: Hashable, Sendable, Codable {
    package let status: Int
    package let contentType: String?
    package let body: [UInt8]

    package init(status: Int, contentType: String?, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }
}

package enum IdempotencyClaim: Hashable, Sendable {
    /// Never seen: do it, then `complete` or `abandon`.
    case fresh
    /// Another request with this key is being worked on; 409.
    case running
    /// Done before: this is what was answered.
    case done(KeptReply)
    /// The key was used for another operation or body; 422.
    case mismatch
}

/// Remembers what repeated requests were answered. Implemented by `JobQueue`, called by `RouteTable`.
///
/// Contract: `claim` is atomic over all nodes; of two equal requests one gets `fresh`. A claim that is neither
/// completed nor abandoned (the process died) expires and is `fresh` again. Kept replies expire after 24 hours.
/// (tenant, subject, key) identifies a claim; the ledger compares a hash of operation and body.
package protocol IdempotencyLedger: Sendable {
    func claim(_ request: IdempotentRequest) async throws -> IdempotencyClaim
    func complete(_ request: IdempotentRequest, with reply: KeptReply) async throws
    /// The work failed without an effect worth keeping; the key is free again.
    func abandon(_ request: IdempotentRequest) async throws
}
