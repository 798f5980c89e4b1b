import Kit
import Storage

/// One API key as its owner sees it; the secret was shown once.
package struct APIKey: Hashable, Sendable {
    package let id: APIKeyID
    package let subject: SubjectID
    package let name: String
    package let scopes: Set<Permission>
    package let created: Timestamp
    package let expires: Timestamp
    package let revoked: Timestamp?
}

/// Whom a presented secret belongs to. Found by its hash alone: this is how a request gets its tenant.
struct CredentialLookup {
    let connection: any SQLConnection

    struct Key {
        let tenant: TenantID
        let key: APIKeyID
        let subject: SubjectID
        let scopes: Set<Permission>
        let expires: Timestamp
    }

    struct Session {
        let tenant: TenantID
        let session: SessionID
        let subject: SubjectID
        let lastUsed: Timestamp
        let expires: Timestamp
    }

    struct Link {
        let tenant: TenantID
        let subject: SubjectID
    }

    /// Nil when unknown, revoked or expired.
    func key(hash: String, at now: Timestamp) throws -> Key? {
        let query: SQLStatement = """
            SELECT tenant, key_id, subject, scopes, expires FROM api_keys
            WHERE hash = \(hash) AND revoked IS NULL AND expires > \(now)
            """
        return try connection.row(query).map { row in
            let scopes: ScopeSet = try row["scopes"]
            return Key(
                tenant: try row["tenant"], key: try row["key_id"], subject: try row["subject"],
                scopes: scopes.permissions, expires: try row["expires"])
        }
    }

    /// Nil when unknown, over its absolute limit, or idle for `idle`.
    func session(hash: String, at now: Timestamp, idle: Duration) throws -> Session? {
        let query: SQLStatement = """
            SELECT tenant, session_id, subject, last_used, expires FROM sessions
            WHERE hash = \(hash) AND expires > \(now) AND last_used > \(now - idle)
            """
        return try connection.row(query).map { row in
            Session(
                tenant: try row["tenant"], session: try row["session_id"], subject: try row["subject"],
                lastUsed: try row["last_used"], expires: try row["expires"])
        }
    }

    /// Nil when unknown, used or expired.
    func link(hash: String, at now: Timestamp) throws -> Link? {
        let query: SQLStatement = """
            SELECT tenant, subject FROM sign_in_links WHERE hash = \(hash) AND expires > \(now)
            """
        return try connection.row(query).map { Link(tenant: try $0["tenant"], subject: try $0["subject"]) }
    }
}

/// Keys, sessions and sign-in links of one tenant.
struct CredentialStore {
    let connection: any SQLConnection
    let sealer: any Sealer
    let tenant: TenantID

    struct NewKey {
        let id: APIKeyID
        let hash: String
        let name: String
        let subject: SubjectID
        /// The key that minted this one: revoking it revokes this one too.
        let mintedBy: APIKeyID?
        let scopes: Set<Permission>
        let created: Timestamp
        let expires: Timestamp
    }

    func insert(_ key: NewKey) throws {
        let name = try sealer.seal(key.name, under: .tenant(tenant), context: Self.context(key.id))
        try connection.execute(
            """
            INSERT INTO api_keys (tenant, key_id, hash, name, subject, minted_by, scopes, created, expires)
            VALUES (
                \(tenant), \(key.id), \(key.hash), \(name), \(key.subject), \(key.mintedBy), \(ScopeSet(key.scopes)),
                \(key.created), \(key.expires)
            )
            """)
    }

    func key(_ id: APIKeyID) throws -> APIKey? {
        try connection.row("SELECT * FROM api_keys WHERE tenant = \(tenant) AND key_id = \(id)").map(key)
    }

    /// Of one subject, or of all when nil, in order of their identifiers after `last`.
    func keys(of subject: SubjectID?, after last: String, limit: Int) throws -> [APIKey] {
        let owner: SQLStatement = subject.map { "AND subject = \($0)" } ?? ""
        let query: SQLStatement = """
            SELECT * FROM api_keys WHERE tenant = \(tenant) \(owner) AND key_id > \(last)
            ORDER BY key_id LIMIT \(limit)
            """
        return try connection.rows(query).map(key)
    }

    /// Keys that could still be used.
    func liveKeyCount(of subject: SubjectID, at now: Timestamp) throws -> Int {
        let query: SQLStatement = """
            SELECT COUNT(*) AS total FROM api_keys
            WHERE tenant = \(tenant) AND subject = \(subject) AND revoked IS NULL AND expires > \(now)
            """
        return try connection.row(query).map { try $0["total"] } ?? 0
    }

