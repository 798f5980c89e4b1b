import Kit
import Storage

/// Tenants by identifier and by name. Used before a principal exists, and by the platform's own acts.
struct TenantStore {
    let connection: any SQLConnection
    let sealer: any Sealer

    struct Found {
        let tenant: TenantID
        let operatorSubject: SubjectID
    }

    func insert(_ tenant: TenantID, name: String, operatorSubject: SubjectID, at now: Timestamp) throws {
        let sealed = try sealer.seal(name, under: .tenant(tenant), context: Self.context(tenant))
        try connection.execute(
            """
            INSERT INTO tenants (tenant, name, name_index, operator, created)
            VALUES (\(tenant), \(sealed), \(try index(of: name)), \(operatorSubject), \(now))
            """)
    }

    /// By identifier or name; an empty reference is the only tenant there is. Nil when there is none, or several.
    func find(_ reference: String) throws -> Found? {
        if reference.isEmpty {
            let rows = try connection.rows("SELECT tenant, operator FROM tenants LIMIT 2")
            return rows.count == 1 ? try found(rows[0]) : nil
        }
        if let tenant = TenantID(reference) { return try find(tenant) }
        let index = try index(of: reference)
        return try connection.row("SELECT tenant, operator FROM tenants WHERE name_index = \(index)").map(found)
    }

    func find(_ tenant: TenantID) throws -> Found? {
        try connection.row("SELECT tenant, operator FROM tenants WHERE tenant = \(tenant)").map(found)
    }

    func name(of tenant: TenantID) throws -> String? {
        guard let row = try connection.row("SELECT name FROM tenants WHERE tenant = \(tenant)") else { return nil }
        return try sealer.openText(try row["name"], under: .tenant(tenant), context: Self.context(tenant))
    }

    func isNameTaken(_ name: String) throws -> Bool {
        let index = try index(of: name)
        return try connection.row("SELECT tenant FROM tenants WHERE name_index = \(index)") != nil
    }

    private func index(of name: String) throws -> String {
        Hex.encode(try sealer.blindIndex(NameRules.folded(name), tenant: nil, purpose: "tenants.name"))
    }

    private func found(_ row: SQLRow) throws -> Found {
        Found(tenant: try row["tenant"], operatorSubject: try row["operator"])
    }

    private static func context(_ tenant: TenantID) -> SealContext {
        SealContext(table: "tenants", column: "name", row: tenant.description)
    }
}
