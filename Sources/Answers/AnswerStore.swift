import Foundation
import Kit
import Storage

/// Rows of `answers` and `answer_sentences`. A question is sealed under the tenant's key; what a model wrote, under the
/// keys of all documents that it rests on, one inside the other: when one of them is destroyed, the sentence is gone.
struct AnswerStore: Sendable {
    let sealer: any Sealer

    func insert(_ answer: Answer, in tx: any Transaction, tenant: TenantID) throws {
        let question = try sealer.seal(
            answer.question, under: .tenant(tenant), context: questionContext(answer.id))
        let collections = try answer.collections.map { try Self.text($0.sorted()) }
        try tx.execute(
            """
            INSERT INTO answers (tenant, answer, subject, conversation, parent, question, collections,
                change_sequence, answerer, state, withheld, nearest, trace, elapsed_milliseconds, created)
            VALUES (\(tenant), \(answer.id), \(answer.subject), \(answer.conversation), \(answer.parent), \(question),
                \(collections), \(answer.sequence), \(answer.answerer), \(answer.state.rawValue), \(answer.withheld),
                \(try Self.text(answer.nearest)), \(try Self.text(answer.trace)), \(answer.elapsedMilliseconds),
                \(answer.created))
            """)
        for (ordinal, sentence) in answer.sentences.enumerated() {
            try append(sentence, at: ordinal, to: answer.id, tenant: tenant, in: tx)
        }
    }

    func append(
        _ sentence: Answer.Sentence, at ordinal: Int, to answer: AnswerID, tenant: TenantID, in tx: any Transaction
    ) throws {
        try tx.execute(
            """
            INSERT INTO answer_sentences (tenant, answer, ordinal, kind, quotes, body)
            VALUES (\(tenant), \(answer), \(ordinal), \(sentence.kind.rawValue), \(try Self.text(sentence.quotes)),
                \(sentence.sealedText))
            """)
    }

    /// The end of an answer that was being written.
    func finish(_ answer: Answer, in tx: any Transaction) throws {
        try tx.execute(
            """
            UPDATE answers SET state = \(answer.state.rawValue), withheld = \(answer.withheld),
                nearest = \(try Self.text(answer.nearest)), trace = \(try Self.text(answer.trace)),
                elapsed_milliseconds = \(answer.elapsedMilliseconds)
            WHERE answer = \(answer.id)
            """)
    }

    /// Nil when unknown; who may see it is asked of its conversation.
    func answer(_ id: AnswerID, tenant: TenantID, in connection: any SQLConnection) throws -> Answer? {
        let found = try connection.row("SELECT * FROM answers WHERE tenant = \(tenant) AND answer = \(id)")
        return try found.map { try answer($0, tenant, in: connection) }
    }

    /// Oldest first.
    func answers(
        of conversation: ConversationID, tenant: TenantID, in connection: any SQLConnection
    ) throws -> [Answer] {
        let rows = try connection.rows(
            """
            SELECT * FROM answers WHERE tenant = \(tenant) AND conversation = \(conversation)
            ORDER BY created, answer
            """)
        return try rows.map { try answer($0, tenant, in: connection) }
    }

    func count(of conversation: ConversationID, tenant: TenantID, in connection: any SQLConnection) throws -> Int {
        let row = try connection.row(
            "SELECT COUNT(*) AS turns FROM answers WHERE tenant = \(tenant) AND conversation = \(conversation)")
        return try row.map { try $0["turns"] } ?? 0
    }

    private func answer(_ row: SQLRow, _ tenant: TenantID, in connection: any SQLConnection) throws -> Answer {
        let id: AnswerID = try row["answer"]
        let collections: String? = try row["collections"]
        return Answer(
            id: id, subject: try row["subject"], conversation: try row["conversation"], parent: try row["parent"],
            question: try sealer.openText(row["question"], under: .tenant(tenant), context: questionContext(id)),
            collections: try collections.map { Set(try Self.value([CollectionID].self, $0)) },
            sequence: try row["change_sequence"], answerer: try row["answerer"],
            state: Answer.State(rawValue: try row["state"]) ?? .failed,
            sentences: try sentences(of: id, tenant, in: connection), withheld: try row["withheld"],
            nearest: try Self.value([Answer.Place].self, row["nearest"]),
            elapsedMilliseconds: try row["elapsed_milliseconds"], created: try row["created"],
            trace: try Self.value(AnswerTrace.self, row["trace"]))
    }

    private func sentences(
        of answer: AnswerID, _ tenant: TenantID, in connection: any SQLConnection
    ) throws -> [Answer.Sentence] {
        let rows = try connection.rows(
            """
            SELECT kind, quotes, body FROM answer_sentences WHERE tenant = \(tenant) AND answer = \(answer)
            ORDER BY ordinal
            """)
        return try rows.map { row in
            Answer.Sentence(
                kind: Answer.Sentence.Kind(rawValue: try row["kind"]) ?? .supported,
                quotes: try Self.value([Answer.Quote].self, row["quotes"]), sealedText: try row["body"])
        }
    }

    // MARK: What a model wrote

    /// - Parameter scopes: the keys of the documents that it rests on.
    func seal(_ text: String, of answer: AnswerID, ordinal: Int, under scopes: [KeyScope]) throws -> [UInt8] {
        try scopes.reduce(Array(text.utf8)) { inner, scope in
            try sealer.seal(inner, under: scope, context: bodyContext(answer, ordinal))
        }
    }

    /// Nil when one of the keys is gone.
    func open(_ sealed: [UInt8], of answer: AnswerID, ordinal: Int, under scopes: [KeyScope]) throws -> String? {
        do {
            let bytes = try scopes.reversed().reduce(sealed) { outer, scope in
                try sealer.open(outer, under: scope, context: bodyContext(answer, ordinal))
            }
            return String(decoding: bytes, as: UTF8.self)
        } catch SealFailure.noKey {
            return nil
        }
    }

    private func questionContext(_ id: AnswerID) -> SealContext {
        SealContext(table: "answers", column: "question", row: id.description)
    }

    private func bodyContext(_ answer: AnswerID, _ ordinal: Int) -> SealContext {
        SealContext(table: "answer_sentences", column: "body", row: "\(answer)/\(ordinal)")
    }

    private static func text(_ value: some Encodable) throws -> String {
        String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    }

    private static func value<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }
}
