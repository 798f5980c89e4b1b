import Kit

/// What happened on the way to an answer, in the order in which it happened: how long each step took and what it let
/// through. Counts and times only; it holds no content.
package struct AnswerTrace: Codable, Sendable, Equatable {
    package struct Step: Codable, Sendable, Equatable {
        package let name: Name
        package let microseconds: Int
        /// What came out of the step, where that can be counted.
        package let count: Int?
    }

    package enum Name: String, Codable, Sendable, CaseIterable {
        /// The question in the form in which it is looked for.
        case understand
        case embed
        /// Passages that the index found, each allowed; read and checked again.
        case retrieve
        /// Passages given to the answerer.
        case assemble
        /// Sentences proposed.
        case answer
        /// Sentences kept.
        case verify
        /// Answer and audit entry in one transaction.
        case commit
    }

    package private(set) var steps: [Step] = []
    /// Of the entry in the tenant's audit log.
    package var auditEntry: Int64?
    package var auditLog: String?

    mutating func add(_ name: Name, _ duration: Duration, count: Int? = nil) {
        steps.append(Step(name: name, microseconds: Int(duration.wholeMicroseconds), count: count))
    }
}
