/// Puts the portable words of a migration into an engine's own.
enum PortableSchema {
    /// `COLLATE "C"` makes text sort by its bytes, as in SQLite, whatever the cluster's locale: cursors depend on it.
    private static let postgresTypes = [
        "INTEGER": "BIGINT", "REAL": "DOUBLE PRECISION", "BLOB": "BYTEA", "TEXT": "TEXT COLLATE \"C\"",
    ]

    static func translate(_ statement: SQLStatement, for dialect: SQLDialect) -> SQLStatement {
        switch dialect {
        case .sqlite: statement.mapText(strict)
        case .postgres: statement.mapText(postgres)
        }
    }

    /// A STRICT table holds each column to its type, as PostgreSQL always does.
    private static func strict(_ text: String) -> String {
        let words = text.split(whereSeparator: \.isWhitespace).prefix(2).map { $0.uppercased() }
        return words == ["CREATE", "TABLE"] ? text + " STRICT" : text
    }

    /// Replaces whole upper-case words outside quotes.
    private static func postgres(_ text: String) -> String {
        var (result, word, quote) = ("", "", Character?.none)
        for character in text + "\n" {
            if quote == nil, character.isLetter || character.isNumber || character == "_" {
                word.append(character)
                continue
            }
            result += postgresTypes[word] ?? word
            word = ""
            if character == quote {
                quote = nil
            } else if quote == nil, character == "'" || character == "\"" {
                quote = character
            }
            result.append(character)
        }
        return String(result.dropLast())
    }
}
