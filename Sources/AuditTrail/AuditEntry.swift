import Kit

/// What happened, as the capability that did it says it. Holds pseudonymous identifiers and small facts, never content.
package struct AuditEntry: Hashable, Sendable, Codable {
    package enum Outcome: String, Sendable, Codable, CaseIterable {
        case allowed, denied, failed
    }

    package static let textBytesMax = 256
    package static let factsMax = 16

    /// `documents.publish`: the resource's kind and what was done to it.
    package var action: String
    /// Nil for what the platform does by itself.
    package var subject: SubjectID?
    /// The identifier text of what was acted on.
    package var resource: String
    package var outcome: Outcome
    package var request: RequestID?
    package var classification: Classification?
    /// At most `factsMax`, each key and value at most `textBytesMax` bytes.
    package var facts: [String: String]

    package init(
        action: String, subject: SubjectID? = nil, resource: String, outcome: Outcome = .allowed,
        request: RequestID? = nil, classification: Classification? = nil, facts: [String: String] = [:]
    ) {
        self.action = action
        self.subject = subject
        self.resource = resource
        self.outcome = outcome
        self.request = request
        self.classification = classification
        self.facts = facts
    }

    /// Throws `AuditFailure.entryTooLarge`: an entry of any size could smuggle content into the log.
    func checkSize() throws(AuditFailure) {
        let texts = [action, resource] + facts.keys + facts.values
        guard facts.count <= Self.factsMax, texts.allSatisfy({ $0.utf8.count <= Self.textBytesMax }) else {
            throw .entryTooLarge(action: String(action.prefix(Self.textBytesMax)))
        }
    }
}

/// Where an entry stands in its log. The leaf hash commits to the entry without telling it.
package struct AuditReceipt: Hashable, Sendable {
    package let log: AuditLog
    package let sequence: Int64
    /// SHA-256, RFC 6962 leaf.
    package let leafHash: [UInt8]
}
