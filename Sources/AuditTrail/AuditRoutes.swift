import HTTPKit
import HTTPTypes
import Kit

/// The log over HTTP, for who holds `audit.read` in the tenant.
package struct AuditRoutes: Sendable {
    private let trail: AuditTrail

    package init(trail: AuditTrail) { self.trail = trail }

    package var table: [Route] {
        [
            Route(
                .get, "/api/v1/audit", .requires(.auditRead),
                "The tenant's audit records, newest first; those of ?action=, ?subject=, ?since=, ?before=",
                gives: Self.pageShape, handler: records),
            Route(
                .get, "/api/v1/audit/verification", .requires(.auditRead),
                "Recomputes the tenant's logs and names the first bad record", gives: Self.verificationShape,
                handler: verification),
            Route(
                .get, "/api/v1/audit/key", .authenticated,
                "The public key that signs this tenant's proofs and tree heads, and its SHA-256 to compare.",
                gives: Self.keyShape, handler: key),
        ]
    }

    @Sendable private func records(_ exchange: Exchange) async throws -> Reply {
        let page = try await trail.entries(
            for: exchange.principal(), page: exchange.page(), matching: filter(exchange.query))
        return try Reply.page(page.map(RecordBody.init))
    }

    private func filter(_ query: [String: String]) throws -> AuditFilter {
        let action = query["action"].flatMap { $0.isEmpty ? nil : $0 }
        let subject = try query["subject"].map { text in
            guard let subject = SubjectID(text) else { throw Problem.invalid("subject", "The identifier of a user.") }
            return subject
        }
        return AuditFilter(
            action: action, subject: subject, since: try time("since", query), before: try time("before", query))
    }

    private func time(_ name: String, _ query: [String: String]) throws -> Timestamp? {
        guard let text = query[name] else { return nil }
        guard let time = Timestamp(text) else {
            throw Problem.invalid(name, "A date such as 2026-11-21, or a time such as 2026-11-21T08:00:00Z.")
        }
        return time
    }

    @Sendable private func verification(_ exchange: Exchange) async throws -> Reply {
        try Reply.json(VerificationBody(await trail.verification(for: exchange.principal())))
    }
}

// MARK: Shapes

extension AuditRoutes {
    /// Public by its nature; for all who sign in, so that a reader can compare a proof with it.
    @Sendable private func key(_ exchange: Exchange) async throws -> Reply {
        let key = try trail.signingKey(of: exchange.principal().tenant)
        return try Reply.json(
            ["algorithm": "Ed25519", "key": Hex.encode(key), "sha256": Hex.encode(MerkleFrontier.hash(key))])
    }

    private static let keyShape = SchemaNode.object([
        .init(name: "algorithm", node: text, required: true),
        .init(name: "key", node: text, required: true),
        .init(name: "sha256", node: text, required: true),
    ])
}

extension AuditRoutes {
    private static let time = SchemaNode.string(format: "date-time")
    private static let text = SchemaNode.string(format: nil)

    private static let recordShape = SchemaNode.object([
        .init(name: "log", node: text, required: true),
        .init(name: "sequence", node: .integer, required: true),
        .init(name: "time", node: time, required: true),
        .init(name: "action", node: text, required: true),
        .init(name: "resource", node: text, required: true),
        .init(name: "outcome", node: .oneOf(AuditEntry.Outcome.allCases.map(\.rawValue)), required: true),
        .init(name: "subject", node: text, required: false),
        .init(name: "request", node: text, required: false),
        .init(name: "classification", node: .oneOf(Classification.allCases.map(\.rawValue)), required: false),
        .init(name: "facts", node: .map(text), required: true),
        .init(name: "leafHash", node: text, required: true),
    ])

    private static let pageShape = SchemaNode.object([
        .init(name: "items", node: .array(recordShape), required: true),
        .init(name: "next", node: text, required: false),
    ])

    private static let faultShape = SchemaNode.object([
        .init(name: "log", node: text, required: true),
        .init(name: "sequence", node: .integer, required: true),
        .init(name: "kind", node: .oneOf(AuditFault.Kind.allCases.map(\.rawValue)), required: true),
        .init(name: "message", node: text, required: true),
    ])

    private static let logShape = SchemaNode.object([
        .init(name: "log", node: text, required: true),
        .init(name: "size", node: .integer, required: true),
        .init(name: "root", node: text, required: true),
        .init(name: "chain", node: text, required: true),
        .init(name: "opened", node: .integer, required: true),
        .init(name: "sealedAway", node: .integer, required: true),
        .init(name: "fault", node: faultShape, required: false),
    ])

    private static let verificationShape = SchemaNode.object([
        .init(name: "sound", node: .boolean, required: true),
        .init(name: "logs", node: .array(logShape), required: true),
        .init(name: "fault", node: faultShape, required: false),
    ])
}

// MARK: Bodies

private struct RecordBody: Encodable {
    let log: String
    let sequence: Int64
    let time: String
    let action: String
    let resource: String
    let outcome: AuditEntry.Outcome
    let subject: SubjectID?
    let request: RequestID?
    let classification: Classification?
    let facts: [String: String]
    let leafHash: String

    init(_ reading: AuditReading) {
        let (record, entry) = (reading.record, reading.record.entry)
        log = record.log.description
        sequence = record.sequence
        time = record.time.text
        action = entry.action
        resource = entry.resource
        outcome = entry.outcome
        subject = entry.subject
        request = entry.request
        classification = entry.classification
        facts = entry.facts
        leafHash = Hex.encode(reading.leafHash)
    }
}

private struct FaultBody: Encodable {
    let log: String
    let sequence: Int64
    let kind: AuditFault.Kind
    let message: String

    init(_ fault: AuditFault) {
        log = fault.log
        sequence = fault.sequence
        kind = fault.kind
        message = fault.description
    }
}

private struct LogBody: Encodable {
    let log: String
    let size: Int64
    let root: String
    let chain: String
    let opened: Int64
    let sealedAway: Int64
    let fault: FaultBody?

    init(_ log: LogVerification) {
        self.log = log.checkpoint.log
        size = log.checkpoint.size
        root = Hex.encode(log.checkpoint.root)
        chain = Hex.encode(log.checkpoint.chain)
        opened = log.opened
        sealedAway = log.sealedAway
        fault = log.fault.map(FaultBody.init)
    }
}

private struct VerificationBody: Encodable {
    let sound: Bool
    let logs: [LogBody]
    let fault: FaultBody?

    init(_ verification: AuditVerification) {
        sound = verification.isSound
        logs = verification.logs.map(LogBody.init)
        fault = verification.fault.map(FaultBody.init)
    }
}

// MARK: Failures

extension AuditFailure: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .forbidden: Problem(.forbidden, "audit.forbidden", "Reading the audit log needs audit.read.")
        case .unknownEntry: .notFound("audit.not_found")
        case .unknownPage: Problem.invalid("cursor", "Send the `next` of the page before, unchanged.")
        case .logTampered, .malformedRecord:
            Problem(
                .serviceUnavailable, "audit.log_changed", "The audit log was changed from outside; acts are refused.",
                detail: "An operator must look: GET /api/v1/audit/verification names the record.")
        case .entryTooLarge, .openIntents:
            Problem(.internalServerError, "audit.unwritable", "The audit log could not be written; nothing was done.")
        }
    }
}
