import Foundation
import Kit
import Storage

/// Rows of `answers`. A question is sealed under the tenant's key and read back only by who asked it.
struct AnswerStore: Sendable {
    let sealer: any Sealer

    func insert(_ answer: Answer, for principal: Principal, in tx: any Transaction) throws {
        let question = try sealer.seal(
            answer.question, under: .tenant(principal.tenant), context: questionContext(answer.id))
        let quotes = String(decoding: try JSONEncoder().encode(answer.quotes), as: UTF8.self)
        try tx.execute(
            """
            INSERT INTO answers (tenant, answer, subject, question, change_sequence, quotes,
                elapsed_milliseconds, created)
            VALUES (\(principal.tenant), \(answer.id), \(answer.subject), \(question), \(answer.sequence), \(quotes),
                \(answer.elapsedMilliseconds), \(answer.created))
            """)
    }

    /// Nil when unknown or asked by somebody else.
    func answer(_ id: AnswerID, for principal: Principal, in connection: any SQLConnection) throws -> Answer? {
        let found = try connection.row(
            """
            SELECT * FROM answers
            WHERE tenant = \(principal.tenant) AND answer = \(id) AND subject = \(principal.subject)
            """)
        guard let row = found else { return nil }
        let quotes: String = try row["quotes"]
        return Answer(
            id: id, subject: principal.subject,
            question: try sealer.openText(
                row["question"], under: .tenant(principal.tenant), context: questionContext(id)),
            sequence: try row["change_sequence"],
            quotes: try JSONDecoder().decode([Answer.Quote].self, from: Data(quotes.utf8)),
            elapsedMilliseconds: try row["elapsed_milliseconds"], created: try row["created"])
    }

    private func questionContext(_ id: AnswerID) -> SealContext {
        SealContext(table: "answers", column: "question", row: id.description)
    }
}
