import Kit

/// Questions and answers that follow each other: a tree, as an edited question begins a branch.
package struct Conversation: Sendable {
    package let id: ConversationID
    package let owner: SubjectID
    package let title: String
    package let created: Timestamp
    package let updated: Timestamp
    /// Who else may read it. Each of them sees what their own rights show.
    package let readers: [SubjectID]
}

/// What a person says of an answer.
package struct Feedback: Sendable {
    package enum Verdict: String, Codable, Sendable, CaseIterable { case good, bad }

    package enum Reason: String, Codable, Sendable, CaseIterable {
        case wrong
        case incomplete
        case outdated
        case wrongSource = "wrong_source"
        case shouldHaveDeclined = "should_have_declined"
        case shouldHaveAnswered = "should_have_answered"
        case other
    }

    package let answer: AnswerID
    package let subject: SubjectID
    package let verdict: Verdict
    package let reason: Reason?
    package let comment: String?
    package let created: Timestamp
}
