import Kit
import Storage

/// Rows of `conversations`, `conversation_readers` and `answer_feedback`.
struct ConversationStore: Sendable {
    let sealer: any Sealer

    func insert(_ conversation: Conversation, tenant: TenantID, in tx: any Transaction) throws {
        let title = try seal(title: conversation.title, of: conversation.id, tenant)
        try tx.execute(
            """
            INSERT INTO conversations (tenant, conversation, subject, title, created, updated)
            VALUES (\(tenant), \(conversation.id), \(conversation.owner), \(title), \(conversation.created),
                \(conversation.updated))
            """)
    }

    func touch(_ id: ConversationID, at time: Timestamp, in tx: any Transaction) throws {
        try tx.execute("UPDATE conversations SET updated = \(time) WHERE conversation = \(id)")
    }

    func rename(_ id: ConversationID, _ title: String, tenant: TenantID, in tx: any Transaction) throws {
        try tx.execute(
            "UPDATE conversations SET title = \(try seal(title: title, of: id, tenant)) WHERE conversation = \(id)")
    }

    /// With all that hangs on it.
    func delete(_ id: ConversationID, in tx: any Transaction) throws {
        try tx.execute("DELETE FROM conversations WHERE conversation = \(id)")
    }

    func conversation(
        _ id: ConversationID, tenant: TenantID, in connection: any SQLConnection
    ) throws -> Conversation? {
        let found = try connection.row(
            "SELECT * FROM conversations WHERE tenant = \(tenant) AND conversation = \(id)")
        return try found.map { try conversation($0, tenant, in: connection) }
    }

    /// Their own and those shared with them, the latest first, at most `limit`.
    func conversations(
        of principal: Principal, limit: Int, in connection: any SQLConnection
    ) throws -> [Conversation] {
        let rows = try connection.rows(
            """
            SELECT * FROM conversations WHERE tenant = \(principal.tenant) AND (subject = \(principal.subject)
                OR conversation IN (SELECT conversation FROM conversation_readers
                    WHERE tenant = \(principal.tenant) AND reader = \(principal.subject)))
            ORDER BY updated DESC, conversation LIMIT \(limit)
            """)
        return try rows.map { try conversation($0, principal.tenant, in: connection) }
    }

    /// Whether this person owns it or it was shared with them.
    func isOpen(_ id: ConversationID, to principal: Principal, in connection: any SQLConnection) throws -> Bool {
        guard let found = try conversation(id, tenant: principal.tenant, in: connection) else { return false }
        return found.owner == principal.subject || found.readers.contains(principal.subject)
    }

    func setReaders(
        _ readers: [SubjectID], of id: ConversationID, tenant: TenantID, in tx: any Transaction
    ) throws {
        try tx.execute("DELETE FROM conversation_readers WHERE conversation = \(id)")
        for reader in Set(readers).sorted() {
            try tx.execute(
                """
                INSERT INTO conversation_readers (tenant, conversation, reader)
                VALUES (\(tenant), \(id), \(reader))
                """)
        }
    }

    private func conversation(
        _ row: SQLRow, _ tenant: TenantID, in connection: any SQLConnection
    ) throws -> Conversation {
        let id: ConversationID = try row["conversation"]
        let readers = try connection.rows(
            "SELECT reader FROM conversation_readers WHERE conversation = \(id) ORDER BY reader")
        return Conversation(
            id: id, owner: try row["subject"],
            title: try sealer.openText(row["title"], under: .tenant(tenant), context: titleContext(id)),
            created: try row["created"], updated: try row["updated"], readers: try readers.map { try $0["reader"] })
    }

    private func seal(title: String, of id: ConversationID, _ tenant: TenantID) throws -> [UInt8] {
        try sealer.seal(title, under: .tenant(tenant), context: titleContext(id))
    }

    private func titleContext(_ id: ConversationID) -> SealContext {
        SealContext(table: "conversations", column: "title", row: id.description)
    }

    // MARK: Feedback

    /// The last word of each person counts.
    func put(_ feedback: Feedback, tenant: TenantID, in tx: any Transaction) throws {
        let comment = try feedback.comment.map {
            try sealer.seal($0, under: .tenant(tenant), context: commentContext(feedback.answer, feedback.subject))
        }
        try tx.execute(
            """
            DELETE FROM answer_feedback WHERE answer = \(feedback.answer) AND subject = \(feedback.subject)
            """)
        try tx.execute(
            """
            INSERT INTO answer_feedback (tenant, answer, subject, verdict, reason, comment, created)
            VALUES (\(tenant), \(feedback.answer), \(feedback.subject), \(feedback.verdict.rawValue),
                \(feedback.reason?.rawValue), \(comment), \(feedback.created))
            """)
    }

    /// The newest first.
    func feedback(tenant: TenantID, limit: Int, in connection: any SQLConnection) throws -> [Feedback] {
        let rows = try connection.rows(
            """
            SELECT * FROM answer_feedback WHERE tenant = \(tenant) ORDER BY created DESC, answer LIMIT \(limit)
            """)
        return try rows.map { row in
            let (answer, subject): (AnswerID, SubjectID) = (try row["answer"], try row["subject"])
            let (sealed, reason): ([UInt8]?, String?) = (try row["comment"], try row["reason"])
            return Feedback(
                answer: answer, subject: subject, verdict: Feedback.Verdict(rawValue: try row["verdict"]) ?? .bad,
                reason: reason.flatMap(Feedback.Reason.init),
                comment: try sealed.map {
                    try sealer.openText($0, under: .tenant(tenant), context: commentContext(answer, subject))
                }, created: try row["created"])
        }
    }

    private func commentContext(_ answer: AnswerID, _ subject: SubjectID) -> SealContext {
        SealContext(table: "answer_feedback", column: "comment", row: "\(answer)/\(subject)")
    }
}
