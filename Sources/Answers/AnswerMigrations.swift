import Storage

/// The answers' table. Quotes are places, so they are structure; the question is content.
package enum AnswerSchema {
    package static let schema = Schema(
        owner: "Answers",
        migrations: [
            Migration(
                "answers.001-answers",
                [
                    """
                    CREATE TABLE answers (
                        tenant TEXT NOT NULL, answer TEXT NOT NULL PRIMARY KEY, subject TEXT NOT NULL,
                        question BLOB NOT NULL, change_sequence INTEGER NOT NULL, quotes TEXT NOT NULL,
                        elapsed_milliseconds INTEGER NOT NULL, created INTEGER NOT NULL)
                    """,
                    "CREATE INDEX answers_by_subject ON answers (tenant, subject, created)",
                ])
        ],
        sealedTables: [SealedTable("answers", sealed: ["question"], erasedBy: "subject")],
        plainTables: []
    )
}
