import Kit
import Testing

@testable import Storage

/// ATT-1 and ATT-36: no statement text is ever built from input.
@Suite struct StatementTextTests {
    @Test func `hostile text becomes a parameter wherever it is interpolated`() {
        let hostile = ["'; DROP TABLE users; --", "1) OR (1=1", "?1", "$1", "\\'; COMMIT; --", "x' UNION SELECT 1 --"]
        for text in hostile {
            let condition: SQLStatement = "name = \(text)"
            let statement: SQLStatement = "SELECT 1 FROM users WHERE \(condition) AND name IN (\(list: [text, text]))"
            #expect(statement.text { _ in "?" } == "SELECT 1 FROM users WHERE name = ? AND name IN (?, ?)")
            #expect(statement.values == [.text(text), .text(text), .text(text)])
        }
    }

    @Test func `only the compiler makes statement text`() {
        // A `StaticString` cannot be made at run time, so this is the whole proof.
        #expect(SQLStatement.StringLiteralType.self == StaticString.self)
        #expect(SQLStatement.StringInterpolation.StringLiteralType.self == StaticString.self)
    }

    @Test func `a name held in a variable is plain or nothing`() {
        let hostile = [
            "", "1a", "a b", "a\"b", "a;b", "users--", "A", "ä", "a\0", "public.users",
            String(repeating: "a", count: 64),
        ]
        for name in hostile { #expect(SQLIdentifier(name) == nil, "\(name)") }
        for name in ["a", "_a1", "users", String(repeating: "a", count: 63)] {
            #expect(SQLIdentifier(name)?.name == name)
        }
        let table: SQLIdentifier = "users"
        #expect(("SELECT 1 FROM \(table)" as SQLStatement).fragments == ["SELECT 1 FROM \"users\""])
    }

    @Test func `an empty list matches nothing`() {
        let statement: SQLStatement = "SELECT 1 WHERE 1 IN (\(list: [Int]()))"
        #expect(statement.fragments == ["SELECT 1 WHERE 1 IN (NULL)"])
    }

    @Test func `portable types are translated word-wise and outside quotes`() {
        let statement: SQLStatement = """
            CREATE TABLE t (a INTEGER, b REAL NOT NULL,c BLOB) -- TEXTS
            'it''s TEXT' "BLOB" MY_INTEGER INTEGER
            """
        #expect(
            PortableSchema.translate(statement, for: .postgres).fragments == [
                """
                CREATE TABLE t (a BIGINT, b DOUBLE PRECISION NOT NULL,c BYTEA) -- TEXTS
                'it''s TEXT' "BLOB" MY_INTEGER BIGINT
                """
            ])
        #expect(PortableSchema.translate("CREATE TABLE t (a TEXT)", for: .sqlite).fragments[0].hasSuffix(" STRICT"))
        #expect(
            PortableSchema.translate("CREATE INDEX i ON t (a)", for: .sqlite).fragments == ["CREATE INDEX i ON t (a)"])
    }
}
