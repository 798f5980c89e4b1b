import Connectors
import Foundation
import Kit
import Storage

/// Rows of `sources`. What a person typed is sealed under the tenant's key, credentials with it.
struct SourceStore: Sendable {
    let sealer: any Sealer

    func insert(_ record: SourceRecord, for principal: Principal, in tx: any Transaction) throws {
        let tenant = principal.tenant
        try tx.execute(
            """
            INSERT INTO sources (tenant, source, kind, collection, settings, name_index, state, failures, round,
                listing, is_listing, held, confirmed, accounts, recognised, created)
            VALUES (\(tenant), \(record.id), \(record.settings.kind), \(record.settings.collection),
                \(try seal(record.settings, record.id, tenant)), \(try nameIndex(record.settings.name, tenant)),
                \(record.state.rawValue), 0, \(record.round), \(record.listing), 0, 0, 0, 0, 0,
                \(record.created))
            """)
    }

    func source(_ id: SourceID, for principal: Principal, in connection: any SQLConnection) throws -> SourceRecord? {
        try connection.row("SELECT * FROM sources WHERE tenant = \(principal.tenant) AND source = \(id)")
            .map { try record($0, principal.tenant) }
    }

    func source(named name: String, for principal: Principal, in connection: any SQLConnection) throws -> SourceRecord?
    {
        let index = try nameIndex(name, principal.tenant)
        return try connection.row("SELECT * FROM sources WHERE tenant = \(principal.tenant) AND name_index = \(index)")
            .map { try record($0, principal.tenant) }
    }

    /// All of a tenant, oldest first.
    func sources(for principal: Principal, in connection: any SQLConnection) throws -> [SourceRecord] {
        try connection.rows("SELECT * FROM sources WHERE tenant = \(principal.tenant) ORDER BY created, source")
            .map { try record($0, principal.tenant) }
    }

    /// Everything but what names it: tenant, kind, collection and age stay.
    func save(_ record: SourceRecord, for principal: Principal, in tx: any Transaction) throws {
        let tenant = principal.tenant
        let cursor = try record.cursor.map {
            try sealer.seal($0.bytes, under: .tenant(tenant), context: context("cursor", record.id))
        }
        let problem = try record.problem.map {
            try sealer.seal($0, under: .tenant(tenant), context: context("problem", record.id))
        }
        try tx.execute(
            """
            UPDATE sources SET settings = \(try seal(record.settings, record.id, tenant)),
                name_index = \(try nameIndex(record.settings.name, tenant)), state = \(record.state.rawValue),
                problem = \(problem), failures = \(record.failures), round = \(record.round),
                listing = \(record.listing), is_listing = \(record.isListing), cursor = \(cursor),
                current_at = \(record.currentAt),
                started_at = \(record.startedAt), hinted_at = \(record.hintedAt), held = \(record.heldCount),
                confirmed = \(record.isRemovalConfirmed), accounts = \(record.accounts),
                recognised = \(record.recognised)
            WHERE tenant = \(tenant) AND source = \(record.id)
            """)
    }

    func delete(_ id: SourceID, for principal: Principal, in tx: any Transaction) throws {
        try tx.execute("DELETE FROM source_accounts WHERE tenant = \(principal.tenant) AND source = \(id)")
        try tx.execute("DELETE FROM source_items WHERE tenant = \(principal.tenant) AND source = \(id)")
        try tx.execute("DELETE FROM sources WHERE tenant = \(principal.tenant) AND source = \(id)")
    }

    /// The source that a job works for, when it will not run again.
    func giveUp(_ id: SourceID, of tenant: TenantID, in tx: any Transaction) throws {
        let problem = try sealer.seal(
            "Its run was ended, or whoever it runs for may no longer do so. Sync it to go on.", under: .tenant(tenant),
            context: context("problem", id))
        let final = [SourceState.paused, .removing].map(\.rawValue)
        try tx.execute(
            """
            UPDATE sources SET state = \(SourceState.failing.rawValue), problem = \(problem)
            WHERE tenant = \(tenant) AND source = \(id) AND state NOT IN (\(list: final))
            """)
    }