    /// Revokes the key and every key minted with it, and with those.
    func revokeKey(_ id: APIKeyID, at now: Timestamp) throws {
        try connection.execute(
            """
            WITH RECURSIVE minted (key_id) AS (
                SELECT key_id FROM api_keys WHERE tenant = \(tenant) AND key_id = \(id)
                UNION
                SELECT k.key_id FROM api_keys k JOIN minted m ON k.minted_by = m.key_id WHERE k.tenant = \(tenant)
            )
            UPDATE api_keys SET revoked = \(now)
            WHERE tenant = \(tenant) AND revoked IS NULL AND key_id IN (SELECT key_id FROM minted)
            """)
    }

    /// Every key, session and link of the subject stops working (ATT-19).
    func revokeAll(of subject: SubjectID, at now: Timestamp) throws {
        try connection.execute(
            """
            UPDATE api_keys SET revoked = \(now)
            WHERE tenant = \(tenant) AND subject = \(subject) AND revoked IS NULL
            """)
        try deleteSessions(of: subject, but: nil)
    }

    /// After `revokeAll`, before the user's row goes.
    func deleteKeys(of subject: SubjectID) throws {
        try connection.execute("DELETE FROM api_keys WHERE tenant = \(tenant) AND subject = \(subject)")
    }

    struct NewSession {
        let id: SessionID
        let hash: String
        let subject: SubjectID
        let created: Timestamp
        let expires: Timestamp
    }

    func insert(_ session: NewSession) throws {
        try connection.execute(
            """
            INSERT INTO sessions (tenant, session_id, hash, subject, created, last_used, expires)
            VALUES (
                \(tenant), \(session.id), \(session.hash), \(session.subject), \(session.created),
                \(session.created), \(session.expires)
            )
            """)
    }

    /// When the session ends at the latest; nil when it has ended.
    func sessionEnd(_ id: SessionID, at now: Timestamp) throws -> Timestamp? {
        let query: SQLStatement = """
            SELECT expires FROM sessions WHERE tenant = \(tenant) AND session_id = \(id) AND expires > \(now)
            """
        return try connection.row(query).map { try $0["expires"] }
    }

    func touchSession(_ id: SessionID, at now: Timestamp) throws {
        try connection.execute(
            "UPDATE sessions SET last_used = \(now) WHERE tenant = \(tenant) AND session_id = \(id)")
    }

    /// All sessions of the subject but `kept`, and its sign-in links: after a change of password.
    func deleteSessions(of subject: SubjectID, but kept: SessionID?) throws {
        let others: SQLStatement = kept.map { "AND session_id <> \($0)" } ?? ""
        try connection.execute(
            "DELETE FROM sessions WHERE tenant = \(tenant) AND subject = \(subject) \(others)")
        try connection.execute("DELETE FROM sign_in_links WHERE tenant = \(tenant) AND subject = \(subject)")
    }

    func deleteSession(_ id: SessionID) throws {
        try connection.execute("DELETE FROM sessions WHERE tenant = \(tenant) AND session_id = \(id)")
    }

    /// Drops what has expired, and the subject's oldest sessions but for the newest `keeping`.
    func sweepSessions(of subject: SubjectID, keeping: Int, at now: Timestamp) throws {
        try connection.execute("DELETE FROM sessions WHERE tenant = \(tenant) AND expires <= \(now)")
        try connection.execute("DELETE FROM sign_in_links WHERE tenant = \(tenant) AND expires <= \(now)")
        try connection.execute(
            """
            DELETE FROM sessions WHERE tenant = \(tenant) AND subject = \(subject) AND session_id NOT IN (
                SELECT session_id FROM sessions WHERE tenant = \(tenant) AND subject = \(subject)
                ORDER BY created DESC, session_id LIMIT \(keeping)
            )
            """)
    }

    func insertLink(hash: String, for subject: SubjectID, until: Timestamp) throws {
        try connection.execute(
            """
            INSERT INTO sign_in_links (hash, tenant, subject, expires)
            VALUES (\(hash), \(tenant), \(subject), \(until))
            """)
    }

    /// Whether the link was there to use; of two that try at once, one gets true.
    func consumeLink(hash: String) throws -> Bool {
        try connection.execute("DELETE FROM sign_in_links WHERE tenant = \(tenant) AND hash = \(hash)") > 0
    }

    private func key(_ row: SQLRow) throws -> APIKey {
        let id: APIKeyID = try row["key_id"]
        let scopes: ScopeSet = try row["scopes"]
        return APIKey(
            id: id, subject: try row["subject"],
            name: try sealer.openText(try row["name"], under: .tenant(tenant), context: Self.context(id)),
            scopes: scopes.permissions, created: try row["created"], expires: try row["expires"],
            revoked: try row["revoked"])
    }

    private static func context(_ id: APIKeyID) -> SealContext {
        SealContext(table: "api_keys", column: "name", row: id.description)
    }
}
