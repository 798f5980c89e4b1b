import Storage

/// The tables of Access. Hashes and blind indexes are hexadecimal TEXT; every BLOB is sealed under the tenant's key.
package enum AccessMigrations {
    package static let schema = Schema(
        owner: "access",
        migrations: [tenantsAndUsers, groups, credentials, managedGroups],
        sealedTables: [
            SealedTable("tenants", sealed: ["name"], erasedBy: "tenant"),
            SealedTable("users", sealed: ["name", "display_name", "password"], erasedBy: "subject"),
            SealedTable("user_groups", sealed: ["name"], erasedBy: "tenant"),
            SealedTable("api_keys", sealed: ["name"], erasedBy: "subject"),
        ],
        plainTables: ["group_members", "sessions", "sign_in_links", "login_attempts"]
    )

    private static let tenantsAndUsers = Migration(
        "access.001-tenants-and-users",
        [
            """
            CREATE TABLE tenants (
                tenant TEXT NOT NULL PRIMARY KEY,
                name BLOB NOT NULL,
                name_index TEXT NOT NULL UNIQUE,
                operator TEXT NOT NULL,
                created INTEGER NOT NULL
            )
            """,
            """
            CREATE TABLE users (
                tenant TEXT NOT NULL REFERENCES tenants (tenant),
                subject TEXT NOT NULL,
                name BLOB NOT NULL,
                name_index TEXT NOT NULL,
                display_name BLOB,
                password BLOB,
                roles TEXT NOT NULL,
                clearance TEXT NOT NULL,
                suspended INTEGER NOT NULL,
                created INTEGER NOT NULL,
                PRIMARY KEY (tenant, subject),
                UNIQUE (tenant, name_index)
            )
            """,
        ])

    private static let groups = Migration(
        "access.002-groups",
        [
            """
            CREATE TABLE user_groups (
                tenant TEXT NOT NULL REFERENCES tenants (tenant),
                group_id TEXT NOT NULL,
                name BLOB NOT NULL,
                name_index TEXT NOT NULL,
                created INTEGER NOT NULL,
                PRIMARY KEY (tenant, group_id),
                UNIQUE (tenant, name_index)
            )
            """,
            """
            CREATE TABLE group_members (
                tenant TEXT NOT NULL,
                group_id TEXT NOT NULL,
                member TEXT NOT NULL,
                PRIMARY KEY (tenant, group_id, member),
                FOREIGN KEY (tenant, group_id) REFERENCES user_groups (tenant, group_id)
            )
            """,
            "CREATE INDEX group_members_by_member ON group_members (tenant, member)",
        ])

    /// Groups that a source fills. `owner` names it; `owner_key` is a blind index of what it calls the group.
    private static let managedGroups = Migration(
        "access.004-managed-groups",
        [
            "ALTER TABLE user_groups ADD COLUMN owner TEXT",
            "ALTER TABLE user_groups ADD COLUMN owner_key TEXT",
            "CREATE INDEX user_groups_by_owner ON user_groups (tenant, owner, owner_key)",
        ])

    private static let credentials = Migration(
        "access.003-credentials",
        [
            """
            CREATE TABLE api_keys (
                tenant TEXT NOT NULL,
                key_id TEXT NOT NULL,
                hash TEXT NOT NULL UNIQUE,
                name BLOB NOT NULL,
                subject TEXT NOT NULL,
                minted_by TEXT,
                scopes TEXT NOT NULL,
                created INTEGER NOT NULL,
                expires INTEGER NOT NULL,
                revoked INTEGER,
                PRIMARY KEY (tenant, key_id),
                FOREIGN KEY (tenant, subject) REFERENCES users (tenant, subject)
            )
            """,
            "CREATE INDEX api_keys_by_subject ON api_keys (tenant, subject)",
            """
            CREATE TABLE sessions (
                tenant TEXT NOT NULL,
                session_id TEXT NOT NULL,
                hash TEXT NOT NULL UNIQUE,
                subject TEXT NOT NULL,
                created INTEGER NOT NULL,
                last_used INTEGER NOT NULL,
                expires INTEGER NOT NULL,
                PRIMARY KEY (tenant, session_id),
                FOREIGN KEY (tenant, subject) REFERENCES users (tenant, subject)
            )
            """,
            "CREATE INDEX sessions_by_subject ON sessions (tenant, subject)",
            """
            CREATE TABLE sign_in_links (
                hash TEXT NOT NULL PRIMARY KEY,
                tenant TEXT NOT NULL,
                subject TEXT NOT NULL,
                expires INTEGER NOT NULL,
                FOREIGN KEY (tenant, subject) REFERENCES users (tenant, subject)
            )
            """,
            "CREATE INDEX sign_in_links_by_subject ON sign_in_links (tenant, subject)",
            """
            CREATE TABLE login_attempts (
                bucket TEXT NOT NULL PRIMARY KEY,
                attempts INTEGER NOT NULL,
                window_start INTEGER NOT NULL,
                next_allowed INTEGER NOT NULL
            )
            """,
        ])
}