    /// The source that a delivery is for, of whichever tenant. Nobody has proved anything yet: for the proof alone.
    func claimed(_ id: SourceID, in connection: any SQLConnection) throws -> (tenant: TenantID, record: SourceRecord)? {
        guard let row = try connection.row("SELECT * FROM sources WHERE source = \(id)") else { return nil }
        let tenant: TenantID = try row["tenant"]
        return (tenant, try record(row, tenant))
    }

    func setHint(_ id: SourceID, of tenant: TenantID, at time: Timestamp, in tx: any Transaction) throws {
        try tx.execute("UPDATE sources SET hinted_at = \(time) WHERE tenant = \(tenant) AND source = \(id)")
    }

    /// Whose accounts there are whose, all of them anew.
    func setAccounts(
        _ accounts: [SubjectID: [ExactText]], of id: SourceID, for principal: Principal, in tx: any Transaction
    ) throws {
        let tenant = principal.tenant
        try tx.execute("DELETE FROM source_accounts WHERE tenant = \(tenant) AND source = \(id)")
        for (subject, names) in accounts {
            let json = Array(try JSONEncoder().encode(names))
            let sealed = try sealer.seal(json, under: .tenant(tenant), context: accountsContext(id, subject))
            try tx.execute(
                """
                INSERT INTO source_accounts (tenant, source, subject, accounts)
                VALUES (\(tenant), \(id), \(subject), \(sealed))
                """)
        }
    }

    func accounts(
        of subject: SubjectID, at id: SourceID, for principal: Principal, in connection: any SQLConnection
    ) throws -> [ExactText] {
        let row = try connection.row(
            """
            SELECT accounts FROM source_accounts WHERE tenant = \(principal.tenant) AND source = \(id)
            AND subject = \(subject)
            """)
        return try row.map {
            let json = try sealer.open(
                $0["accounts"], under: .tenant(principal.tenant), context: accountsContext(id, subject))
            return try JSONDecoder().decode([ExactText].self, from: Data(json))
        } ?? []
    }

    private func accountsContext(_ id: SourceID, _ subject: SubjectID) -> SealContext {
        SealContext(table: "source_accounts", column: "accounts", row: "\(id)/\(subject)")
    }

    private func record(_ row: SQLRow, _ tenant: TenantID) throws -> SourceRecord {
        let id: SourceID = try row["source"]
        let settings = try sealer.open(row["settings"], under: .tenant(tenant), context: context("settings", id))
        let (problem, cursor): ([UInt8]?, [UInt8]?) = (try row["problem"], try row["cursor"])
        let state: String = try row["state"]
        var record = SourceRecord(
            id: id, settings: try JSONDecoder().decode(SourceSettings.self, from: Data(settings)),
            state: SourceState(rawValue: state) ?? .failing,
            problem: try problem.map {
                try sealer.openText($0, under: .tenant(tenant), context: context("problem", id))
            },
            failures: try row["failures"], round: try row["round"], listing: try row["listing"],
            isListing: try row["is_listing"],
            cursor: try cursor.flatMap {
                SourceCursor(bytes: try sealer.open($0, under: .tenant(tenant), context: context("cursor", id)))
            },
            currentAt: try row["current_at"], startedAt: try row["started_at"], heldCount: try row["held"],
            isRemovalConfirmed: try row["confirmed"], accounts: try row["accounts"],
            recognised: try row["recognised"], created: try row["created"])
        record.hintedAt = try row["hinted_at"]
        return record
    }

    private func seal(_ settings: SourceSettings, _ id: SourceID, _ tenant: TenantID) throws -> [UInt8] {
        let json = try JSONEncoder().encode(settings)
        return try sealer.seal(Array(json), under: .tenant(tenant), context: context("settings", id))
    }

    private func nameIndex(_ name: String, _ tenant: TenantID) throws -> [UInt8] {
        try sealer.blindIndex(Array(name.utf8), tenant: tenant, purpose: "sources.name")
    }

    private func context(_ column: String, _ id: SourceID) -> SealContext {
        SealContext(table: "sources", column: column, row: id.description)
    }
}
