import Storage

extension JobQueue {
    /// Tables of jobs, of their change numbers, and of kept replies.
    package static let schema = Schema(
        owner: "jobs",
        migrations: [
            Migration(
                "jobs.001-jobs",
                [
                    """
                    CREATE TABLE jobs (
                        id TEXT PRIMARY KEY, tenant TEXT NOT NULL, subject TEXT NOT NULL, purpose TEXT NOT NULL,
                        kind TEXT NOT NULL, key_index BLOB NOT NULL, resource TEXT, title BLOB, payload BLOB,
                        state TEXT NOT NULL, attempt INTEGER NOT NULL, fence INTEGER NOT NULL, owner TEXT,
                        due INTEGER, done INTEGER NOT NULL, total INTEGER NOT NULL, step BLOB,
                        reason_code TEXT, reason BLOB, created INTEGER NOT NULL, updated INTEGER NOT NULL,
                        finished INTEGER, revision INTEGER NOT NULL,
                        UNIQUE (tenant, kind, key_index))
                    """,
                    "CREATE INDEX jobs_due ON jobs (tenant, due)",
                    "CREATE INDEX jobs_finished ON jobs (tenant, finished)",
                    "CREATE INDEX jobs_created ON jobs (tenant, created, id)",
                    "CREATE INDEX jobs_revision ON jobs (tenant, revision)",
                    "CREATE INDEX jobs_resource ON jobs (tenant, resource)",
                    "CREATE TABLE job_revisions (tenant TEXT PRIMARY KEY, revision INTEGER NOT NULL)",
                ]),
            Migration(
                "jobs.002-idempotency",
                [
                    """
                    CREATE TABLE idempotency_keys (
                        tenant TEXT NOT NULL, subject TEXT NOT NULL, key_index BLOB NOT NULL, digest BLOB NOT NULL,
                        status INTEGER, content_type TEXT, body BLOB, expires INTEGER NOT NULL,
                        PRIMARY KEY (tenant, subject, key_index))
                    """,
                    "CREATE INDEX idempotency_keys_expires ON idempotency_keys (tenant, expires)",
                ]),
        ],
        sealedTables: [
            SealedTable("jobs", sealed: ["title", "payload", "step", "reason"], erasedBy: "resource"),
            SealedTable("idempotency_keys", sealed: ["body"], erasedBy: "subject"),
        ],
        plainTables: ["job_revisions"]
    )
}
