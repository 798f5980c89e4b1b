import Kit

extension WriteScope {
    /// Key of the scope's row in `change_counters`.
    var counterKey: String {
        switch self {
        case .tenant(let tenant): tenant.description
        case .platform: "platform"
        }
    }
}

extension SQLConnection {
    /// The last number given in `scope` as this transaction sees it; 0 before the first.
    package func changeSequence(of scope: WriteScope) throws -> ChangeSequence {
        try row("SELECT last FROM change_counters WHERE scope = \(scope.counterKey)").map { try $0["last"] } ?? 0
    }

    func takeChange(of scope: WriteScope) throws -> ChangeSequence {
        let counter = try rows(
            """
            INSERT INTO change_counters (scope, last) VALUES (\(scope.counterKey), 1)
            ON CONFLICT (scope) DO UPDATE SET last = change_counters.last + 1 RETURNING last
            """)
        return try counter[0]["last"]
    }

    /// PostgreSQL: waits for the scope's other writer, and names the transaction for `outcome(of:)`.
    func lockCounter(of scope: WriteScope) throws -> String {
        let lock: SQLStatement = """
            SELECT CAST(pg_current_xact_id() AS TEXT) AS id FROM change_counters
            WHERE scope = \(scope.counterKey) FOR UPDATE
            """
        if let row = try row(lock) { return try row["id"] }
        try execute(
            "INSERT INTO change_counters (scope, last) VALUES (\(scope.counterKey), 0) ON CONFLICT (scope) DO NOTHING")
        return try rows(lock)[0]["id"]
    }

    /// Every tenant that ever took a change number, with its last one.
    func tenantCounters() throws -> [(tenant: TenantID, last: ChangeSequence)] {
        try rows("SELECT scope, last FROM change_counters").compactMap { row in
            guard let tenant = TenantID(try row["scope"]) else { return nil }
            return (tenant, try row["last"])
        }
    }
}
