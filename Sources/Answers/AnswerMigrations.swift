import Storage

/// The tables of answers and conversations. Places are structure; questions, titles, comments and what a model wrote
/// are content.
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
                ]),
            // Answers become turns of conversations, and sentences rows of their own. Answers from before have no
            // conversation to be in; they were shown once and can be asked for again.
            Migration(
                "answers.002-conversations",
                [
                    "DROP TABLE answers",
                    """
                    CREATE TABLE conversations (
                        tenant TEXT NOT NULL, conversation TEXT NOT NULL PRIMARY KEY, subject TEXT NOT NULL,
                        title BLOB NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL)
                    """,
                    "CREATE INDEX conversations_by_subject ON conversations (tenant, subject, updated)",
                    """
                    CREATE TABLE conversation_readers (
                        tenant TEXT NOT NULL, conversation TEXT NOT NULL, reader TEXT NOT NULL,
                        PRIMARY KEY (conversation, reader),
                        FOREIGN KEY (conversation) REFERENCES conversations (conversation) ON DELETE CASCADE)
                    """,
                    """
                    CREATE TABLE answers (
                        tenant TEXT NOT NULL, answer TEXT NOT NULL PRIMARY KEY, subject TEXT NOT NULL,
                        conversation TEXT NOT NULL, parent TEXT, question BLOB NOT NULL, collections TEXT,
                        change_sequence INTEGER NOT NULL, answerer TEXT NOT NULL, state TEXT NOT NULL,
                        withheld INTEGER NOT NULL, nearest TEXT NOT NULL, trace TEXT NOT NULL,
                        elapsed_milliseconds INTEGER NOT NULL, created INTEGER NOT NULL,
                        FOREIGN KEY (conversation) REFERENCES conversations (conversation) ON DELETE CASCADE)
                    """,
                    "CREATE INDEX answers_by_conversation ON answers (conversation, created)",
                    """
                    CREATE TABLE answer_sentences (
                        tenant TEXT NOT NULL, answer TEXT NOT NULL, ordinal INTEGER NOT NULL, kind TEXT NOT NULL,
                        quotes TEXT NOT NULL, body BLOB, PRIMARY KEY (answer, ordinal),
                        FOREIGN KEY (answer) REFERENCES answers (answer) ON DELETE CASCADE)
                    """,
                    """
                    CREATE TABLE answer_feedback (
                        tenant TEXT NOT NULL, answer TEXT NOT NULL, subject TEXT NOT NULL, verdict TEXT NOT NULL,
                        reason TEXT, comment BLOB, created INTEGER NOT NULL, PRIMARY KEY (answer, subject),
                        FOREIGN KEY (answer) REFERENCES answers (answer) ON DELETE CASCADE)
                    """,
                ]),
        ],
        sealedTables: [
            SealedTable("conversations", sealed: ["title"], erasedBy: "subject"),
            SealedTable("answers", sealed: ["question"], erasedBy: "subject"),
            SealedTable("answer_sentences", sealed: ["body"], erasedBy: "answer"),
            SealedTable("answer_feedback", sealed: ["comment"], erasedBy: "subject"),
        ],
        plainTables: ["conversation_readers"]
    )
}
