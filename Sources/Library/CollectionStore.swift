import Access
import Kit
import Storage

/// Rows of `collections` and `folders`. Names and paths are sealed under the tenant's and the collection's key.
struct CollectionStore: Sendable {
    let sealer: any Sealer

    func insert(_ record: CollectionRecord, for principal: Principal, at now: Timestamp, in tx: any Transaction) throws
    {
        let tenant = principal.tenant
        let name = try sealer.seal(record.name, under: .tenant(tenant), context: nameContext(record.id))
        let index = try nameIndex(record.name, tenant)
        try tx.execute(
            """
            INSERT INTO collections (tenant, collection, name, name_index, label, access, created, quarantine,
                chunking)
            VALUES (\(tenant), \(record.id), \(name), \(index), \(record.label), \(record.access.stored), \(now),
                \(record.quarantine.rawValue), \(record.chunking?.stored))
            """)
    }

    func collection(_ id: CollectionID, for principal: Principal, in connection: any SQLConnection) throws
        -> CollectionRecord?
    {
        try connection.row(
            "SELECT * FROM collections WHERE tenant = \(principal.tenant) AND collection = \(id)"
        ).map { try record($0, principal.tenant) }
    }

    func collection(named name: String, for principal: Principal, in connection: any SQLConnection) throws
        -> CollectionRecord?
    {
        let index = try nameIndex(name, principal.tenant)
        return try connection.row(
            "SELECT * FROM collections WHERE tenant = \(principal.tenant) AND name_index = \(index)"
        ).map { try record($0, principal.tenant) }
    }

    /// All of the tenant, at most `collectionsMax`; the service shows only those the reader may see.
    func collections(for principal: Principal, in connection: any SQLConnection) throws -> [CollectionRecord] {
        try connection.rows(
            """
            SELECT * FROM collections WHERE tenant = \(principal.tenant)
            ORDER BY created, collection LIMIT \(Self.collectionsMax)
            """
        ).map { try record($0, principal.tenant) }
    }

    static let collectionsMax = 1000

    func setAccess(_ access: ACLConstraint, of id: CollectionID, for principal: Principal, in tx: any Transaction)
        throws
    {
        try tx.execute(
            "UPDATE collections SET access = \(access.stored) WHERE tenant = \(principal.tenant) AND collection = \(id)"
        )
    }

    func setSettings(
        label: Classification, quarantine: QuarantineRule, chunking: Chunker?, of id: CollectionID,
        for principal: Principal, in tx: any Transaction
    ) throws {
        try tx.execute(
            """
            UPDATE collections SET label = \(label), quarantine = \(quarantine.rawValue),
                chunking = \(chunking?.stored)
            WHERE tenant = \(principal.tenant) AND collection = \(id)
            """)
    }

    func delete(_ id: CollectionID, for principal: Principal, in tx: any Transaction) throws {
        // Children first: a folder's parent is always created before it.
        for row in try tx.rows("SELECT folder FROM folders WHERE collection = \(id) AND tenant = \(principal.tenant)") {
            let folder: FolderID = try row["folder"]
            try tx.execute("UPDATE folders SET parent = NULL WHERE folder = \(folder)")
        }
        try tx.execute("DELETE FROM folders WHERE tenant = \(principal.tenant) AND collection = \(id)")
        try tx.execute("DELETE FROM collections WHERE tenant = \(principal.tenant) AND collection = \(id)")
    }

    /// That of `record`, without opening what is sealed; every document asks. Nothing waits where there is no
    /// collection.
    func quarantine(
        of id: CollectionID, for principal: Principal, in connection: any SQLConnection
    ) throws -> QuarantineRule {
        let row = try connection.row(
            "SELECT quarantine FROM collections WHERE tenant = \(principal.tenant) AND collection = \(id)")
        return try row.map(quarantine) ?? .off
    }

    /// That of `record`, likewise; nil for the product's own way.
    func chunking(
        of id: CollectionID, for principal: Principal, in connection: any SQLConnection
    ) throws -> Chunker? {
        try connection.row(
            "SELECT chunking FROM collections WHERE tenant = \(principal.tenant) AND collection = \(id)"
        ).flatMap(chunking)
    }

    private func chunking(_ row: SQLRow) throws -> Chunker? {
        try (row["chunking"] as String?).flatMap(Chunker.init(stored:))
    }

    /// Off where it was never set; a rule of a later release holds everything.
    private func quarantine(_ row: SQLRow) throws -> QuarantineRule {
        let name: String? = try row["quarantine"]
        return name.map { QuarantineRule(rawValue: $0) ?? .all } ?? .off
    }

    private func record(_ row: SQLRow, _ tenant: TenantID) throws -> CollectionRecord {
        let id: CollectionID = try row["collection"]
        let name = try sealer.openText(row["name"], under: .tenant(tenant), context: nameContext(id))
        let access: String = try row["access"]
        return CollectionRecord(
            id: id, name: name, label: try row["label"], access: try ACLConstraint(stored: access),
            quarantine: try quarantine(row), chunking: try chunking(row))
    }

    private func nameContext(_ id: CollectionID) -> SealContext {
        SealContext(table: "collections", column: "name", row: id.description)
    }

    private func nameIndex(_ name: String, _ tenant: TenantID) throws -> [UInt8] {
        try sealer.blindIndex(Array(name.utf8), tenant: tenant, purpose: "collections.name")
    }
}
