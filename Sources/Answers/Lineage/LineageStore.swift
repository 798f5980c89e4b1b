import Foundation
import Kit
import Storage

/// Reads `answer_sentences` by what they cite.
struct LineageStore {
    static let rowsMax = 20_000

    let connection: any SQLConnection

    /// The newest first, the sentences of an answer behind each other; at most `rowsMax`.
    ///
    /// - Parameter document: only sentences that may cite it; nil for all.
    func rows(of tenant: TenantID, citing document: DocumentID?) throws -> [LineageRow] {
        let condition: SQLStatement = document.map { " AND s.quotes LIKE \("%\"\($0)\"%")" } ?? ""
        return try connection.rows(
            """
            SELECT a.answer, a.created, a.subject, a.answerer, s.quotes FROM answer_sentences s
            JOIN answers a ON a.answer = s.answer WHERE s.tenant = \(tenant) AND a.tenant = \(tenant)\(condition)
            ORDER BY a.created DESC, a.answer, s.ordinal LIMIT \(Self.rowsMax)
            """
        ).map { row in
            let quotes: String = try row["quotes"]
            return LineageRow(
                answer: try row["answer"], asked: try row["created"], subject: try row["subject"],
                answerer: try row["answerer"],
                quotes: try JSONDecoder().decode([Answer.Quote].self, from: Data(quotes.utf8)))
        }
    }
}
