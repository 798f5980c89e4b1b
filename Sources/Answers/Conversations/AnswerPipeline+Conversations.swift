import AuditTrail
import Kit
import Storage

extension AnswerPipeline {
    static let conversationsMax = 500
    static let turnsMax = 200
    /// Turns that a follow-up is told of.
    private static let turnsRemembered = 4
    private static let titleCharactersMax = 80

    // MARK: Turns

    /// The turns that the question follows, oldest first, each with what the asker may still see of it.
    func history(of asking: Asking, for principal: Principal) async throws -> [Turn] {
        guard let parent = asking.parent else { return [] }
        guard let conversation = asking.conversation else { throw AnswerFailure.notFound }
        let answers = try await turns(of: conversation, for: principal)
        let byID = Dictionary(answers.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        guard byID[parent] != nil else { throw AnswerFailure.notFound }
        var chain: [Answer] = []
        var next: AnswerID? = parent
        while let id = next, let answer = byID[id], chain.count < Self.turnsRemembered {
            chain.insert(answer, at: 0)
            next = answer.parent
        }
        var turns: [Turn] = []
        for answer in chain {
            let shown = try await shown(answer, for: principal)
            turns.append(Turn(question: answer.question, sentences: shown.map(\.1.text)))
        }
        return turns
    }

    /// What this reader may see of an answer, with the place of each sentence in it.
    package func shown(_ answer: Answer, for principal: Principal) async throws -> [(Int, ShownSentence)] {
        var found: [(Int, ShownSentence)] = []
        for (index, sentence) in answer.sentences.enumerated() {
            guard let shown = try await shown(sentence, at: index, of: answer, for: principal) else { continue }
            found.append((index, shown))
        }
        return found
    }

    /// The conversation that a new answer belongs to: made with its first question, or one of this person's.
    func placeTurn(_ answer: Answer, by principal: Principal, in tx: any Transaction) throws {
        guard let found = try conversations.conversation(answer.conversation, tenant: principal.tenant, in: tx) else {
            guard answer.parent == nil else { throw AnswerFailure.notFound }
            let title = String(answer.question.prefix(Self.titleCharactersMax))
            let conversation = Conversation(
                id: answer.conversation, owner: principal.subject, title: title, created: answer.created,
                updated: answer.created, readers: [])
            return try conversations.insert(conversation, tenant: principal.tenant, in: tx)
        }
        guard found.owner == principal.subject else { throw AnswerFailure.notFound }
        guard try store.count(of: found.id, tenant: principal.tenant, in: tx) < Self.turnsMax else {
            throw AnswerFailure.conversationFull(turnsMax: Self.turnsMax)
        }
        try conversations.touch(found.id, at: answer.created, in: tx)
    }

    // MARK: Conversations

    /// Of this person, or shared with them; those whose title or one of whose questions has `text`.
    package func conversations(matching text: String?, for principal: Principal) async throws -> [Conversation] {
        let wanted = text?.lowercased() ?? ""
        return try await database.read { [self] connection in
            let all = try conversations.conversations(of: principal, limit: Self.conversationsMax, in: connection)
            guard !wanted.isEmpty else { return all }
            return try all.filter { conversation in
                if conversation.title.lowercased().contains(wanted) { return true }
                return try store.answers(of: conversation.id, tenant: principal.tenant, in: connection).contains {
                    $0.question.lowercased().contains(wanted)
                }
            }
        }
    }

    package func conversation(_ id: ConversationID, for principal: Principal) async throws -> Conversation {
        let found = try await database.read { [conversations] connection -> Conversation? in
            guard try conversations.isOpen(id, to: principal, in: connection) else { return nil }
            return try conversations.conversation(id, tenant: principal.tenant, in: connection)
        }
        guard let found else { throw AnswerFailure.notFound }
        return found
    }

    /// All turns, oldest first.
    package func turns(of id: ConversationID, for principal: Principal) async throws -> [Answer] {
        _ = try await conversation(id, for: principal)
        return try await database.read { [store] in
            try store.answers(of: id, tenant: principal.tenant, in: $0)
        }
    }

    package func rename(_ id: ConversationID, to title: String, by principal: Principal) async throws {
        guard (1...Self.titleCharactersMax * 2).contains(title.count) else { throw AnswerFailure.badTitle }
        try await change(id, "conversations.rename", by: principal, request: nil) { [conversations] in
            try conversations.rename(id, title, tenant: principal.tenant, in: $0)
        }
    }

    package func delete(_ id: ConversationID, by principal: Principal, request: RequestID?) async throws {
        try await change(id, "conversations.delete", by: principal, request: request) { [conversations] in
            try conversations.delete(id, in: $0)
        }
    }

    /// Who may read it from now on. They see the questions, and of the answers what their own rights show.
    package func share(
        _ id: ConversationID, with readers: [SubjectID], by principal: Principal, request: RequestID?
    ) async throws {
        guard readers.count <= Self.readersMax else { throw AnswerFailure.tooManyReaders(readersMax: Self.readersMax) }
        try await change(id, "conversations.share", by: principal, request: request) { [conversations] in
            try conversations.setReaders(readers, of: id, tenant: principal.tenant, in: $0)
        }
    }

    static let readersMax = 100

    /// Only its owner's.
    private func change(
        _ id: ConversationID, _ action: String, by principal: Principal, request: RequestID?,
        _ body: @escaping @Sendable (any Transaction) throws -> Void
    ) async throws {
        try await database.write(.tenant(principal.tenant)) { [conversations, audit] tx in
            let found = try conversations.conversation(id, tenant: principal.tenant, in: tx)
            guard found?.owner == principal.subject else { throw AnswerFailure.notFound }
            try body(tx)
            try audit.append(
                AuditEntry(
                    action: action, subject: principal.subject, resource: id.description, outcome: .allowed,
                    request: request, classification: nil, facts: [:]), in: tx)
        }
    }

    // MARK: Stop and feedback

    /// Ends the writing of an answer of this person. What is written stays.
    package func stop(_ id: AnswerID, by principal: Principal) async throws {
        guard try await answer(id, for: principal).subject == principal.subject else { throw AnswerFailure.notFound }
        runs.stop(id)
    }

    package func rate(
        _ id: AnswerID, _ verdict: Feedback.Verdict, reason: Feedback.Reason?, comment: String?,
        by principal: Principal, request: RequestID?
    ) async throws {
        guard (comment?.count ?? 0) <= Self.commentCharactersMax else {
            throw AnswerFailure.commentTooLong(charactersMax: Self.commentCharactersMax)
        }
        _ = try await answer(id, for: principal)
        let feedback = Feedback(
            answer: id, subject: principal.subject, verdict: verdict, reason: reason, comment: comment,
            created: clock.now())
        let entry = AuditEntry(
            action: "answers.rate", subject: principal.subject, resource: id.description, outcome: .allowed,
            request: request, classification: nil, facts: ["verdict": verdict.rawValue])
        try await database.write(.tenant(principal.tenant)) { [conversations, audit] tx in
            try conversations.put(feedback, tenant: principal.tenant, in: tx)
            try audit.append(entry, in: tx)
        }
    }

    static let commentCharactersMax = 2_000
    static let feedbackMax = 1_000

    /// What was said of all answers of the tenant, with the questions: for those who evaluate.
    package func feedback(
        for principal: Principal, request: RequestID?
    ) async throws -> [(feedback: Feedback, question: String)] {
        // Other people's questions: who read them is on record first.
        let entry = AuditEntry(
            action: "answers.review", subject: principal.subject, resource: "\(principal.tenant)", outcome: .allowed,
            request: request, classification: nil)
        try await audit.record(entry, for: .tenant(principal.tenant))
        return try await database.read { [self] connection in
            let all = try conversations.feedback(tenant: principal.tenant, limit: Self.feedbackMax, in: connection)
            return try all.compactMap { feedback in
                let answer = try store.answer(feedback.answer, tenant: principal.tenant, in: connection)
                return answer.map { (feedback, $0.question) }
            }
        }
    }
}
